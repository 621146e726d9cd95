package org.sipward;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;

/** Holds the packages to the picture: which one knows which. */
class ArchitectureTest {

    /** A stage knows the one before it and what it hands on to; the agent wires; the command line stands on top. */
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry("net", Set.of()),
            Map.entry("regex", Set.of()),
            Map.entry("yaml", Set.of()),
            Map.entry("control", Set.of()),
            Map.entry("source", Set.of()),
            Map.entry("source.file", Set.of("source")),
            Map.entry("source.live", Set.of("source")),
            Map.entry("stamp", Set.of("source")),
            Map.entry("filter", Set.of("net", "regex", "source", "stamp")),
            Map.entry("ban", Set.of("net")),
            Map.entry("jail", Set.of("net", "source", "filter", "ban")),
            Map.entry("firewall", Set.of("net", "ban")),
            Map.entry("store", Set.of("net", "ban")),
            Map.entry("apiban", Set.of("net")),
            Map.entry("feed", Set.of("net", "ban", "apiban")),
            Map.entry("status", Set.of("net", "ban", "source", "jail", "feed")),
            Map.entry("config", Set.of("net", "yaml", "filter", "stamp")),
            Map.entry("fail2ban", Set.of("net", "yaml", "filter")),
            Map.entry(
                    "agent",
                    Set.of(
                            "net",
                            "yaml",
                            "control",
                            "source",
                            "source.file",
                            "source.live",
                            "filter",
                            "jail",
                            "ban",
                            "firewall",
                            "store",
                            "feed",
                            "config",
                            "status")),
            Map.entry(
                    "cli",
                    Set.of(
                            "net",
                            "yaml",
                            "control",
                            "source",
                            "source.file",
                            "filter",
                            "jail",
                            "ban",
                            "config",
                            "agent",
                            "fail2ban")));

    @Test
    void packagesUseOnlyThoseThatThePictureShows() {
        uses().forEach((user, used) -> assertThat(MAY_USE.getOrDefault(user, Set.of()))
                .describedAs(user)
                .containsAll(used));
    }

    @Test
    void everyPackageIsInThePicture() {
        assertThat(MAY_USE.keySet()).containsAll(uses().keySet());
        assertThat(uses()).containsKeys("jail", "agent", "cli");
    }

    private static Map<String, Set<String>> uses() {
        StringWriter output = new StringWriter();
        int exit = ToolProvider.findFirst("jdeps")
                .orElseThrow()
                .run(new PrintWriter(output), new PrintWriter(output), "-v", "--ignore-missing-deps", "target/classes");
        assertThat(exit).describedAs(output.toString()).isZero();
        Map<String, Set<String>> uses = new TreeMap<>();
        Matcher matcher = Pattern.compile(
                        "org\\.sipward\\.([a-z0-9.]+)\\.[A-Z]\\S* +-> org\\.sipward\\.([a-z0-9.]+)\\.[A-Z]")
                .matcher(output.toString());
        while (matcher.find()) {
            if (!matcher.group(1).equals(matcher.group(2))) {
                uses.computeIfAbsent(matcher.group(1), any -> new TreeSet<>()).add(matcher.group(2));
            }
        }
        return uses;
    }
}
