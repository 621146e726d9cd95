package org.sipward.fail2ban;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What is left to match of a pattern when the start of the text is gone.
 *
 * <p>fail2ban cuts the time stamp out of a line and matches what is left of it, bracket and blank included; here they are
 * passed over with the stamp. So a pattern for {@code [] NOTICE} becomes one for {@code NOTICE}. After Antimirov's partial
 * derivatives (1996): exact, whatever the pattern.
 */
final class Derivative {
    private static final int MAX_STEPS = 20_000;

    /** Comparing calls itself for each part; a pattern can have thousands. */
    private static final int MAX_DEPTH = 500;

    private int steps;
    private int depth;

    private Derivative() {}

    /** Returns the patterns one of which the rest must match, when the text before it was this; none if none can. */
    static Set<Node> by(String start, Node node) {
        Set<Node> left = new LinkedHashSet<>(List.of(node));
        for (int i = 0; i < start.length(); i++) {
            Set<Node> next = new LinkedHashSet<>();
            for (Node each : left) {
                next.addAll(by(start.charAt(i), each));
            }
            left = next;
        }
        return left;
    }

    static Set<Node> by(char c, Node node) {
        Set<Node> left = new LinkedHashSet<>();
        if (node instanceof Node.One one) {
            if (one.set().get(c)) {
                left.add(Node.nothing());
            }
        } else if (node instanceof Node.Seq seq) {
            sequence(c, seq.parts(), left);
        } else if (node instanceof Node.Alt alt) {
            alt.branches().forEach(branch -> left.addAll(by(c, branch)));
        } else if (node instanceof Node.Capture capture) {
            left.addAll(by(c, capture.body()));
        } else if (node instanceof Node.AnyCase any) {
            by(c, any.body()).forEach(rest -> left.add(new Node.AnyCase(rest)));
            char other = Character.isUpperCase(c) ? Character.toLowerCase(c) : Character.toUpperCase(c);
            by(other, any.body()).forEach(rest -> left.add(new Node.AnyCase(rest)));
        } else if (node instanceof Node.Repeat repeat && repeat.max() != 0) {
            Node again = oneLess(repeat);
            by(c, repeat.body()).forEach(rest -> left.add(Node.seq(List.of(rest, again))));
        }
        return left;
    }

    private static void sequence(char c, List<Node> parts, Set<Node> left) {
        for (int i = 0; i < parts.size(); i++) {
            List<Node> behind = parts.subList(i + 1, parts.size());
            for (Node rest : by(c, parts.get(i))) {
                List<Node> all = new ArrayList<>(List.of(rest));
                all.addAll(behind);
                left.add(Node.seq(all));
            }
            if (!parts.get(i).canBeEmpty() || parts.get(i).equals(Node.Spot.END)) {
                return;
            }
        }
    }

    /** Returns what may follow the first of the repetitions. */
    static Node oneLess(Node.Repeat repeat) {
        int max = repeat.max() == Node.UNLIMITED ? Node.UNLIMITED : repeat.max() - 1;
        return max == 0
                ? Node.nothing()
                : new Node.Repeat(repeat.body(), Math.max(repeat.min() - 1, 0), max, repeat.lazy());
    }

    /** Drops patterns that another one of the list takes in, being the same but for parts that may be missing. */
    static List<Node> widest(Set<Node> patterns) {
        Derivative derivative = new Derivative();
        List<Node> kept = new ArrayList<>();
        for (Node pattern : patterns.stream().flatMap(Derivative::begun).toList()) {
            if (kept.stream().noneMatch(wider -> derivative.takesIn(wider.parts(), pattern.parts()))) {
                kept.removeIf(narrow -> derivative.takesIn(pattern.parts(), narrow.parts()));
                kept.add(pattern);
            }
        }
        return kept;
    }

    /** Parts what may begin with any text without blanks, {@code \S*\s+}, into with and without: then either is known. */
    private static Stream<Node> begun(Node node) {
        List<Node> parts = node.parts();
        boolean text = parts.size() > 2
                && parts.get(0) instanceof Node.Repeat first
                && first.min() == 0
                && first.max() == Node.UNLIMITED
                && parts.get(1) instanceof Node.Repeat second
                && second.body().equals(new Node.One(Chars.SPACE));
        if (!text) {
            return Stream.of(node);
        }
        List<Node> some = new ArrayList<>(parts);
        Node.Repeat first = (Node.Repeat) parts.get(0);
        some.set(0, new Node.Repeat(first.body(), 1, Node.UNLIMITED, first.lazy()));
        return Stream.of(Node.seq(some), Node.seq(parts.subList(1, parts.size())));
    }

    /** Returns whether the one matches all that the other does; false is not certain. */
    private boolean takesIn(List<Node> wide, List<Node> narrow) {
        if (wide.isEmpty() || ++steps > MAX_STEPS || depth == MAX_DEPTH) {
            return wide.isEmpty() && narrow.isEmpty();
        }
        depth++;
        boolean is = startsByTakingIn(wide, narrow);
        depth--;
        return is;
    }

    private boolean startsByTakingIn(List<Node> wide, List<Node> narrow) {
        Node first = wide.get(0);
        List<Node> behind = wide.subList(1, wide.size());
        if (!narrow.isEmpty() && first.equals(narrow.get(0)) && takesIn(behind, narrow.subList(1, narrow.size()))) {
            return true;
        }
        if (first instanceof Node.Repeat repeat) {
            boolean lessOften = !narrow.isEmpty()
                    && narrow.get(0) instanceof Node.Repeat other
                    && other.body().equals(repeat.body())
                    && repeat.max() == Node.UNLIMITED
                    && repeat.min() <= other.min();
            if (lessOften && takesIn(behind, narrow.subList(1, narrow.size()))) {
                return true;
            }
            boolean once = repeat.min() == 0 && repeat.max() == 1 && !(repeat.body() instanceof Node.One);
            if (once && takesIn(joined(repeat.body(), behind), narrow)) {
                return true;
            }
            return repeat.min() == 0 && takesIn(behind, narrow);
        } else if (first instanceof Node.Alt alt) {
            return alt.branches().stream().anyMatch(branch -> takesIn(joined(branch, behind), narrow));
        } else if (first instanceof Node.Capture capture) {
            return takesIn(joined(capture.body(), behind), narrow);
        }
        return false;
    }

    private static List<Node> joined(Node node, List<Node> behind) {
        List<Node> parts = new ArrayList<>(node.parts());
        parts.addAll(behind);
        return parts;
    }
}
