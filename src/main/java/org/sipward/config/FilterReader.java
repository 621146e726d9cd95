package org.sipward.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.sipward.filter.Filter;
import org.sipward.filter.FilterException;
import org.sipward.filter.FilterSpec;
import org.sipward.filter.FilterSpec.Kind;
import org.sipward.yaml.ConfigException;
import org.sipward.yaml.Node;
import org.sipward.yaml.Place;
import org.sipward.yaml.Problems;
import org.sipward.yaml.Section;
import org.sipward.yaml.YamlReader;

/**
 * Finds and reads {@code filters/NAME.yaml}.
 *
 * <p>A filter is searched for in {@code filters/} beside the configuration, in {@link #SYSTEM}, and among the shipped
 * filters. The first filter found counts, so that operators can replace a shipped filter by their own. A filter that
 * {@code extends} another adds to it; see {@link FilterExtension}. Samples in a {@code NAME.log} beside a filter must
 * be read as their comments say; see {@link org.sipward.filter.SampleCheck}.
 *
 * <p>Immutable and thread-safe.
 */
public final class FilterReader {
    /** The folder of the operator's filters on any system. */
    public static final Path SYSTEM = Path.of("/etc/sipward/filters");

    private static final List<String> KEYS = List.of(
            "name",
            "description",
            FilterExtension.KEY,
            FilterExtension.WITHOUT,
            "time",
            "json",
            "program",
            "prefix",
            "failregex",
            "successregex",
            "ignoreregex",
            "doubtregex",
            "alarmregex",
            "rawprefix",
            "glued",
            "blocks");
    private static final Pattern PATTERN_NAME = Pattern.compile("[a-z0-9-]{1,60}");
    private static final int MAX_WEIGHT = 1000;
    private static final int MAX_LINES = 3;
    /** How many filters may extend one another in a row. */
    private static final int MAX_EXTENDED = 5;

    private final FilterDirectories directories;

    /**
     * Creates a reader.
     *
     * @param base the folder of the configuration, or the current one: filters named by a relative path lie below it
     * @param shipped the folders of the filters that come with the program
     */
    public FilterReader(Path base, List<Path> shipped) {
        directories = new FilterDirectories(base.toAbsolutePath().normalize(), shipped);
    }

    /** Returns the names of all filters that can be found, in alphabetical order. */
    public List<String> names() {
        return directories.names();
    }

    /**
     * Returns the filter with this name, or in the file with this path if the name holds a slash.
     *
     * @throws ConfigException with all errors in the filter, or in its name
     */
    public Filter read(String name) throws ConfigException {
        Problems problems = new Problems();
        Place place = Place.whole(Path.of("filter"));
        Optional<Filter> filter = directories.find(name, place, problems).flatMap(file -> read(file, problems));
        problems.throwIfAny();
        return filter.orElseThrow();
    }

    /**
     * Returns the filter that this file holds.
     *
     * @throws ConfigException with all errors in the filter
     */
    public Filter read(Path file) throws ConfigException {
        Problems problems = new Problems();
        Optional<Filter> filter = read(file, problems);
        problems.throwIfAny();
        return filter.orElseThrow();
    }

    /** Returns the file of this filter, or notes at the place of the name that there is none. */
    Optional<Path> find(String name, Place place, Problems problems) {
        return directories.find(name, place, problems);
    }

    /** Returns the filter that this file holds; empty if it has errors, which are then noted. */
    Optional<Filter> read(Path file, Problems problems) {
        int before = problems.errors();
        Optional<Node> root = YamlReader.read(file, problems);
        if (root.isEmpty()) {
            return Optional.empty();
        }
        Section section = Section.of(root.get(), KEYS, problems);
        Map<String, Node> nodes = new HashMap<>(section.fields());
        FilterSpec spec = spec(file, section, nodes, 0, problems);
        boolean empty =
                spec.patterns().stream().allMatch(pattern -> !pattern.kind().hasAddress());
        if (empty && problems.errors() == before) {
            section.missing("failregex", "write at least one failregex or successregex");
        }
        boolean whole = problems.errors() == before;
        try {
            Filter filter = Filter.compile(spec);
            if (whole) {
                SampleFile.check(file, filter, problems);
            }
            return problems.errors() == before ? Optional.of(filter) : Optional.empty();
        } catch (FilterException e) {
            for (FilterException.Problem problem : e.problems()) {
                // Skip a text that is missing only because it could not be read: that has been noted.
                if (whole || !problem.value().isEmpty()) {
                    Place place = place(section, nodes, problem);
                    problems.error(place, problem.value(), problem.what(), problem.mend());
                }
            }
            return Optional.empty();
        }
    }

    /** Returns the filter in a file, joined with the filter that it extends. */
    private FilterSpec spec(Path file, Section section, Map<String, Node> nodes, int extended, Problems problems) {
        String name = FilterDirectories.nameOf(file);
        checkName(name, section, problems);
        FilterSpec own = new FilterSpec(
                name,
                section.text("description"),
                section.texts("time"),
                section.text("json"),
                section.texts("program"),
                section.text("prefix"),
                patterns(section, nodes, problems),
                section.text("rawprefix"),
                BlockReader.read(section, nodes, problems),
                section.text("glued"));
        Optional<Node.Scalar> base = section.scalar(FilterExtension.KEY);
        if (base.isEmpty()) {
            if (section.has(FilterExtension.WITHOUT)) {
                problems.error(
                        section.place(FilterExtension.WITHOUT),
                        "",
                        "has no effect without extends",
                        "write extends: NAME");
            }
            return own;
        }
        if (extended == MAX_EXTENDED) {
            problems.error(
                    base.get().place(),
                    base.get().text(),
                    "makes more than " + MAX_EXTENDED + " filters extend one another",
                    "extend a shipped one");
            return own;
        }
        return directories
                .findExtended(file, base.get().text(), base.get().place(), problems)
                .flatMap(found -> extended(found, extended + 1, problems))
                .map(found -> FilterExtension.join(found, own, section, problems))
                .orElse(own);
    }

    private Optional<FilterSpec> extended(Path file, int extended, Problems problems) {
        return YamlReader.read(file, problems).map(root -> {
            Section section = Section.of(root, KEYS, problems);
            return spec(file, section, new HashMap<>(section.fields()), extended, problems);
        });
    }

    private static void checkName(String base, Section section, Problems problems) {
        if (!section.has("name")) {
            section.missing("name", "write name: " + base);
        }
        section.scalar("name")
                .filter(name -> !name.text().equals(base))
                .ifPresent(name -> problems.error(
                        name.place(), name.text(), "is not the name of the file", "write name: " + base));
    }

    /** Returns the patterns that can be read, and adds the node of each regex under the pattern's path. */
    private static List<FilterSpec.Pattern> patterns(Section section, Map<String, Node> nodes, Problems problems) {
        List<FilterSpec.Pattern> patterns = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Kind kind : Kind.values()) {
            for (Map.Entry<String, Node> field :
                    section.section(kind.key()).fields().entrySet()) {
                String name = field.getKey();
                Place place = field.getValue().place();
                if (!PATTERN_NAME.matcher(name).matches()) {
                    problems.error(place, "", "is not a name for a pattern", "use a to z, 0 to 9 and -, at most 60");
                } else if (!names.add(name)) {
                    problems.error(place, "", "another list has a pattern of this name", "rename one of the two");
                }
                pattern(kind, name, field.getValue(), nodes, problems).ifPresent(patterns::add);
            }
        }
        return patterns;
    }

    private static Optional<FilterSpec.Pattern> pattern(
            Kind kind, String name, Node node, Map<String, Node> nodes, Problems problems) {
        // Turn the short form into the long one: {regex: …}.
        Section section = node instanceof Node.Fields
                ? Section.of(
                        node,
                        kind == Kind.FAILURE
                                ? List.of("regex", "weight", "spoofable", "lines", "forgeable")
                                : List.of("regex"),
                        problems)
                : Section.of(new Node.Fields(node.place(), Map.of("regex", node)), problems);
        if (!section.has("regex")) {
            section.missing("regex", "write regex: '^…$'");
        }
        int weight = section.integer("weight", 1, MAX_WEIGHT).orElse(1);
        boolean spoofable = section.flag("spoofable").orElse(false);
        int lines = section.integer("lines", 1, MAX_LINES).orElse(1);
        boolean forgeable = section.flag("forgeable").orElse(false);
        return section.scalar("regex").map(regex -> {
            FilterSpec.Pattern pattern =
                    new FilterSpec.Pattern(kind, name, regex.text(), weight, spoofable, lines, forgeable);
            nodes.put(pattern.path(), regex);
            return pattern;
        });
    }

    /** Returns the place in the file of a problem that compiling found. */
    private static Place place(Section section, Map<String, Node> nodes, FilterException.Problem problem) {
        Node node = nodes.get(problem.path());
        if (node instanceof Node.Items list) {
            return list.items().stream()
                    .filter(item ->
                            item instanceof Node.Scalar scalar && scalar.text().equals(problem.value()))
                    .findFirst()
                    .orElse(list)
                    .place();
        }
        return node != null
                ? node.place()
                : section.place().key(problem.path(), section.place().line());
    }
}
