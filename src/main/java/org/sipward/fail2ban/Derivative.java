package org.sipward.fail2ban;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What is left to match of a pattern when the start of the text is gone.
 *
 * <p>fail2ban cuts the time stamp out of a line and matches what is left of it, bracket and blank included; here they are
 * passed over with the stamp. So a pattern for {@code [] NOTICE} becomes one for {@code NOTICE}. After Antimirov's partial
 * derivatives (1996): exact, whatever the pattern.
 */
final class Derivative {
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
        List<Node> kept = new ArrayList<>();
        for (Node pattern : patterns) {
            if (kept.stream().noneMatch(wider -> takesIn(wider.parts(), pattern.parts()))) {
                kept.removeIf(narrow -> takesIn(pattern.parts(), narrow.parts()));
                kept.add(pattern);
            }
        }
        return kept;
    }

    private static boolean takesIn(List<Node> wide, List<Node> narrow) {
        int at = 0;
        for (Node part : wide) {
            if (at < narrow.size() && part.equals(narrow.get(at))) {
                at++;
            } else if (!part.canBeEmpty() || part instanceof Node.Spot) {
                return false;
            }
        }
        return at == narrow.size();
    }
}
