package org.sipward.regex;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Expressions compiled into steps of a few kinds (Thompson's machine): a step takes one byte, asks a condition, splits
 * in two, or leaves a mark at the current position. Immutable.
 *
 * <p>Each group to find has four marks: its start, its end, a mark on readings that do not contain the group, and an
 * anchor before the outermost part that contains the group. So each reading passes the anchor, and then either the
 * start and the end, or the mark of absence.
 */
final class Program {
    /** Larger programs are not made. */
    static final int MAX_STEPS = 40_000;

    static final int NONE = -1;

    /** Marks are the bits of an int, {@link #MARKS} for each group; the highest bit marks the match itself. */
    static final int MAX_GROUPS = 7;

    static final int MARKS = 4;
    static final int START = 1;
    static final int END = 1 << 1;
    static final int ABSENT = 1 << 2;
    static final int ANCHOR = 1 << 3;
    static final int MATCH_MARK = 1 << (MARKS * MAX_GROUPS);
    /** The ends of all groups. */
    private static final int ENDS = 0x2222222;

    static final byte TAKE = 0;
    static final byte SPLIT = 1;
    static final byte MARK = 2;
    static final byte CONDITION = 3;
    static final byte MATCH = 4;

    static final List<Syntax.Kind> CONDITIONS = List.of(Syntax.Kind.values());

    private final byte[] kinds;
    /** The next step of each step; for a SPLIT, the step to try first. */
    private final int[] next;
    /**
     * TAKE: the number of its set; SPLIT: the other next step; MARK: its bit; CONDITION: its kind; MATCH: its pattern.
     */
    private final int[] arguments;

    /** The pattern that each step belongs to, or NONE for a shared beginning. */
    private final int[] owners;

    /** The steps that lead to each step: for step i, from {@code firstBefore[i]} to {@code firstBefore[i + 1]}. */
    private final int[] before;

    private final int[] firstBefore;
    private final boolean[] afterMark;
    private final int start;
    private final List<Bytes> sets;
    private final boolean asksWords;

    private Program(Compiler compiler, int start) {
        this.kinds = compiler.kinds();
        this.next = compiler.next();
        this.arguments = compiler.arguments();
        this.owners = compiler.owners();
        this.firstBefore = new int[kinds.length + 1];
        this.before = before();
        this.afterMark = afterMark();
        this.start = start;
        this.asksWords = compiler.asksWords();
        this.sets = compiler.sets();
    }

    /**
     * Compiles many patterns, numbered from 0. Patterns with the same beginning share its steps.
     *
     * @return empty if it would be too large
     */
    static Optional<Program> of(List<PatternSet.Pattern> patterns) {
        Compiler compiler = new Compiler();
        try {
            Map<Beginning, List<Integer>> alike = new LinkedHashMap<>();
            for (int i = 0; i < patterns.size(); i++) {
                PatternSet.Pattern pattern = patterns.get(i);
                List<String> groups = pattern.canBePlaced() ? pattern.groups() : List.of();
                alike.computeIfAbsent(new Beginning(pattern.prefix(), groups), any -> new ArrayList<>())
                        .add(i);
            }
            int start = NONE;
            for (Map.Entry<Beginning, List<Integer>> entry : alike.entrySet()) {
                compiler.mark(entry.getKey().groups());
                int messages = NONE;
                for (int i : entry.getValue()) {
                    compiler.own(i);
                    int match = compiler.add(MATCH, NONE, i);
                    int message = compiler.anchored(patterns.get(i).message().syntax(), match);
                    compiler.own(NONE);
                    messages = compiler.either(message, messages);
                }
                start = compiler.either(
                        compiler.anchored(entry.getKey().prefix().syntax(), messages), start);
            }
            return start == NONE ? Optional.empty() : Optional.of(new Program(compiler, start));
        } catch (Compiler.TooLargeException tooLarge) {
            return Optional.empty();
        }
    }

    /**
     * Returns whether the places of these groups can be found: no group may be in a repetition, and no endless
     * repetition may have an empty part.
     */
    static boolean canMark(Syntax syntax, List<String> groups) {
        if (syntax instanceof Syntax.Sequence sequence) {
            return sequence.parts().stream().allMatch(part -> canMark(part, groups));
        } else if (syntax instanceof Syntax.Choice choice) {
            return choice.branches().stream().allMatch(branch -> canMark(branch, groups));
        } else if (syntax instanceof Syntax.Group group) {
            return canMark(group.part(), groups);
        } else if (syntax instanceof Syntax.Repeat repeat) {
            boolean marks = repeat.part().groups().stream().anyMatch(groups::contains);
            return (!marks || (repeat.min() <= 1 && repeat.max() == 1))
                    && (repeat.max() >= 0 || !repeat.part().canBeEmpty())
                    && canMark(repeat.part(), groups);
        }
        return true;
    }

    int size() {
        return kinds.length;
    }

    int start() {
        return start;
    }

    byte kind(int step) {
        return kinds[step];
    }

    int next(int step) {
        return next[step];
    }

    int argument(int step) {
        return arguments[step];
    }

    /** Returns the MATCH step of a pattern. */
    int match(int pattern) {
        for (int step = 0; step < kinds.length; step++) {
            if (kinds[step] == MATCH && arguments[step] == pattern) {
                return step;
            }
        }
        throw new IllegalArgumentException("no pattern " + pattern);
    }

    /**
     * Returns the index of the first predecessor of this step. Its predecessors end where those of the next step
     * begin.
     */
    int firstBefore(int step) {
        return firstBefore[step];
    }

    int before(int index) {
        return before[index];
    }

    /** Returns whether readings can have passed a mark of their own pattern when they reach a step. */
    boolean isAfterMark(int step) {
        return afterMark[step];
    }

    /** Returns whether a step marks the end of a group in a shared beginning. */
    boolean endsSharedGroup(int step) {
        return kinds[step] == MARK && owners[step] == NONE && (arguments[step] & ENDS) != 0;
    }

    /** Returns the marks of the ends of groups in a shared beginning, among these steps. */
    int sharedEnds(boolean[] steps) {
        int ends = 0;
        for (int step = 0; step < kinds.length; step++) {
            ends |= steps[step] && endsSharedGroup(step) ? arguments[step] : 0;
        }
        return ends;
    }

    private boolean[] afterMark() {
        Steps after = new Steps(kinds.length);
        for (int step = 0; step < kinds.length; step++) {
            if (kinds[step] == MARK && owners[step] != NONE) {
                after.add(next[step]);
            }
        }
        boolean[] is = new boolean[kinds.length];
        for (int i = 0; i < after.size(); i++) {
            int step = after.get(i);
            is[step] = true;
            if (kinds[step] != MATCH) {
                after.add(next[step]);
            }
            if (kinds[step] == SPLIT) {
                after.add(arguments[step]);
            }
        }
        return is;
    }

    private int[] before() {
        for (int step = 0; step < kinds.length; step++) {
            if (kinds[step] != MATCH) {
                firstBefore[next[step] + 1]++;
            }
            if (kinds[step] == SPLIT) {
                firstBefore[arguments[step] + 1]++;
            }
        }
        for (int i = 1; i < firstBefore.length; i++) {
            firstBefore[i] += firstBefore[i - 1];
        }
        int[] all = new int[firstBefore[kinds.length]];
        int[] filled = firstBefore.clone();
        for (int step = 0; step < kinds.length; step++) {
            if (kinds[step] != MATCH) {
                all[filled[next[step]]++] = step;
            }
            if (kinds[step] == SPLIT) {
                all[filled[arguments[step]]++] = step;
            }
        }
        return all;
    }

    int owner(int step) {
        return owners[step];
    }

    /** Returns the steps that can lead to the match of a pattern, or to any match if NONE. */
    boolean[] leadingTo(int pattern) {
        Steps leading = new Steps(kinds.length);
        for (int step = 0; step < kinds.length; step++) {
            if (kinds[step] == MATCH && (pattern == NONE || arguments[step] == pattern)) {
                leading.add(step);
            }
        }
        boolean[] is = new boolean[kinds.length];
        for (int i = 0; i < leading.size(); i++) {
            int step = leading.get(i);
            is[step] = true;
            for (int j = firstBefore[step]; j < firstBefore[step + 1]; j++) {
                leading.add(before[j]);
            }
        }
        return is;
    }

    /** Returns the classes of bytes that these steps do not distinguish. */
    ByteClasses classes(boolean[] steps) {
        Set<Integer> used = new TreeSet<>();
        for (int step = 0; step < kinds.length; step++) {
            if (kinds[step] == TAKE && steps[step]) {
                used.add(arguments[step]);
            }
        }
        return new ByteClasses(sets, used, asksWords);
    }

    /** Returns whether any condition asks for word boundaries. */
    boolean asksWords() {
        return asksWords;
    }

    /** Returns whether a CONDITION step is true at a position. */
    boolean holds(int step, boolean atBegin, boolean atEnd, boolean wordBefore, boolean wordAfter) {
        return switch (CONDITIONS.get(arguments[step])) {
            case BEGIN -> atBegin;
            case END -> atEnd;
            case WORD_BOUNDARY -> wordBefore != wordAfter;
            case NO_WORD_BOUNDARY -> wordBefore == wordAfter;
        };
    }

    /** The beginning that patterns can share. */
    private record Beginning(Expression prefix, List<String> groups) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Beginning that && prefix.equals(that.prefix) && groups.equals(that.groups);
        }

        @Override
        public int hashCode() {
            return 31 * prefix.hashCode() + groups.hashCode();
        }
    }
}
