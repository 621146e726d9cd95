package org.sipward.fail2ban;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Computes the rest of a pattern that is left to match when the start of the text is removed.
 *
 * <p>fail2ban cuts the time stamp out of a line and matches the rest, with its brackets and blank; here they are
 * skipped with the stamp. For example, a pattern for {@code [] NOTICE} becomes one for {@code NOTICE}. After
 * Antimirov's partial derivatives (1996): exact for every pattern.
 */
final class Derivative {
    private static final int MAX_STEPS = 20_000;

    /** Comparing calls itself for each part, and a pattern can have thousands of parts. */
    private static final int MAX_DEPTH = 500;

    private int steps;
    private int depth;

    private Derivative() {}

    /**
     * Returns patterns, one of which the rest of a text must match if the text begins so; empty if no such text
     * matches.
     */
    static Set<RegexNode> by(String start, RegexNode node) {
        Set<RegexNode> left = new LinkedHashSet<>(List.of(node));
        for (int i = 0; i < start.length(); i++) {
            Set<RegexNode> next = new LinkedHashSet<>();
            for (RegexNode each : left) {
                next.addAll(by(start.charAt(i), each));
            }
            left = next;
        }
        return left;
    }

    static Set<RegexNode> by(char c, RegexNode node) {
        Set<RegexNode> left = new LinkedHashSet<>();
        if (node instanceof RegexNode.One one) {
            if (one.set().get(c)) {
                left.add(RegexNode.nothing());
            }
        } else if (node instanceof RegexNode.Seq seq) {
            sequence(c, seq.parts(), left);
        } else if (node instanceof RegexNode.Alt alt) {
            alt.branches().forEach(branch -> left.addAll(by(c, branch)));
        } else if (node instanceof RegexNode.Capture capture) {
            left.addAll(by(c, capture.body()));
        } else if (node instanceof RegexNode.AnyCase any) {
            by(c, any.body()).forEach(rest -> left.add(new RegexNode.AnyCase(rest)));
            char other = Character.isUpperCase(c) ? Character.toLowerCase(c) : Character.toUpperCase(c);
            by(other, any.body()).forEach(rest -> left.add(new RegexNode.AnyCase(rest)));
        } else if (node instanceof RegexNode.Repeat repeat && repeat.max() != 0) {
            RegexNode again = oneLess(repeat);
            by(c, repeat.body()).forEach(rest -> left.add(RegexNode.seq(List.of(rest, again))));
        }
        return left;
    }

    private static void sequence(char c, List<RegexNode> parts, Set<RegexNode> left) {
        for (int i = 0; i < parts.size(); i++) {
            List<RegexNode> after = parts.subList(i + 1, parts.size());
            for (RegexNode rest : by(c, parts.get(i))) {
                List<RegexNode> all = new ArrayList<>(List.of(rest));
                all.addAll(after);
                left.add(RegexNode.seq(all));
            }
            if (!parts.get(i).canBeEmpty() || parts.get(i).equals(RegexNode.Spot.END)) {
                return;
            }
        }
    }

    /** Returns what may follow the first repetition. */
    static RegexNode oneLess(RegexNode.Repeat repeat) {
        int max = repeat.max() == RegexNode.UNLIMITED ? RegexNode.UNLIMITED : repeat.max() - 1;
        return max == 0
                ? RegexNode.nothing()
                : new RegexNode.Repeat(repeat.body(), Math.max(repeat.min() - 1, 0), max, repeat.lazy());
    }

    /** Drops each pattern that another one of the list includes: the same one, but for optional parts. */
    static List<RegexNode> widest(Set<RegexNode> patterns) {
        Derivative derivative = new Derivative();
        List<RegexNode> kept = new ArrayList<>();
        for (RegexNode pattern : patterns.stream().flatMap(Derivative::split).toList()) {
            if (kept.stream().noneMatch(wider -> derivative.includes(wider.parts(), pattern.parts()))) {
                kept.removeIf(narrow -> derivative.includes(pattern.parts(), narrow.parts()));
                kept.add(pattern);
            }
        }
        return kept;
    }

    /**
     * Splits a pattern that begins with {@code \S*\s+} into one with that text and one without, so that each can be
     * compared.
     */
    private static Stream<RegexNode> split(RegexNode node) {
        List<RegexNode> parts = node.parts();
        boolean text = parts.size() > 2
                && parts.get(0) instanceof RegexNode.Repeat first
                && first.min() == 0
                && first.max() == RegexNode.UNLIMITED
                && parts.get(1) instanceof RegexNode.Repeat second
                && second.body().equals(new RegexNode.One(Chars.SPACE));
        if (!text) {
            return Stream.of(node);
        }
        List<RegexNode> some = new ArrayList<>(parts);
        RegexNode.Repeat first = (RegexNode.Repeat) parts.get(0);
        some.set(0, new RegexNode.Repeat(first.body(), 1, RegexNode.UNLIMITED, first.lazy()));
        return Stream.of(RegexNode.seq(some), RegexNode.seq(parts.subList(1, parts.size())));
    }

    /** Returns whether the first matches everything that the second does; false may be wrong. */
    private boolean includes(List<RegexNode> wide, List<RegexNode> narrow) {
        if (wide.isEmpty() || ++steps > MAX_STEPS || depth == MAX_DEPTH) {
            return wide.isEmpty() && narrow.isEmpty();
        }
        depth++;
        boolean is = includesBySteps(wide, narrow);
        depth--;
        return is;
    }

    private boolean includesBySteps(List<RegexNode> wide, List<RegexNode> narrow) {
        RegexNode first = wide.get(0);
        List<RegexNode> after = wide.subList(1, wide.size());
        if (!narrow.isEmpty() && first.equals(narrow.get(0)) && includes(after, narrow.subList(1, narrow.size()))) {
            return true;
        }
        if (first instanceof RegexNode.Repeat repeat) {
            boolean lessOften = !narrow.isEmpty()
                    && narrow.get(0) instanceof RegexNode.Repeat other
                    && other.body().equals(repeat.body())
                    && repeat.max() == RegexNode.UNLIMITED
                    && repeat.min() <= other.min();
            if (lessOften && includes(after, narrow.subList(1, narrow.size()))) {
                return true;
            }
            boolean once = repeat.min() == 0 && repeat.max() == 1 && !(repeat.body() instanceof RegexNode.One);
            if (once && includes(joined(repeat.body(), after), narrow)) {
                return true;
            }
            return repeat.min() == 0 && includes(after, narrow);
        } else if (first instanceof RegexNode.Alt alt) {
            return alt.branches().stream().anyMatch(branch -> includes(joined(branch, after), narrow));
        } else if (first instanceof RegexNode.Capture capture) {
            return includes(joined(capture.body(), after), narrow);
        }
        return false;
    }

    private static List<RegexNode> joined(RegexNode node, List<RegexNode> after) {
        List<RegexNode> parts = new ArrayList<>(node.parts());
        parts.addAll(after);
        return parts;
    }
}
