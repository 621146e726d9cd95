package org.sipward.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.sipward.filter.FilterSpec;
import org.sipward.yaml.Node;
import org.sipward.yaml.Problems;
import org.sipward.yaml.Section;

/** Reads the blocks of a filter. */
final class BlockReader {
    /**
     * Asterisk cuts a message at 8,191 bytes; other servers' messages are not longer than the packets that they show.
     */
    private static final int DEFAULT_BYTES = 8_192;

    private static final int MAX_BYTES = 1 << 17;
    /** A filter keeps a set of blocks in the bits of a long. */
    private static final int MAX_BLOCKS = 60;

    private static final List<String> KEYS = List.of("begin", "end", "bytes", "join", "hold", "short", "remains");

    private BlockReader() {}

    /** Returns the blocks that can be read, and adds the nodes of their patterns under their paths. */
    static List<FilterSpec.Block> read(Section filter, Map<String, Node> nodes, Problems problems) {
        List<FilterSpec.Block> blocks = new ArrayList<>();
        Section section = filter.section("blocks");
        if (section.fields().size() > MAX_BLOCKS) {
            problems.error(filter.place("blocks"), "", "holds too many blocks", "write at most " + MAX_BLOCKS);
            return List.of();
        }
        section.fields().forEach((name, node) -> {
            Section block = Section.of(node, KEYS, problems);
            boolean join = block.flag("join").orElse(false);
            for (String key : join ? List.of("begin", "end") : List.of("begin")) {
                if (!block.has(key)) {
                    block.missing(key, "write " + key + ": '^…'");
                }
            }
            FilterSpec.Block read = new FilterSpec.Block(
                    name,
                    block.text("begin"),
                    block.text("end"),
                    block.integer("bytes", 1, MAX_BYTES).orElse(DEFAULT_BYTES),
                    join,
                    block.flag("hold").orElse(false),
                    block.flag("short").orElse(false),
                    block.text("remains"));
            if (!read.begin().isEmpty() && !(join && read.end().isEmpty())) {
                blocks.add(read);
                block.node("begin").ifPresent(value -> nodes.put(read.path("begin"), value));
                block.node("end").ifPresent(value -> nodes.put(read.path("end"), value));
                block.node("remains").ifPresent(value -> nodes.put(read.path("remains"), value));
            }
        });
        return blocks;
    }
}
