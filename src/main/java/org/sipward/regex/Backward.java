package org.sipward.regex;

import java.util.Arrays;

/**
 * Runs a program over bytes from the last to the first, for one pattern. A state is the set of steps that take the
 * byte after a position and from which a reading reaches the match. A mark that {@link Forward} passes counts only if
 * it is passed here at the same position. Marks are known one state later, when the byte before the position is known.
 *
 * <p>Memory: see {@link TransitionTable}. Not thread-safe.
 */
final class Backward {
    private static final int WORD_AFTER = 1;
    private static final int AT_END = 2;
    /** The layout of a key: the marks passed at the position after this one, an unused int, flags, steps. */
    private static final int AFTER = 0;

    private static final short UNKNOWN = TransitionTable.UNKNOWN;
    private static final int FLAGS = TransitionTable.MARKS;
    private static final int FIRST_STEP = FLAGS + 1;

    private final Program program;
    private final ByteClasses classes;
    private final int always;
    private final TransitionTable table;
    private final Steps alive;
    private final Steps taking;
    private final int match;
    private int atEnd;
    private int matched;
    private int[] beginMarks = {};

    /** @param always marks that are passed at every position */
    Backward(Program program, ByteClasses classes, int only, int always, int maxEntries) {
        this.program = program;
        this.classes = classes;
        this.always = always;
        this.table = new TransitionTable(classes.count(), maxEntries, program.size() + FIRST_STEP);
        this.alive = new Steps(program.size());
        this.taking = new Steps(program.size());
        this.match = program.match(only);
        begin();
    }

    private void begin() {
        int[] key = new int[FIRST_STEP];
        matched = table.state(key.clone());
        key[FLAGS] = AT_END;
        atEnd = table.state(key);
    }

    TransitionTable table() {
        return table;
    }

    /** Returns the state at the end of the bytes. */
    int atEnd() {
        return atEnd;
    }

    /** Returns the state at a position where all readings have matched. */
    int matched() {
        return matched;
    }

    /**
     * Computes a transition over the byte before the position for the first time; returns it, or UNKNOWN if there is
     * no room.
     */
    short transition(int state, int byteClass) {
        boolean wordBefore = program.asksWords() && classes.isWord(byteClass);
        int passed = pass(table.key(state), false, wordBefore);
        taking.clear();
        for (int i = 0; i < alive.size(); i++) {
            int step = alive.get(i);
            for (int j = program.firstBefore(step); j < program.firstBefore(step + 1); j++) {
                int one = program.before(j);
                if (program.kind(one) == Program.TAKE && classes.isIn(program.argument(one), byteClass)) {
                    taking.add(one);
                }
            }
        }
        int[] key = new int[FIRST_STEP + taking.size()];
        for (int i = 0; i < taking.size(); i++) {
            key[FIRST_STEP + i] = taking.get(i);
        }
        Arrays.sort(key, FIRST_STEP, key.length);
        key[AFTER] = passed;
        key[FLAGS] = wordBefore ? WORD_AFTER : 0;
        int next = table.state(key);
        return next == UNKNOWN ? UNKNOWN : table.note(state, byteClass, table.transition(next));
    }

    /** Returns the marks that are passed at the beginning of the bytes. */
    int beginMarks(int state) {
        if (state >= beginMarks.length) {
            int old = beginMarks.length;
            beginMarks = Arrays.copyOf(beginMarks, Math.max(state + 1, old * 2));
            Arrays.fill(beginMarks, old, beginMarks.length, UNKNOWN);
        }
        if (beginMarks[state] == UNKNOWN) {
            beginMarks[state] = pass(table.key(state), true, false);
        }
        return beginMarks[state];
    }

    /** Forgets all states except the two that a run can begin with. */
    void clear() {
        table.clear();
        Arrays.fill(beginMarks, UNKNOWN);
        begin();
    }

    /** Returns whether a TAKE step leads to the match, at a state with this key. */
    static boolean isAlive(int[] key, int step) {
        return Arrays.binarySearch(key, FIRST_STEP, key.length, step) >= 0;
    }

    /** Fills {@code alive} with all steps from which the match can be reached, now that the byte before is known. */
    private int pass(int[] key, boolean atBegin, boolean wordBefore) {
        int passed = always;
        alive.clear();
        alive.add(match);
        for (int i = FIRST_STEP; i < key.length; i++) {
            alive.add(key[i]);
        }
        boolean atEnd = (key[FLAGS] & AT_END) != 0;
        boolean wordAfter = (key[FLAGS] & WORD_AFTER) != 0;
        for (int i = 0; i < alive.size(); i++) {
            int step = alive.get(i);
            for (int j = program.firstBefore(step); j < program.firstBefore(step + 1); j++) {
                int one = program.before(j);
                byte kind = program.kind(one);
                if (kind == Program.TAKE
                        || (kind == Program.CONDITION && !program.holds(one, atBegin, atEnd, wordBefore, wordAfter))) {
                    continue;
                }
                passed |= kind == Program.MARK ? program.argument(one) : 0;
                alive.add(one);
            }
        }
        return passed;
    }
}
