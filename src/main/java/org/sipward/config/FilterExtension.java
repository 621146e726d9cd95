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
 * Joins a filter with the filter that it extends, so that a site can add its own patterns to a shipped filter and still
 * gets updates of that filter. Lists are joined. If both have a pattern or block of the same name, the extending
 * filter's counts. Patterns and blocks that {@code without} names are left out.
 */
final class FilterExtension {
    static final String KEY = "extends";
    static final String WITHOUT = "without";

    private FilterExtension() {}

    /**
     * Returns the joined filter.
     *
     * @param own as written in the extending filter's file
     * @param section that file, for the places of problems
     */
    static FilterSpec join(FilterSpec base, FilterSpec own, Section section, Problems problems) {
        Set<String> left = new HashSet<>();
        List<String> names = Stream.concat(
                        base.patterns().stream().map(FilterSpec.Pattern::name),
                        base.blocks().stream().map(FilterSpec.Block::name))
                .toList();
        for (Node.Scalar name : section.scalars(WITHOUT)) {
            if (!names.contains(name.text())) {
                String fix = Spelling.question(name.text(), names).orElse("delete it");
                problems.error(
                        name.place(), name.text(), "is not a pattern or block of the filter " + base.name(), fix);
            }
            left.add(name.text());
        }
        List<FilterSpec.Pattern> patterns = joined(base.patterns(), own.patterns(), FilterSpec.Pattern::name, left);
        // Patterns that only warn are tried last.
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
