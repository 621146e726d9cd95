package org.sipward.fail2ban;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** A part of a regular expression in Python's syntax, over bytes. Immutable. */
sealed interface RegexNode {
    /** Without an upper limit, in {@link Repeat}. */
    int UNLIMITED = -1;

    /** One byte of a set. */
    record One(BitSet set) implements RegexNode {}

    /** The address: fail2ban's {@code <HOST>}, and its relatives. */
    record Address() implements RegexNode {}

    /** One after the other. */
    record Seq(List<RegexNode> parts) implements RegexNode {}

    /** One of several. */
    record Alt(List<RegexNode> branches) implements RegexNode {}

    /** The same several times. */
    record Repeat(RegexNode body, int min, int max, boolean lazy) implements RegexNode {}

    /** A group that something refers to, or a tag such as {@code F-USER}. */
    record Capture(String name, RegexNode body) implements RegexNode {}

    /** Regardless of upper and lower case. */
    record AnyCase(RegexNode body) implements RegexNode {}

    /** A place: {@code ^}, {@code $}, {@code \b} or {@code \B}. */
    record Spot(String sign) implements RegexNode {
        static final Spot BEGIN = new Spot("^");
        static final Spot END = new Spot("$");
        static final Spot WORD = new Spot("\\b");
    }

    /** Looks around without consuming text. */
    record Look(boolean ahead, boolean negative, RegexNode body) implements RegexNode {}

    /** The same text as that of a group. */
    record Same(String group) implements RegexNode {}

    /** One thing if a group took part, another if not. */
    record Conditional(String group, RegexNode yes, RegexNode no) implements RegexNode {}

    /** Returns a node that matches only the empty text. */
    static RegexNode nothing() {
        return new Seq(List.of());
    }

    /** Returns a node that matches any text. */
    static RegexNode anything() {
        return new Repeat(new One(Chars.ANY), 0, UNLIMITED, false);
    }

    /** Returns the node regardless of case, marked once for the whole node, since each nested mark doubles the work. */
    static RegexNode anyCase(RegexNode body) {
        return new AnyCase(body.map(node -> node instanceof AnyCase any ? any.body() : node));
    }

    /** Returns the nodes one after the other, without sequences in sequences. */
    static RegexNode seq(List<RegexNode> parts) {
        List<RegexNode> flat = new ArrayList<>();
        parts.forEach(part -> flat.addAll(part.parts()));
        return flat.size() == 1 ? flat.get(0) : new Seq(List.copyOf(flat));
    }

    /**
     * Returns a node that matches what any of these nodes matches, with their common end written once. There must be at
     * least one.
     */
    static RegexNode anyOf(List<RegexNode> branches) {
        List<List<RegexNode>> fronts = new ArrayList<>();
        branches.stream().distinct().forEach(branch -> fronts.add(new ArrayList<>(branch.parts())));
        List<RegexNode> tail = new ArrayList<>();
        while (fronts.size() > 1 && fronts.stream().noneMatch(List::isEmpty)) {
            RegexNode last = last(fronts.get(0));
            if (!fronts.stream().allMatch(front -> last(front).equals(last))) {
                break;
            }
            tail.add(0, last);
            fronts.forEach(front -> front.remove(front.size() - 1));
        }
        List<RegexNode> distinct =
                fronts.stream().map(RegexNode::seq).distinct().toList();
        tail.add(0, distinct.size() == 1 ? distinct.get(0) : new Alt(distinct));
        return seq(tail);
    }

    private static RegexNode last(List<RegexNode> list) {
        return list.get(list.size() - 1);
    }

    /** Returns the parts of a sequence, or this node alone. */
    default List<RegexNode> parts() {
        return this instanceof Seq seq ? seq.parts() : List.of(this);
    }

    /** Returns the nodes right below this one. */
    default List<RegexNode> children() {
        if (this instanceof Seq seq) {
            return seq.parts();
        } else if (this instanceof Alt alt) {
            return alt.branches();
        } else if (this instanceof Repeat repeat) {
            return List.of(repeat.body());
        } else if (this instanceof Capture capture) {
            return List.of(capture.body());
        } else if (this instanceof AnyCase any) {
            return List.of(any.body());
        } else if (this instanceof Look look) {
            return List.of(look.body());
        } else if (this instanceof Conditional conditional) {
            return List.of(conditional.yes(), conditional.no());
        }
        return List.of();
    }

    /** Returns whether the test is true for this node or a node below it. */
    default boolean has(Predicate<RegexNode> such) {
        return such.test(this) || children().stream().anyMatch(child -> child.has(such));
    }

    default boolean hasGroup(String name) {
        return has(node -> node instanceof Capture capture && capture.name().equals(name));
    }

    default boolean hasAddress() {
        return has(Address.class::isInstance);
    }

    /** Returns this node with each node changed, the lower ones first. */
    default RegexNode map(UnaryOperator<RegexNode> change) {
        RegexNode mapped = this;
        if (this instanceof Seq seq) {
            mapped = seq(seq.parts().stream().map(part -> part.map(change)).toList());
        } else if (this instanceof Alt alt) {
            mapped = new Alt(
                    alt.branches().stream().map(part -> part.map(change)).toList());
        } else if (this instanceof Repeat repeat) {
            mapped = new Repeat(repeat.body().map(change), repeat.min(), repeat.max(), repeat.lazy());
        } else if (this instanceof Capture capture) {
            mapped = new Capture(capture.name(), capture.body().map(change));
        } else if (this instanceof AnyCase any) {
            mapped = new AnyCase(any.body().map(change));
        } else if (this instanceof Look look) {
            mapped = new Look(look.ahead(), look.negative(), look.body().map(change));
        } else if (this instanceof Conditional test) {
            mapped = new Conditional(
                    test.group(), test.yes().map(change), test.no().map(change));
        }
        return change.apply(mapped);
    }

    /** Returns whether it can match the empty text. */
    default boolean canBeEmpty() {
        if (this instanceof Repeat repeat) {
            return repeat.min() == 0 || repeat.body().canBeEmpty();
        } else if (this instanceof Alt alt) {
            return alt.branches().stream().anyMatch(RegexNode::canBeEmpty);
        } else if (this instanceof One || this instanceof Address) {
            return false;
        }
        return this instanceof Look
                || this instanceof Same
                || children().stream().allMatch(RegexNode::canBeEmpty);
    }
}
