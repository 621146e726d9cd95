package org.sipward.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.sipward.filter.Filter;
import org.sipward.filter.FilterSize;
import org.sipward.stamp.SecretWord;
import org.sipward.yaml.Durations;
import org.sipward.yaml.Node;
import org.sipward.yaml.Place;
import org.sipward.yaml.Problems;
import org.sipward.yaml.Section;

/**
 * Reads the jails. Of a disabled jail only the keys and the numbers are checked, so that its filter or source need not
 * exist yet.
 *
 * <p>Not thread-safe; serves one reading of the configuration.
 */
final class JailReader {
    /** The form of a jail's or feed's name: it appears in bans, in the store and on the command line. */
    static final Pattern NAME = Pattern.compile("[a-z0-9_-]{1,40}");

    static final String NAME_FIX = "use a to z, 0 to 9, - and _, at most 40";

    /** The most steps of the filters of all jails together, each counted once: 18 MB if all are compiled. */
    private static final long MAX_STEPS = 150_000;

    /** The keys of a jail. */
    static final List<String> KEYS = keys();

    private final FilterReader filters;
    private final Problems problems;
    private final Map<Path, Optional<Filter>> filtersRead = new HashMap<>();
    private long steps;
    private boolean anyEnabled;

    JailReader(FilterReader filters, Problems problems) {
        this.filters = filters;
        this.problems = problems;
    }

    /** Returns the enabled jails without errors, in the order of the file. */
    List<JailConfig> read(Section jails, JailDefaults defaults) {
        List<JailConfig> read = new ArrayList<>();
        jails.fields().forEach((name, node) -> {
            if (!NAME.matcher(name).matches()) {
                problems.error(node.place(), "", "is not a name for a jail", NAME_FIX);
            }
            jail(name, node, defaults).ifPresent(read::add);
        });
        return read;
    }

    /** Returns whether any jail is enabled, with or without errors. */
    boolean isAnyEnabled() {
        return anyEnabled;
    }

    private Optional<JailConfig> jail(String name, Node node, JailDefaults defaults) {
        Section section = Section.of(node, KEYS, ForeignWords::fix, problems);
        boolean enabled = section.flag("enabled").orElse(true);
        JailDefaults limits = defaults.overriddenBy(section, problems);
        Section source = section.section("source", SourceReader.KINDS);
        if (!enabled) {
            return Optional.empty();
        }
        anyEnabled = true;
        Optional<String> word = secretWord(section);
        Optional<Filter> filter = filter(section, name).map(found -> withSecretWord(found, word, section));
        List<SourceConfig> sources = sources(section, source);
        if (section.has("secretword") && !sources.stream().allMatch(SourceConfig.Files.class::isInstance)) {
            problems.error(
                    section.place("secretword"),
                    "",
                    "is for files: this jail would ignore the lines of its other sources",
                    "give the files a jail of their own");
        }
        if (filter.isEmpty() || sources.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new JailConfig(
                name,
                withPrograms(filter.get(), section, sources),
                sources,
                limits.zone(),
                limits.maxretry(),
                limits.findtime(),
                limits.bantime(),
                limits.increment() && !limits.isEndless(),
                limits.isEndless() ? Durations.FOREVER : limits.maxBantime(),
                limits.trust(),
                limits.unproven(),
                limits.detect()));
    }

    private Optional<Filter> filter(Section section, String jail) {
        if (!section.has("filter")) {
            section.missing("filter", "write the name of a filter, such as filter: " + jail);
        }
        return section.scalar("filter")
                .flatMap(name -> filters.find(name.text(), name.place(), problems))
                .flatMap(file -> filter(file, section.place("filter")));
    }

    /** No message shows the word, since messages end up in logs. */
    private Optional<String> secretWord(Section section) {
        Optional<String> word = section.scalar("secretword").map(Node.Scalar::text);
        if (word.isPresent() && !SecretWord.isWord(word.get())) {
            problems.error(
                    section.place("secretword"),
                    "",
                    "is not a secret word",
                    "use " + SecretWord.MIN_CHARS + " to " + SecretWord.MAX_CHARS
                            + " letters and digits, no blanks, no brackets");
            return Optional.empty();
        }
        return word;
    }

    private Filter withSecretWord(Filter filter, Optional<String> word, Section section) {
        if (word.isPresent() && !filter.spec().time().contains("asterisk")) {
            problems.error(section.place("secretword"), "", "is only for log files of Asterisk", "delete the line");
            return filter;
        }
        return word.map(SecretWord::new).map(filter::withSecretWord).orElse(filter);
    }

    /** Adds the server's names, which the operator wrote. The journal itself proves which unit wrote a line. */
    private static Filter withPrograms(Filter filter, Section section, List<SourceConfig> sources) {
        List<String> names = new ArrayList<>(section.texts("program"));
        boolean isProven = true;
        for (SourceConfig source : sources) {
            isProven &= source instanceof SourceConfig.Journal journal && journal.isOneProgram();
            if (source instanceof SourceConfig.Journal journal) {
                names.addAll(journal.identifiers());
            }
        }
        Filter named = names.isEmpty() ? filter : filter.withPrograms(names);
        return isProven ? named.withProvenProgram() : named;
    }

    /** Returns the filter in a file, unless the filters of all jails would then be too large together. */
    private Optional<Filter> filter(Path file, Place place) {
        Optional<Filter> known = filtersRead.get(file);
        if (known == null) {
            known = steps > MAX_STEPS ? Optional.empty() : filters.read(file, problems);
            filtersRead.put(file, known);
            long before = steps;
            steps += known.map(filter -> FilterSize.of(filter.spec())).orElse(0L);
            if (before <= MAX_STEPS && steps > MAX_STEPS) {
                problems.error(
                        place,
                        "",
                        "the filters of all jails up to here are too large together: " + steps + " steps; at most "
                                + MAX_STEPS,
                        "use smaller counts in their expressions, or fewer filters");
            }
        }
        return known;
    }

    /** Returns the jail's sources; empty if the jail would read nothing. */
    private List<SourceConfig> sources(Section section, Section source) {
        if (!section.has("source")) {
            section.missing("source", LogFiles.FIX);
            return List.of();
        }
        // A source that is not a map, or has only other keys, has been reported.
        if (section.node("source").filter(Node::isEmpty).isPresent()) {
            source.missing("file", LogFiles.FIX);
        }
        return new SourceReader(problems).read(source);
    }

    private static List<String> keys() {
        List<String> keys = new ArrayList<>(List.of("enabled", "filter", "source", "secretword", "program"));
        keys.addAll(JailDefaults.KEYS);
        return List.copyOf(keys);
    }
}
