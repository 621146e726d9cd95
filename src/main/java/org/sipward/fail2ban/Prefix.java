package org.sipward.fail2ban;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Adds what may come before a pattern: the prefregex, or any text. */
final class Prefix {
    private static final int MAX_WORD = 40;
    private static final String CONTENT = "F-CONTENT";

    private Prefix() {}

    /** Returns a prefregex with a failregex in place of its content. */
    static RegexNode join(RegexNode prefix, RegexNode message) throws Untranslatable {
        List<RegexNode> parts = prefix.parts();
        int at = 0;
        while (at < parts.size()
                && !(parts.get(at) instanceof RegexNode.Capture group
                        && group.name().equals(CONTENT))) {
            at++;
        }
        if (at == parts.size()) {
            throw new Untranslatable(
                    prefix.hasGroup(CONTENT) ? "has <F-CONTENT> inside a group" : "has a prefregex without <F-CONTENT>",
                    "write prefix and message as one failregex");
        }
        RegexNode.Capture content = (RegexNode.Capture) parts.get(at);
        List<RegexNode> start = new ArrayList<>(content.body().parts());
        RegexNode rest = start.remove(start.size() - 1);
        if (!(rest instanceof RegexNode.Repeat all && all.body().equals(new RegexNode.One(Chars.ANY)))) {
            throw new Untranslatable(
                    "has a prefregex whose <F-CONTENT> does not end in .+",
                    "write prefix and message as one failregex");
        }
        List<RegexNode> tail = parts.subList(at + 1, parts.size());
        List<RegexNode> branches = new ArrayList<>();
        for (RegexNode branch : message instanceof RegexNode.Alt alt ? alt.branches() : List.of(message)) {
            List<RegexNode> whole = new ArrayList<>(parts.subList(0, at));
            List<RegexNode> inner = new ArrayList<>(
                    beginning(Set.of(RegexNode.seq(start)), anchored(branch), 0).parts());
            boolean ends = !inner.isEmpty() && inner.get(inner.size() - 1).equals(RegexNode.Spot.END);
            if (ends) {
                inner.remove(inner.size() - 1);
            }
            whole.addAll(inner);
            if (ends) {
                whole.addAll(tail);
            } else if (!tail.isEmpty() && !tail.equals(List.of(RegexNode.Spot.END))) {
                whole.add(RegexNode.anything());
                whole.addAll(tail);
            }
            branches.add(RegexNode.seq(whole));
        }
        return branches.size() == 1 ? branches.get(0) : new RegexNode.Alt(branches);
    }

    /** Returns a pattern that matches as the node does, but only texts that begin with one of these short words. */
    private static RegexNode beginning(Set<RegexNode> words, RegexNode node, int depth) throws Untranslatable {
        if (words.stream().anyMatch(RegexNode::canBeEmpty)) {
            return node;
        }
        Map<RegexNode, BitSet> branches = new LinkedHashMap<>();
        for (RegexNode word : words) {
            BitSet firsts = Guards.firsts(word);
            if (firsts.cardinality() > 10 || depth > MAX_WORD) {
                throw new Untranslatable(
                        "has a prefregex whose <F-CONTENT> begins with more than a word",
                        "write prefix and message as one failregex");
            }
            for (int c = firsts.nextSetBit(0); c >= 0; c = firsts.nextSetBit(c + 1)) {
                Set<RegexNode> after = Derivative.by((char) c, node);
                if (!after.isEmpty()) {
                    RegexNode rest = beginning(
                            Derivative.by((char) c, word), RegexNode.anyOf(Derivative.widest(after)), depth + 1);
                    branches.computeIfAbsent(rest, any -> new BitSet()).set(c);
                }
            }
        }
        List<RegexNode> all = new ArrayList<>();
        branches.forEach((rest, set) -> all.add(RegexNode.seq(List.of(new RegexNode.One(set), rest))));
        return all.isEmpty() ? new RegexNode.One(new BitSet()) : RegexNode.anyOf(all);
    }

    /** Returns a pattern that matches from the start of the text, without its {@code ^}. */
    static RegexNode anchored(RegexNode node) {
        if (node instanceof RegexNode.Alt alt) {
            return new RegexNode.Alt(
                    alt.branches().stream().map(Prefix::anchored).toList());
        } else if (node instanceof RegexNode.Capture capture) {
            return new RegexNode.Capture(capture.name(), anchored(capture.body()));
        } else if (node instanceof RegexNode.AnyCase any) {
            return new RegexNode.AnyCase(anchored(any.body()));
        }
        List<RegexNode> parts = new ArrayList<>(node.parts());
        boolean begins = false;
        while (!parts.isEmpty() && parts.get(0).equals(RegexNode.Spot.BEGIN)) {
            parts.remove(0);
            begins = true;
        }
        if (!begins && !parts.isEmpty()) {
            RegexNode first = parts.get(0);
            boolean within = first.has(RegexNode.Spot.BEGIN::equals) && !(first instanceof RegexNode.Repeat);
            if (within) {
                parts.set(0, anchored(first));
                return withoutSecondAnchor(parts);
            }
            parts.add(0, RegexNode.anything());
        }
        return withoutSecondAnchor(parts);
    }

    /** Drops a second ^ that follows the first one directly. */
    private static RegexNode withoutSecondAnchor(List<RegexNode> parts) {
        RegexNode first = parts.isEmpty() ? RegexNode.nothing() : parts.get(0);
        if (first instanceof RegexNode.Capture capture
                && capture.body().parts().stream()
                        .findFirst()
                        .filter(RegexNode.Spot.BEGIN::equals)
                        .isPresent()) {
            parts.set(0, anchored(first));
        }
        return RegexNode.seq(parts);
    }
}
