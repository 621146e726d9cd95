package org.sipward.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.sipward.filter.FilterSpec;
import org.sipward.yaml.Node;
import org.sipward.yaml.Problems;
import org.sipward.yaml.Section;
import org.sipward.yaml.Spelling;

/**
 * Joins a filter with the one that it extends, so that a site can add its own wording to a shipped filter and still gets what is
 * new in that: lists are joined, a pattern or block of a name that both have is the extending filter's, and what {@code without}
 * names is left out.
 */
final class FilterExtension {
    static final String KEY = "extends";
    static final String WITHOUT = "without";

    private FilterExtension() {}

    /**
     * Returns what both say together.
     *
     * @param own as the extending filter's file writes it
     * @param section that file, to which problems are noted
     */
    static FilterSpec join(FilterSpec base, FilterSpec own, Section section, Problems problems) {
        Set<String> left = new HashSet<>();
        List<String> names = Stream.concat(
                        base.patterns().stream().map(FilterSpec.Pattern::name),
                        base.blocks().stream().map(FilterSpec.Block::name))
                .toList();
        for (Node.Scalar name : section.scalars(WITHOUT)) {
            if (!names.contains(name.text())) {
                String mend = Spelling.question(name.text(), names).orElse("delete it");
                problems.error(name.place(), name.text(), "is no pattern or block of the filter " + base.name(), mend);
            }
            left.add(name.text());
        }
        List<FilterSpec.Pattern> patterns = joined(base.patterns(), own.patterns(), FilterSpec.Pattern::name, left);
        // Those that warn are asked last.
        patterns.sort(Comparator.comparing(FilterSpec.Pattern::kind));
        return new FilterSpec(
                own.name(),
                section.has("description") ? own.description() : base.description(),
                section.has("time") ? own.time() : base.time(),
                section.has("json") ? own.json() : base.json(),
                Stream.concat(own.programs().stream(), base.programs().stream()).toList(),
                section.has("prefix") ? own.prefix() : base.prefix(),
                patterns,
                section.has("rawprefix") ? own.rawprefix() : base.rawprefix(),
                joined(base.blocks(), own.blocks(), FilterSpec.Block::name, left),
                section.has("glued") ? own.glued() : base.glued());
    }

    private static <T> List<T> joined(List<T> base, List<T> own, Function<T, String> name, Set<String> without) {
        Set<String> replaced = new HashSet<>(without);
        own.stream().map(name).forEach(replaced::add);
        List<T> all = new ArrayList<>();
        base.stream().filter(one -> !replaced.contains(name.apply(one))).forEach(all::add);
        all.addAll(own);
        return all;
    }
}
