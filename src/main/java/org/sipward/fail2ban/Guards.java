package org.sipward.fail2ban;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Frees a pattern of negative look-ahead.
 *
 * <p>A guard in front of something, {@code (?!ab)\w+}, becomes what is left of it without the forbidden start,
 * {@code (?:[^\Wa]\w*|a(?:[^\Wb]\w*)?)}. A guard in each turn of a loop, {@code (?:(?!X).)*}, is dropped and the loop made
 * lazy: where the address could then be read in two places, the filter accuses nobody.
 *
 * <p>Serves one pattern.
 */
final class Guards {
    private static final int MAX_STEPS = 3000;

    private final List<Loss> losses;
    private final String where;
    private int steps;
    private Node atEnd = Node.Spot.END;

    private Guards(String where, List<Loss> losses) {
        this.where = where;
        this.losses = losses;
    }

    /** Returns the pattern without look-around. Of alternatives, those that cannot do without are noted and left out. */
    static Node without(Node node, String where, List<Loss> losses) throws Untranslatable {
        if (!node.has(Node.Look.class::isInstance)) {
            return node;
        }
        List<Node> parts = new ArrayList<>(node.parts());
        // Whatever may follow the end of a pattern must not begin with what is forbidden either.
        boolean open = !parts.get(parts.size() - 1).equals(Node.Spot.END);
        if (open) {
            parts.add(Node.anything());
        }
        return new Guards(where, losses).sequence(parts);
    }

    private Node resolved(Node node) throws Untranslatable {
        if (!node.has(Node.Look.class::isInstance)) {
            return node;
        } else if (node instanceof Node.Alt alt) {
            return alternatives(alt);
        } else if (node instanceof Node.Repeat repeat) {
            if (repeat.max() == 1) {
                return new Node.Repeat(resolved(repeat.body()), repeat.min(), 1, repeat.lazy());
            }
            Node body = repeat.body().map(part -> part instanceof Node.Look ? Node.nothing() : part);
            return new Node.Repeat(body, repeat.min(), repeat.max(), true);
        } else if (node instanceof Node.Capture capture) {
            return new Node.Capture(capture.name(), resolved(capture.body()));
        } else if (node instanceof Node.AnyCase any) {
            return new Node.AnyCase(resolved(any.body()));
        }
        return sequence(node.parts());
    }

    private Node sequence(List<Node> parts) throws Untranslatable {
        List<Node> done = new ArrayList<>();
        for (int i = parts.size() - 1; i >= 0; i--) {
            Node part = parts.get(i);
            if (part instanceof Node.Look look) {
                if (!look.ahead() || !look.negative()) {
                    throw new Untranslatable(
                            look.ahead() ? "looks ahead" : "looks behind",
                            "RE2 has no look-around: write a pattern of its own for each case");
                }
                Node rest = guarded(Set.of(look.body()), Node.seq(done), i > 0 && endsInWord(parts.get(i - 1)));
                done = new ArrayList<>(rest.parts());
            } else {
                done.addAll(0, resolved(part).parts());
            }
        }
        return Node.seq(done);
    }

    private Node alternatives(Node.Alt alt) throws Untranslatable {
        Node outer = atEnd;
        atEnd = Node.nothing();
        List<Node> branches = new ArrayList<>();
        List<Loss> lost = new ArrayList<>();
        for (Node branch : alt.branches()) {
            try {
                branches.add(resolved(branch));
            } catch (Untranslatable e) {
                lost.add(new Loss(where, "", "one of its alternatives " + e.what(), e.mend()));
            }
        }
        atEnd = outer;
        if (branches.isEmpty()) {
            throw tooMuch();
        }
        losses.addAll(lost);
        return branches.size() == 1 ? branches.get(0) : new Node.Alt(branches);
    }

    private static boolean endsInWord(Node node) {
        return node instanceof Node.One one && Chars.both(one.set(), Chars.WORD).equals(one.set());
    }

    /** Returns what matches as the rest does, but does not begin with anything forbidden. */
    private Node guarded(Set<Node> forbidden, Node rest, boolean behindWord) throws Untranslatable {
        if (++steps > MAX_STEPS) {
            throw tooMuch();
        }
        Set<Node> ahead = new LinkedHashSet<>();
        Node left = rest;
        for (Node each : forbidden) {
            List<Node> parts = each.parts();
            if (!parts.isEmpty() && parts.get(0).equals(Node.Spot.WORD) && parts.size() == 1) {
                if (!behindWord) {
                    throw tooMuch();
                }
                left = beginning(left, Chars.WORD);
            } else if (each.canBeEmpty()) {
                return new Node.One(new BitSet());
            } else {
                ahead.add(each);
            }
        }
        BitSet starts = new BitSet();
        for (Node each : ahead) {
            starts.or(firsts(each));
        }
        if (ahead.isEmpty()) {
            return left;
        }
        if (starts.cardinality() > 100) {
            throw tooMuch();
        }
        List<Node> branches = new ArrayList<>();
        Node other = beginning(left, Chars.without(Chars.ANY, starts));
        if (canMatch(other)) {
            branches.add(other);
        }
        byStart(ahead, left, starts).forEach((node, set) -> {
            List<Node> parts = new ArrayList<>(List.of(new Node.One(set)));
            parts.addAll(node.parts());
            branches.add(Node.seq(parts));
        });
        return branches.isEmpty() ? new Node.One(new BitSet()) : Node.anyOf(branches);
    }

    private Map<Node, BitSet> byStart(Set<Node> forbidden, Node rest, BitSet starts) throws Untranslatable {
        Map<Node, BitSet> branches = new LinkedHashMap<>();
        for (int c = starts.nextSetBit(0); c >= 0; c = starts.nextSetBit(c + 1)) {
            Set<Node> next = new LinkedHashSet<>();
            for (Node each : forbidden) {
                next.addAll(Derivative.by((char) c, each));
            }
            Set<Node> behind = Derivative.by((char) c, rest);
            if (!behind.isEmpty()) {
                Node branch = guarded(next, Node.anyOf(Derivative.widest(behind)), Chars.WORD.get(c));
                if (canMatch(branch)) {
                    branches.computeIfAbsent(branch, any -> new BitSet()).set(c);
                }
            }
        }
        return branches;
    }

    private static boolean canMatch(Node node) {
        if (node instanceof Node.One one) {
            return !one.set().isEmpty();
        } else if (node instanceof Node.Alt alt) {
            return alt.branches().stream().anyMatch(Guards::canMatch);
        } else if (node instanceof Node.Repeat repeat) {
            return repeat.min() == 0 || canMatch(repeat.body());
        }
        return node.children().stream().allMatch(Guards::canMatch);
    }

    /** Returns the bytes with which it can begin. */
    static BitSet firsts(Node node) throws Untranslatable {
        BitSet set = new BitSet();
        if (node instanceof Node.One one) {
            set.or(one.set());
        } else if (node instanceof Node.Seq seq) {
            for (Node part : seq.parts()) {
                set.or(firsts(part));
                if (!part.canBeEmpty()) {
                    break;
                }
            }
        } else if (node instanceof Node.AnyCase || node instanceof Node.Address) {
            throw tooMuch();
        } else {
            for (Node child : node.children()) {
                set.or(firsts(child));
            }
        }
        return set;
    }

    /** Returns what matches as the node does, but begins with one of these bytes, or is empty. */
    private Node beginning(Node node, BitSet allowed) throws Untranslatable {
        List<Node> branches = new ArrayList<>(heads(node, allowed));
        if (node.canBeEmpty()) {
            branches.add(atEnd);
        }
        return branches.isEmpty() ? new Node.One(new BitSet()) : Node.anyOf(branches);
    }

    /** Returns what matches as the node does, but is not empty and begins with one of these bytes. */
    private static List<Node> heads(Node node, BitSet allowed) throws Untranslatable {
        List<Node> heads = new ArrayList<>();
        if (node instanceof Node.One one) {
            heads.add(new Node.One(Chars.both(one.set(), allowed)));
        } else if (node instanceof Node.Alt alt) {
            for (Node branch : alt.branches()) {
                heads.addAll(heads(branch, allowed));
            }
        } else if (node instanceof Node.Repeat repeat) {
            for (Node head : heads(repeat.body(), allowed)) {
                heads.add(Node.seq(List.of(head, Derivative.oneLess(repeat))));
            }
        } else if (node instanceof Node.Capture capture) {
            List<Node> inner = heads(capture.body(), allowed);
            if (!inner.isEmpty()) {
                heads.add(new Node.Capture(capture.name(), Node.anyOf(inner)));
            }
        } else if (node instanceof Node.Seq seq) {
            for (int i = 0; i < seq.parts().size(); i++) {
                for (Node head : heads(seq.parts().get(i), allowed)) {
                    List<Node> whole = new ArrayList<>(List.of(head));
                    whole.addAll(seq.parts().subList(i + 1, seq.parts().size()));
                    heads.add(Node.seq(whole));
                }
                if (!seq.parts().get(i).canBeEmpty()) {
                    break;
                }
            }
        } else if (!(node instanceof Node.Spot)) {
            throw tooMuch();
        }
        heads.removeIf(head -> !canMatch(head));
        return heads;
    }

    private static Untranslatable tooMuch() {
        return new Untranslatable(
                "has a look-ahead that cannot be written out", "RE2 has no look-around: split it, or use ignoreregex");
    }
}
