package org.sipward.filter;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sipward.filter.FilterException.Problem;
import org.sipward.regex.Cost;

/**
 * Limits the memory that a filter's expressions will take, before any of them is compiled: one line of a filter's file,
 * such as {@code ((a{1000}){1000}){1000}}, can ask for more memory than the machine has.
 *
 * <p>A compiled step takes about 120 bytes, for the automata and for re2j's program together.
 */
public final class FilterSize {
    /** The most steps of one expression. The largest shipped one has 750. */
    static final int MAX_EXPRESSION = 10_000;

    /** The most steps of a filter: all its expressions, each with its prefix. The largest shipped filter has 40,000. */
    static final int MAX_FILTER = 100_000;

    private FilterSize() {}

    /** Returns how many steps all expressions of a filter have, each with its prefix. */
    public static long of(FilterSpec spec) {
        long prefix = Cost.of(spec.prefix()).steps();
        long rawprefix = Cost.of(spec.rawprefix()).steps();
        long sum = prefix + rawprefix + Cost.of(spec.glued()).steps();
        for (FilterSpec.Pattern pattern : spec.patterns()) {
            sum += Cost.of(pattern.regex()).steps() + (pattern.kind().warns() ? rawprefix : prefix);
        }
        for (FilterSpec.Block block : spec.blocks()) {
            long own = Cost.of(block.begin()).steps()
                    + Cost.of(block.end()).steps()
                    + Cost.of(block.remains()).steps();
            sum += own + rawprefix;
        }
        return Math.min(sum, Cost.MOST);
    }

    /**
     * Adds a problem for each expression that is too large or too deep; or one for the filter if only the sum is too
     * large.
     */
    static void check(FilterSpec spec, List<Problem> problems) {
        List<Problem> found = new ArrayList<>();
        expressions(spec).forEach((path, regex) -> excess(path, regex).ifPresent(found::add));
        long sum = of(spec);
        if (found.isEmpty() && sum > MAX_FILTER) {
            found.add(new Problem(
                    "failregex",
                    "",
                    "the expressions of this filter are too large together: " + steps(sum) + "; at most " + MAX_FILTER,
                    "use smaller counts, or split the filter and give each part a jail"));
        }
        problems.addAll(found);
    }

    /** Returns the problem with an expression that is too large or too deep. Takes time linear in its length. */
    public static Optional<Problem> excess(String path, String regex) {
        Cost cost = Cost.of(regex);
        if (cost.depth() > Cost.MAX_DEPTH) {
            return Optional.of(new Problem(
                    path,
                    regex,
                    "is nested too deep: more than " + Cost.MAX_DEPTH
                            + " levels of groups and of repetitions that may be left out",
                    "use fewer groups, or * or + in place of a large count"));
        }
        return cost.steps() <= MAX_EXPRESSION
                ? Optional.empty()
                : Optional.of(new Problem(
                        path,
                        regex,
                        "is too large: " + steps(cost.steps()) + " when its repetitions are written out; at most "
                                + MAX_EXPRESSION,
                        "use * or + in place of large counts, and do not repeat what holds a count"));
    }

    private static String steps(long steps) {
        return steps == Cost.MOST ? "more than a billion steps" : steps + " steps";
    }

    private static Map<String, String> expressions(FilterSpec spec) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("prefix", spec.prefix());
        all.put("rawprefix", spec.rawprefix());
        all.put("glued", spec.glued());
        spec.patterns().forEach(pattern -> all.put(pattern.path(), pattern.regex()));
        for (FilterSpec.Block block : spec.blocks()) {
            all.put(block.path("begin"), block.begin());
            all.put(block.path("end"), block.end());
            all.put(block.path("remains"), block.remains());
        }
        return all;
    }
}
