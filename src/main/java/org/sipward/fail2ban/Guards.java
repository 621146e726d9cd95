package org.sipward.fail2ban;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Rewrites a pattern without negative look-ahead.
 *
 * <p>A guard before a part is replaced by that part without the forbidden start: {@code (?!ab)\w+} becomes
 * {@code (?:[^\Wa]\w*|a(?:[^\Wb]\w*)?)}. A guard inside a loop, {@code (?:(?!X).)*}, is dropped and the loop made lazy:
 * if the address could then be read in two places, the filter reads none.
 *
 * <p>Serves one pattern.
 */
final class Guards {
    private static final int MAX_STEPS = 3000;

    private final List<Loss> losses;
    private final String where;
    private int steps;
    private RegexNode atEnd = RegexNode.Spot.END;

    private Guards(String where, List<Loss> losses) {
        this.where = where;
        this.losses = losses;
    }

    /** Returns the pattern without look-around. Alternatives that need look-around are noted and left out. */
    static RegexNode without(RegexNode node, String where, List<Loss> losses) throws Untranslatable {
        if (!node.has(RegexNode.Look.class::isInstance)) {
            return node;
        }
        List<RegexNode> parts = new ArrayList<>(node.parts());
        // Text after the end of the pattern must not begin with the forbidden text either.
        boolean open = !parts.get(parts.size() - 1).equals(RegexNode.Spot.END);
        if (open) {
            parts.add(RegexNode.anything());
        }
        return new Guards(where, losses).sequence(parts);
    }

    private RegexNode resolved(RegexNode node) throws Untranslatable {
        if (!node.has(RegexNode.Look.class::isInstance)) {
            return node;
        } else if (node instanceof RegexNode.Alt alt) {
            return alternatives(alt);
        } else if (node instanceof RegexNode.Repeat repeat) {
            if (repeat.max() == 1) {
                return new RegexNode.Repeat(resolved(repeat.body()), repeat.min(), 1, repeat.lazy());
            }
            RegexNode body = repeat.body().map(part -> part instanceof RegexNode.Look ? RegexNode.nothing() : part);
            return new RegexNode.Repeat(body, repeat.min(), repeat.max(), true);
        } else if (node instanceof RegexNode.Capture capture) {
            return new RegexNode.Capture(capture.name(), resolved(capture.body()));
        } else if (node instanceof RegexNode.AnyCase any) {
            return new RegexNode.AnyCase(resolved(any.body()));
        }
        return sequence(node.parts());
    }

    private RegexNode sequence(List<RegexNode> parts) throws Untranslatable {
        List<RegexNode> done = new ArrayList<>();
        for (int i = parts.size() - 1; i >= 0; i--) {
            RegexNode part = parts.get(i);
            if (part instanceof RegexNode.Look look) {
                if (!look.ahead() || !look.negative()) {
                    throw new Untranslatable(
                            look.ahead() ? "uses look-ahead" : "uses look-behind",
                            "RE2 has no look-around: write a separate pattern for each case");
                }
                RegexNode rest =
                        guarded(Set.of(look.body()), RegexNode.seq(done), i > 0 && endsInWord(parts.get(i - 1)));
                done = new ArrayList<>(rest.parts());
            } else {
                done.addAll(0, resolved(part).parts());
            }
        }
        return RegexNode.seq(done);
    }

    private RegexNode alternatives(RegexNode.Alt alt) throws Untranslatable {
        RegexNode outer = atEnd;
        atEnd = RegexNode.nothing();
        List<RegexNode> branches = new ArrayList<>();
        List<Loss> lost = new ArrayList<>();
        for (RegexNode branch : alt.branches()) {
            try {
                branches.add(resolved(branch));
            } catch (Untranslatable e) {
                lost.add(new Loss(where, "", "one of its alternatives " + e.what(), e.fix()));
            }
        }
        atEnd = outer;
        if (branches.isEmpty()) {
            throw tooMuch();
        }
        losses.addAll(lost);
        return branches.size() == 1 ? branches.get(0) : new RegexNode.Alt(branches);
    }

    private static boolean endsInWord(RegexNode node) {
        return node instanceof RegexNode.One one
                && Chars.both(one.set(), Chars.WORD).equals(one.set());
    }

    /** Returns a pattern that matches as the rest does, but no text with a forbidden start. */
    private RegexNode guarded(Set<RegexNode> forbidden, RegexNode rest, boolean afterWord) throws Untranslatable {
        if (++steps > MAX_STEPS) {
            throw tooMuch();
        }
        Set<RegexNode> ahead = new LinkedHashSet<>();
        RegexNode left = rest;
        for (RegexNode each : forbidden) {
            List<RegexNode> parts = each.parts();
            if (!parts.isEmpty() && parts.get(0).equals(RegexNode.Spot.WORD) && parts.size() == 1) {
                if (!afterWord) {
                    throw tooMuch();
                }
                left = beginning(left, Chars.WORD);
            } else if (each.canBeEmpty()) {
                return new RegexNode.One(new BitSet());
            } else {
                ahead.add(each);
            }
        }
        BitSet starts = new BitSet();
        for (RegexNode each : ahead) {
            starts.or(firsts(each));
        }
        if (ahead.isEmpty()) {
            return left;
        }
        if (starts.cardinality() > 100) {
            throw tooMuch();
        }
        List<RegexNode> branches = new ArrayList<>();
        RegexNode other = beginning(left, Chars.without(Chars.ANY, starts));
        if (canMatch(other)) {
            branches.add(other);
        }
        byStart(ahead, left, starts).forEach((node, set) -> {
            List<RegexNode> parts = new ArrayList<>(List.of(new RegexNode.One(set)));
            parts.addAll(node.parts());
            branches.add(RegexNode.seq(parts));
        });
        return branches.isEmpty() ? new RegexNode.One(new BitSet()) : RegexNode.anyOf(branches);
    }

    private Map<RegexNode, BitSet> byStart(Set<RegexNode> forbidden, RegexNode rest, BitSet starts)
            throws Untranslatable {
        Map<RegexNode, BitSet> branches = new LinkedHashMap<>();
        for (int c = starts.nextSetBit(0); c >= 0; c = starts.nextSetBit(c + 1)) {
            Set<RegexNode> next = new LinkedHashSet<>();
            for (RegexNode each : forbidden) {
                next.addAll(Derivative.by((char) c, each));
            }
            Set<RegexNode> after = Derivative.by((char) c, rest);
            if (!after.isEmpty()) {
                RegexNode branch = guarded(next, RegexNode.anyOf(Derivative.widest(after)), Chars.WORD.get(c));
                if (canMatch(branch)) {
                    branches.computeIfAbsent(branch, any -> new BitSet()).set(c);
                }
            }
        }
        return branches;
    }

    private static boolean canMatch(RegexNode node) {
        if (node instanceof RegexNode.One one) {
            return !one.set().isEmpty();
        } else if (node instanceof RegexNode.Alt alt) {
            return alt.branches().stream().anyMatch(Guards::canMatch);
        } else if (node instanceof RegexNode.Repeat repeat) {
            return repeat.min() == 0 || canMatch(repeat.body());
        }
        return node.children().stream().allMatch(Guards::canMatch);
    }

    /** Returns the bytes with which a match can begin. */
    static BitSet firsts(RegexNode node) throws Untranslatable {
        BitSet set = new BitSet();
        if (node instanceof RegexNode.One one) {
            set.or(one.set());
        } else if (node instanceof RegexNode.Seq seq) {
            for (RegexNode part : seq.parts()) {
                set.or(firsts(part));
                if (!part.canBeEmpty()) {
                    break;
                }
            }
        } else if (node instanceof RegexNode.AnyCase || node instanceof RegexNode.Address) {
            throw tooMuch();
        } else {
            for (RegexNode child : node.children()) {
                set.or(firsts(child));
            }
        }
        return set;
    }

    /**
     * Returns a pattern that matches as the node does, but only texts that are empty or begin with one of these bytes.
     */
    private RegexNode beginning(RegexNode node, BitSet allowed) throws Untranslatable {
        List<RegexNode> branches = new ArrayList<>(heads(node, allowed));
        if (node.canBeEmpty()) {
            branches.add(atEnd);
        }
        return branches.isEmpty() ? new RegexNode.One(new BitSet()) : RegexNode.anyOf(branches);
    }

    /** Returns patterns that match as the node does, but only texts that begin with one of these bytes. */
    private static List<RegexNode> heads(RegexNode node, BitSet allowed) throws Untranslatable {
        List<RegexNode> heads = new ArrayList<>();
        if (node instanceof RegexNode.One one) {
            heads.add(new RegexNode.One(Chars.both(one.set(), allowed)));
        } else if (node instanceof RegexNode.Alt alt) {
            for (RegexNode branch : alt.branches()) {
                heads.addAll(heads(branch, allowed));
            }
        } else if (node instanceof RegexNode.Repeat repeat) {
            for (RegexNode head : heads(repeat.body(), allowed)) {
                heads.add(RegexNode.seq(List.of(head, Derivative.oneLess(repeat))));
            }
        } else if (node instanceof RegexNode.Capture capture) {
            List<RegexNode> inner = heads(capture.body(), allowed);
            if (!inner.isEmpty()) {
                heads.add(new RegexNode.Capture(capture.name(), RegexNode.anyOf(inner)));
            }
        } else if (node instanceof RegexNode.Seq seq) {
            for (int i = 0; i < seq.parts().size(); i++) {
                for (RegexNode head : heads(seq.parts().get(i), allowed)) {
                    List<RegexNode> whole = new ArrayList<>(List.of(head));
                    whole.addAll(seq.parts().subList(i + 1, seq.parts().size()));
                    heads.add(RegexNode.seq(whole));
                }
                if (!seq.parts().get(i).canBeEmpty()) {
                    break;
                }
            }
        } else if (!(node instanceof RegexNode.Spot)) {
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
