package org.sipward.fail2ban;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Says what comes before a pattern: the prefregex, or anything at all. */
final class Prefix {
    private static final int MAX_WORD = 40;
    private static final String CONTENT = "F-CONTENT";

    private Prefix() {}

    /** Returns a prefregex with a failregex in place of its content. */
    static Node join(Node prefix, Node message) throws Untranslatable {
        List<Node> parts = prefix.parts();
        int at = 0;
        while (at < parts.size()
                && !(parts.get(at) instanceof Node.Capture group && group.name().equals(CONTENT))) {
            at++;
        }
        if (at == parts.size()) {
            throw new Untranslatable(
                    prefix.hasGroup(CONTENT) ? "has <F-CONTENT> within a group" : "has a prefregex without <F-CONTENT>",
                    "write prefix and message as one failregex");
        }
        Node.Capture content = (Node.Capture) parts.get(at);
        List<Node> start = new ArrayList<>(content.body().parts());
        Node rest = start.remove(start.size() - 1);
        if (!(rest instanceof Node.Repeat all && all.body().equals(new Node.One(Chars.ANY)))) {
            throw new Untranslatable(
                    "has a prefregex whose <F-CONTENT> does not end in .+",
                    "write prefix and message as one failregex");
        }
        List<Node> tail = parts.subList(at + 1, parts.size());
        List<Node> branches = new ArrayList<>();
        for (Node branch : message instanceof Node.Alt alt ? alt.branches() : List.of(message)) {
            List<Node> whole = new ArrayList<>(parts.subList(0, at));
            List<Node> inner = new ArrayList<>(
                    beginning(Set.of(Node.seq(start)), anchored(branch), 0).parts());
            boolean ends = !inner.isEmpty() && inner.get(inner.size() - 1).equals(Node.Spot.END);
            if (ends) {
                inner.remove(inner.size() - 1);
            }
            whole.addAll(inner);
            if (ends) {
                whole.addAll(tail);
            } else if (!tail.isEmpty() && !tail.equals(List.of(Node.Spot.END))) {
                whole.add(Node.anything());
                whole.addAll(tail);
            }
            branches.add(Node.seq(whole));
        }
        return branches.size() == 1 ? branches.get(0) : new Node.Alt(branches);
    }

    /** Returns what matches as the node does, and begins with one of these, which must be short words. */
    private static Node beginning(Set<Node> words, Node node, int depth) throws Untranslatable {
        if (words.stream().anyMatch(Node::canBeEmpty)) {
            return node;
        }
        Map<Node, BitSet> branches = new LinkedHashMap<>();
        for (Node word : words) {
            BitSet firsts = Guards.firsts(word);
            if (firsts.cardinality() > 10 || depth > MAX_WORD) {
                throw new Untranslatable(
                        "has a prefregex whose <F-CONTENT> begins with more than a word",
                        "write prefix and message as one failregex");
            }
            for (int c = firsts.nextSetBit(0); c >= 0; c = firsts.nextSetBit(c + 1)) {
                Set<Node> behind = Derivative.by((char) c, node);
                if (!behind.isEmpty()) {
                    Node rest =
                            beginning(Derivative.by((char) c, word), Node.anyOf(Derivative.widest(behind)), depth + 1);
                    branches.computeIfAbsent(rest, any -> new BitSet()).set(c);
                }
            }
        }
        List<Node> all = new ArrayList<>();
        branches.forEach((rest, set) -> all.add(Node.seq(List.of(new Node.One(set), rest))));
        return all.isEmpty() ? new Node.One(new BitSet()) : Node.anyOf(all);
    }

    /** Returns a pattern that is meant to begin where the text begins, without its {@code ^}. */
    static Node anchored(Node node) {
        if (node instanceof Node.Alt alt) {
            return new Node.Alt(alt.branches().stream().map(Prefix::anchored).toList());
        } else if (node instanceof Node.Capture capture) {
            return new Node.Capture(capture.name(), anchored(capture.body()));
        } else if (node instanceof Node.AnyCase any) {
            return new Node.AnyCase(anchored(any.body()));
        }
        List<Node> parts = new ArrayList<>(node.parts());
        boolean begins = false;
        while (!parts.isEmpty() && parts.get(0).equals(Node.Spot.BEGIN)) {
            parts.remove(0);
            begins = true;
        }
        if (!begins && !parts.isEmpty()) {
            Node first = parts.get(0);
            boolean within = first.has(Node.Spot.BEGIN::equals) && !(first instanceof Node.Repeat);
            if (within) {
                parts.set(0, anchored(first));
                return unanchoredAgain(parts);
            }
            parts.add(0, Node.anything());
        }
        return unanchoredAgain(parts);
    }

    /** Drops what a second ^, behind nothing, would demand once more. */
    private static Node unanchoredAgain(List<Node> parts) {
        Node first = parts.isEmpty() ? Node.nothing() : parts.get(0);
        if (first instanceof Node.Capture capture
                && capture.body().parts().stream()
                        .findFirst()
                        .filter(Node.Spot.BEGIN::equals)
                        .isPresent()) {
            parts.set(0, anchored(first));
        }
        return Node.seq(parts);
    }
}
