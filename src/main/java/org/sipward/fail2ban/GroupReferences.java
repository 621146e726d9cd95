package org.sipward.fail2ban;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Rewrites a pattern without the parts that depend on a group: conditionals, back-references, and fail2ban's flags. */
final class GroupReferences {
    private static final int MAX_VARIANTS = 64;

    private GroupReferences() {}

    /** Returns patterns without conditionals, one for each way in which their groups can take part. */
    static List<RegexNode> withoutConditionals(RegexNode node) throws Untranslatable {
        List<RegexNode> done = new ArrayList<>();
        List<RegexNode> open = new ArrayList<>(List.of(node));
        while (!open.isEmpty()) {
            RegexNode next = open.remove(0);
            Optional<String> group = conditional(next);
            if (group.isEmpty()) {
                done.add(next);
                continue;
            }
            for (boolean takesPart : new boolean[] {true, false}) {
                choose(next, group.get(), takesPart)
                        .map(chosen -> chosen.map(part -> part instanceof RegexNode.Conditional test
                                        && test.group().equals(group.get())
                                ? (takesPart ? test.yes() : test.no())
                                : part))
                        .ifPresent(open::add);
            }
            if (open.size() + done.size() > MAX_VARIANTS) {
                throw new Untranslatable("has too many conditionals", "split it");
            }
        }
        return done;
    }

    private static Optional<String> conditional(RegexNode node) {
        if (node instanceof RegexNode.Conditional test) {
            return Optional.of(test.group());
        }
        return node.children().stream()
                .flatMap(child -> conditional(child).stream())
                .findFirst();
    }

    /** Returns the pattern for texts in which the group takes part, or does not; empty if there are none. */
    static Optional<RegexNode> choose(RegexNode node, String group, boolean takesPart) {
        if (!node.hasGroup(group)) {
            return Optional.of(node);
        } else if (node instanceof RegexNode.Capture capture) {
            if (capture.name().equals(group)) {
                return takesPart ? Optional.of(capture.body()) : Optional.empty();
            }
            return choose(capture.body(), group, takesPart).map(body -> new RegexNode.Capture(capture.name(), body));
        } else if (node instanceof RegexNode.AnyCase any) {
            return choose(any.body(), group, takesPart).map(RegexNode.AnyCase::new);
        } else if (node instanceof RegexNode.Seq seq) {
            List<RegexNode> parts = new ArrayList<>();
            for (RegexNode part : seq.parts()) {
                Optional<RegexNode> chosen = choose(part, group, takesPart);
                if (chosen.isEmpty()) {
                    return Optional.empty();
                }
                parts.add(chosen.get());
            }
            return Optional.of(RegexNode.seq(parts));
        } else if (node instanceof RegexNode.Alt alt) {
            return branches(alt, group, takesPart);
        } else if (node instanceof RegexNode.Repeat repeat) {
            boolean optional = repeat.min() == 0 && !takesPart;
            return optional ? Optional.of(RegexNode.nothing()) : choose(repeat.body(), group, takesPart);
        }
        return Optional.of(node);
    }

    /**
     * Python takes the first alternative that leads to a match. So if the group takes no part, the later alternatives
     * must not match what the group would have matched.
     */
    private static Optional<RegexNode> branches(RegexNode.Alt alt, String group, boolean takesPart) {
        List<RegexNode> chosen = new ArrayList<>();
        List<RegexNode> taken = new ArrayList<>();
        for (RegexNode branch : alt.branches()) {
            boolean has = branch.hasGroup(group);
            if (has || !takesPart) {
                Optional<RegexNode> rest = choose(branch, group, takesPart);
                List<RegexNode> guarded = new ArrayList<>(taken);
                rest.ifPresent(guarded::add);
                rest.ifPresent(any -> chosen.add(RegexNode.seq(guarded)));
                if (rest.isEmpty() && group.equals("F-NOFAIL")) {
                    taken.add(new RegexNode.Look(
                            true, true, choose(branch, group, true).orElse(branch)));
                }
            }
        }
        if (chosen.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(chosen.size() == 1 ? chosen.get(0) : new RegexNode.Alt(chosen));
    }

    /**
     * Returns patterns without back-references. A group of few single characters, such as a quote, is written out for
     * each of them. For a longer group, its pattern is repeated, which does not require the two texts to be equal.
     */
    static List<RegexNode> withoutReferences(RegexNode node) throws Untranslatable {
        Optional<String> name = reference(node);
        if (name.isEmpty()) {
            return List.of(node);
        }
        RegexNode group = find(node, name.get())
                .orElseThrow(() -> new Untranslatable("refers to a group that does not exist", "correct it"));
        List<RegexNode> done = new ArrayList<>();
        if (group instanceof RegexNode.One one && one.set().cardinality() <= 4) {
            for (int c = one.set().nextSetBit(0); c >= 0; c = one.set().nextSetBit(c + 1)) {
                RegexNode same = new RegexNode.One(Chars.of((char) c));
                if (done.size() > MAX_VARIANTS) {
                    throw new Untranslatable("has too many back-references", "split it");
                }
                done.addAll(withoutReferences(
                        node.map(part -> refers(part, name.get()) || isGroup(part, name.get()) ? same : part)));
            }
            return done;
        }
        return withoutReferences(node.map(part -> refers(part, name.get()) ? group : part));
    }

    private static boolean refers(RegexNode node, String group) {
        return node instanceof RegexNode.Same same && same.group().equals(group);
    }

    /** Returns whether it is the group; {@code <F-USER>} is also called {@code user}. */
    private static boolean isGroup(RegexNode node, String group) {
        return node instanceof RegexNode.Capture capture
                && (capture.name().equals(group) || capture.name().equalsIgnoreCase("F-" + group));
    }

    private static Optional<String> reference(RegexNode node) {
        if (node instanceof RegexNode.Same same) {
            return Optional.of(same.group());
        }
        return node.children().stream()
                .flatMap(child -> reference(child).stream())
                .findFirst();
    }

    private static Optional<RegexNode> find(RegexNode node, String group) {
        if (node instanceof RegexNode.Capture capture && isGroup(node, group)) {
            return Optional.of(capture.body());
        }
        return node.children().stream()
                .flatMap(child -> find(child, group).stream())
                .findFirst();
    }
}
