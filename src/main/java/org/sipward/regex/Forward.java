package org.sipward.regex;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Runs a program over bytes from the first to the last, in all readings at once, with one look into a table for each byte:
 * a state is the set of steps at which a reading may be.
 *
 * <p>A way below {@link TransitionTable#UNKNOWN} leads to a settled state: whatever comes, the same has matched. One that leads away
 * from the last state at which a {@link Lead} can be had is below {@link TransitionTable#CROSSED}.
 *
 * <p>Run for one pattern, it tells the marks that are passed at each place. Those that depend on the byte behind the place
 * are known only one state later.
 *
 * <p>Memory: see {@link TransitionTable}. Not thread-safe.
 */
final class Forward {
    private static final int WORD_BEFORE = 1;
    private static final int AT_BEGIN = 2;
    /** What stands where in a key: the marks passed at this place, those passed at the place before, flags, steps. */
    private static final int HERE = 0;

    private static final int BEFORE = 1;
    private static final int FLAGS = TransitionTable.MARKS;
    private static final int FIRST_STEP = FLAGS + 1;

    private final Program program;
    private final ByteClasses classes;
    private final boolean[] own;
    private final boolean hasMarks;
    private final boolean[] early;
    private final TransitionTable table;
    private final Steps reached;
    private final Steps ready;
    private int[][] endings = new int[16][];
    private int[] endMarks = new int[16];
    private int passed;
    private int start;

    /**
     * Makes an automaton that knows no state but the first.
     *
     * @param own the steps that it is run for
     * @param hasMarks whether marks are noted, else they are passed over; then the steps must be those of one pattern
     * @param early by pattern, whether a state is settled as well where this is the only one that may still match, which
     *     then counts as matching
     * @param maxEntries how many entries the table may have at most
     */
    Forward(Program program, ByteClasses classes, boolean[] own, boolean hasMarks, boolean[] early, int maxEntries) {
        this.program = program;
        this.classes = classes;
        this.own = own;
        this.hasMarks = hasMarks;
        this.early = early;
        this.table = new TransitionTable(classes.count(), maxEntries, program.size() + FIRST_STEP);
        this.reached = new Steps(program.size());
        this.ready = new Steps(program.size());
        clear();
    }

    /** Returns the first state. */
    int start() {
        return start;
    }

    TransitionTable table() {
        return table;
    }

    /** Goes a way for the first time; returns it, or {@link TransitionTable#UNKNOWN} if there is no room. */
    short way(int state, int byteClass) {
        int[] key = table.key(state);
        boolean wordBehind = program.asksWords() && classes.isWord(byteClass);
        int passedBefore = pass(key, wordBehind, false);
        passed = 0;
        reached.clear();
        for (int i = 0; i < ready.size(); i++) {
            int step = ready.get(i);
            if (program.kind(step) == Program.MATCH) {
                // It has matched, whatever comes. Its mark stands where that began.
                reached.add(step);
            }
        }
        for (int i = 0; i < ready.size(); i++) {
            int step = ready.get(i);
            if (program.kind(step) == Program.TAKE && classes.isIn(program.argument(step), byteClass)) {
                arrive(reached, program.next(step));
            }
        }
        int[] target = reachedKey(passedBefore, wordBehind ? WORD_BEFORE : 0);
        int next = table.state(target);
        if (next == TransitionTable.UNKNOWN) {
            return TransitionTable.UNKNOWN;
        }
        short way = table.way(next);
        if (isSettled(target)) {
            way = (short) (-2 - next);
        } else if (!hasMarks && isUnmarked(key) && !isUnmarked(target)) {
            way = (short) (TransitionTable.CROSSING + next);
        }
        return table.note(state, byteClass, way);
    }

    /** Forgets all states but the first. */
    void clear() {
        table.clear();
        Arrays.fill(endings, null);
        int dead = table.state(new int[FIRST_STEP]);
        // Out of the dead state no way leads.
        Arrays.fill(table.entries(), dead << table.shift(), (dead + 1) << table.shift(), TransitionTable.DEAD);
        passed = 0;
        reached.clear();
        arrive(reached, program.start());
        start = table.state(reachedKey(0, AT_BEGIN));
    }

    /** Forgets all states but the first and this one; returns its number as it is now, or UNKNOWN. */
    int clearBut(int state) {
        int[] key = table.key(state);
        clear();
        return table.state(key);
    }

    /** Returns the state of another automaton of this program, as far as this one's pattern goes, or UNKNOWN. */
    int like(int[] otherKey) {
        passed = 0;
        reached.clear();
        for (int i = FIRST_STEP; i < otherKey.length; i++) {
            arrive(reached, otherKey[i]);
        }
        passed = 0;
        return table.state(reachedKey(0, otherKey[FLAGS]));
    }

    /** Returns whether at a state no early pattern has matched, and no group of one can have been reached. */
    boolean isUnmarked(int[] key) {
        for (int i = FIRST_STEP; i < key.length; i++) {
            int owner = program.owner(key[i]);
            // Behind a condition a mark can lie at the same place.
            if ((owner == Program.NONE || early[owner])
                    && (program.kind(key[i]) != Program.TAKE || program.isBehindMark(key[i]))) {
                return false;
            }
        }
        return true;
    }

    /** Returns which patterns match if the bytes end at this state, or have led to this settled one. Not to be changed. */
    int[] matches(int way) {
        int state = way < TransitionTable.UNKNOWN ? -2 - way : way;
        if (state >= endings.length) {
            endings = Arrays.copyOf(endings, Math.max(state + 1, endings.length * 2));
            endMarks = Arrays.copyOf(endMarks, endings.length);
        }
        if (endings[state] == null) {
            int[] key = table.key(state);
            endMarks[state] = pass(key, false, true) | key[HERE];
            endings[state] = ending(key);
        }
        return endings[state];
    }

    /** Returns the marks that readings pass where the bytes end. */
    int endMarks(int state) {
        matches(state);
        return endMarks[state];
    }

    /** Fills ready with all steps that readings at a state can be at, now that it is known what comes. Returns the new marks. */
    private int pass(int[] key, boolean wordBehind, boolean atEnd) {
        ready.clear();
        for (int i = FIRST_STEP; i < key.length; i++) {
            ready.add(key[i]);
        }
        passed = 0;
        for (int i = 0; i < ready.size(); i++) {
            int step = ready.get(i);
            if (program.kind(step) != Program.CONDITION) {
                follow(ready, step);
            } else if (program.holds(
                    step, (key[FLAGS] & AT_BEGIN) != 0, atEnd, (key[FLAGS] & WORD_BEFORE) != 0, wordBehind)) {
                arrive(ready, program.next(step));
            }
        }
        return passed;
    }

    private void arrive(Steps steps, int step) {
        if (own[step]) {
            passed |= hasMarks && program.kind(step) == Program.MATCH ? Program.MATCH_MARK : 0;
            steps.add(step);
        }
    }

    /** Follows a step that needs no byte and asks nothing. */
    private void follow(Steps steps, int step) {
        byte kind = program.kind(step);
        if (kind == Program.SPLIT) {
            arrive(steps, program.next(step));
            arrive(steps, program.argument(step));
        } else if (kind == Program.MARK) {
            passed |= hasMarks ? program.argument(step) : 0;
            arrive(steps, program.next(step));
        }
    }

    /** Follows all that was reached as far as no byte is needed, and returns the key of those steps that need one, ask or match. */
    private int[] reachedKey(int passedBefore, int flags) {
        for (int i = 0; i < reached.size(); i++) {
            follow(reached, reached.get(i));
        }
        int[] key = new int[FIRST_STEP + reached.size()];
        int length = FIRST_STEP;
        for (int i = 0; i < reached.size(); i++) {
            byte kind = program.kind(reached.get(i));
            if (kind != Program.SPLIT && kind != Program.MARK) {
                key[length++] = reached.get(i);
            }
        }
        if (length == FIRST_STEP) {
            return new int[FIRST_STEP];
        }
        Arrays.sort(key, FIRST_STEP, length);
        key[HERE] = passed;
        key[BEFORE] = passedBefore;
        key[FLAGS] = flags;
        return Arrays.copyOf(key, length);
    }

    private boolean isSettled(int[] key) {
        boolean settled = key.length > FIRST_STEP && key[HERE] == 0 && key[BEFORE] == 0;
        int last = Program.NONE;
        for (int i = FIRST_STEP; i < key.length && settled; i++) {
            if (program.kind(key[i]) != Program.MATCH) {
                int owner = program.owner(key[i]);
                settled = owner != Program.NONE && early[owner] && (last == Program.NONE || last == owner);
                last = owner;
            }
        }
        return settled;
    }

    /** Returns the patterns that match, of what {@link #pass} has just made ready. */
    private int[] ending(int[] key) {
        IntStream.Builder found = IntStream.builder();
        // The first state is no way's end.
        boolean settled = (key[FLAGS] & AT_BEGIN) == 0 && isSettled(key);
        for (int i = 0; i < ready.size(); i++) {
            int step = ready.get(i);
            if (program.kind(step) == Program.MATCH) {
                found.add(program.argument(step));
            } else if (settled) {
                found.add(program.owner(step));
            }
        }
        return found.build().sorted().distinct().toArray();
    }
}
