package org.sipward.regex;

import java.util.Arrays;

/**
 * Runs a program over bytes from the last to the first, for one pattern: a state is the set of steps that take the byte
 * behind a place and from which a reading comes to the match. Of the marks that {@link Forward} passes, those count that
 * are passed here at the same place; they are known one state later, when the byte before the place is.
 *
 * <p>Memory: see {@link TransitionTable}. Not thread-safe.
 */
final class Backward {
    private static final int WORD_BEHIND = 1;
    private static final int AT_END = 2;
    /** What stands where in a key: the marks passed at the place behind, nothing, flags, steps. */
    private static final int BEHIND = 0;

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

    /** @param always marks that are passed at every place */
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

    /** Returns the state where the bytes end. */
    int atEnd() {
        return atEnd;
    }

    /** Returns the state at a place where all readings have matched. */
    int matched() {
        return matched;
    }

    /** Goes a way for the first time, over the byte before the place; returns it, or UNKNOWN if there is no room. */
    short way(int state, int byteClass) {
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
        key[BEHIND] = passed;
        key[FLAGS] = wordBefore ? WORD_BEHIND : 0;
        int next = table.state(key);
        return next == UNKNOWN ? UNKNOWN : table.note(state, byteClass, table.way(next));
    }

    /** Returns the marks that are passed where the bytes begin. */
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

    /** Forgets all states but the two that bytes are begun with. */
    void clear() {
        table.clear();
        Arrays.fill(beginMarks, UNKNOWN);
        begin();
    }

    /** Returns whether a TAKE step leads to the match at a state with this key. */
    static boolean isAlive(int[] key, int step) {
        return Arrays.binarySearch(key, FIRST_STEP, key.length, step) >= 0;
    }

    /** Fills alive with all steps from which the match can be reached, now that it is known what stands before. */
    private int pass(int[] key, boolean atBegin, boolean wordBefore) {
        int passed = always;
        alive.clear();
        alive.add(match);
        for (int i = FIRST_STEP; i < key.length; i++) {
            alive.add(key[i]);
        }
        boolean atEnd = (key[FLAGS] & AT_END) != 0;
        boolean wordBehind = (key[FLAGS] & WORD_BEHIND) != 0;
        for (int i = 0; i < alive.size(); i++) {
            int step = alive.get(i);
            for (int j = program.firstBefore(step); j < program.firstBefore(step + 1); j++) {
                int one = program.before(j);
                byte kind = program.kind(one);
                if (kind == Program.TAKE
                        || (kind == Program.CONDITION && !program.holds(one, atBegin, atEnd, wordBefore, wordBehind))) {
                    continue;
                }
                passed |= kind == Program.MARK ? program.argument(one) : 0;
                alive.add(one);
            }
        }
        return passed;
    }
}
