package org.sipward.regex;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A regular expression as a tree. */
sealed interface Syntax {
    /** Returns the empty expression, which always matches. */
    static Syntax empty() {
        return new Sequence(List.of());
    }

    /** One byte of a set. */
    record One(Bytes bytes) implements Syntax {}

    /** Several parts, one after another. */
    record Sequence(List<Syntax> parts) implements Syntax {}

    /** Any of the branches; the first one is tried first. */
    record Choice(List<Syntax> branches) implements Syntax {}

    /**
     * A part, several times.
     *
     * @param max -1 for no limit
     * @param isLazy whether fewer times are tried first
     */
    record Repeat(Syntax part, int min, int max, boolean isLazy) implements Syntax {}

    /** A part whose place can be asked for. */
    record Group(String name, Syntax part) implements Syntax {}

    /** A condition on a position between two bytes. */
    record Condition(Kind kind) implements Syntax {}

    /** The condition on a position. */
    enum Kind {
        BEGIN,
        END,
        WORD_BOUNDARY,
        NO_WORD_BOUNDARY
    }

    /** Returns the names of the groups in this expression, in order. */
    default Set<String> groups() {
        Set<String> names = new LinkedHashSet<>();
        addGroups(this, names);
        return names;
    }

    /** Returns whether this expression can match without taking a byte. */
    default boolean canBeEmpty() {
        if (this instanceof Sequence sequence) {
            return sequence.parts().stream().allMatch(Syntax::canBeEmpty);
        } else if (this instanceof Choice choice) {
            return choice.branches().stream().anyMatch(Syntax::canBeEmpty);
        } else if (this instanceof Repeat repeat) {
            return repeat.min() == 0 || repeat.part().canBeEmpty();
        } else if (this instanceof Group group) {
            return group.part().canBeEmpty();
        }
        return this instanceof Condition;
    }

    /** Returns the bytes that a match can end with, if it takes any. The set may be too large, never too small. */
    default Bytes lastBytes() {
        if (this instanceof One one) {
            return one.bytes();
        } else if (this instanceof Choice choice) {
            return choice.branches().stream().map(Syntax::lastBytes).reduce(Bytes.NONE, Bytes::or);
        } else if (this instanceof Repeat repeat) {
            return repeat.part().lastBytes();
        } else if (this instanceof Group group) {
            return group.part().lastBytes();
        } else if (this instanceof Sequence sequence) {
            Bytes last = Bytes.NONE;
            for (int i = sequence.parts().size() - 1; i >= 0; i--) {
                last = last.or(sequence.parts().get(i).lastBytes());
                if (!sequence.parts().get(i).canBeEmpty()) {
                    break;
                }
            }
            return last;
        }
        return Bytes.NONE;
    }

    /** Returns whether a match must reach the end of the bytes and take at least one byte, as the last part shows. */
    default boolean isTail() {
        if (this instanceof Sequence sequence && !sequence.parts().isEmpty()) {
            Syntax last = sequence.parts().get(sequence.parts().size() - 1);
            boolean ends = last instanceof Condition condition && condition.kind() == Kind.END;
            return ends ? sequence.parts().stream().anyMatch(part -> !part.canBeEmpty()) : last.isTail();
        }
        return false;
    }

    private static void addGroups(Syntax syntax, Set<String> names) {
        if (syntax instanceof Sequence sequence) {
            sequence.parts().forEach(part -> addGroups(part, names));
        } else if (syntax instanceof Choice choice) {
            choice.branches().forEach(branch -> addGroups(branch, names));
        } else if (syntax instanceof Repeat repeat) {
            addGroups(repeat.part(), names);
        } else if (syntax instanceof Group group) {
            names.add(group.name());
            addGroups(group.part(), names);
        }
    }
}
