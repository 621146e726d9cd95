package org.sipward.regex;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Runs a program over bytes from the first to the last, in all readings at once, with one table lookup per byte. A
 * state is the set of steps at which a reading may be.
 *
 * <p>A transition below {@link TransitionTable#UNKNOWN} leads to a settled state: whatever bytes follow, the result is
 * the same. A transition that leaves the last state at which a {@link Lead} is possible is below
 * {@link TransitionTable#CROSSED}.
 *
 * <p>If it runs for one pattern, it returns the marks that are passed at each position by readings that go on over the
 * byte after it. So these marks are known one state later: in {@code [^"]*</F-USER>"}, the end of the group is passed
 * before the quote only. That a reading has matched is known at once.
 *
 * <p>Memory: see {@link TransitionTable}. Not thread-safe.
 */
final class Forward {
    private static final int WORD_BEFORE = 1;
    private static final int AT_BEGIN = 2;
    /** A reading has passed the end of a group in a shared beginning. Only noted if marks are not. */
    private static final int SHARED_GROUP = 4;
    /**
     * The layout of a key: whether a reading has matched at this position, as a mark; the marks passed at the position
     * before; flags; steps.
     */
    private static final int HERE = 0;

    private static final int BEFORE = 1;
    private static final int FLAGS = TransitionTable.MARKS;
    private static final int FIRST_STEP = FLAGS + 1;

    private final Program program;
    private final ByteClasses classes;
    private final boolean[] own;
    private final boolean hasMarks;
    private final boolean[] early;
    private final boolean[] led;
    private final TransitionTable table;
    private final Steps reached;
    private final Steps ready;
    private final Steps goingOn;
    private int[][] endings = new int[16][];
    private int[] endMarks = new int[16];
    private int passed;
    private boolean passedShared;
    private int start;

    /**
     * Makes an automaton that knows only the first state.
     *
     * @param own the steps to run
     * @param hasMarks whether to note marks; if so, the steps must be those of one pattern
     * @param early for each pattern, whether a state is also settled if this is the only pattern that may still match;
     *     the pattern then counts as matching
     * @param led for each pattern, whether a {@link Lead} must lie before its groups and its match
     * @param maxEntries the most entries that the table may have
     */
    Forward(
            Program program,
            ByteClasses classes,
            boolean[] own,
            boolean hasMarks,
            boolean[] early,
            boolean[] led,
            int maxEntries) {
        this.program = program;
        this.classes = classes;
        this.own = own;
        this.hasMarks = hasMarks;
        this.early = early;
        this.led = led;
        this.table = new TransitionTable(classes.count(), maxEntries, program.size() + FIRST_STEP);
        this.reached = new Steps(program.size());
        this.ready = new Steps(program.size());
        this.goingOn = new Steps(program.size());
        clear();
    }

    /** Returns the first state. */
    int start() {
        return start;
    }

    TransitionTable table() {
        return table;
    }

    /** Computes a transition for the first time; returns it, or {@link TransitionTable#UNKNOWN} if there is no room. */
    short transition(int state, int byteClass) {
        int[] key = table.key(state);
        boolean wordAfter = program.asksWords() && classes.isWord(byteClass);
        passedShared = (key[FLAGS] & SHARED_GROUP) != 0;
        int passedBefore = pass(key, wordAfter, false) | (hasMarks ? marksBefore(key[FLAGS], byteClass, wordAfter) : 0);
        passed = 0;
        reached.clear();
        for (int i = 0; i < ready.size(); i++) {
            int step = ready.get(i);
            if (program.kind(step) == Program.MATCH) {
                // It has matched, whatever follows. Its mark is at the position where the match was first complete.
                reached.add(step);
            }
        }
        for (int i = 0; i < ready.size(); i++) {
            int step = ready.get(i);
            if (program.kind(step) == Program.TAKE && classes.isIn(program.argument(step), byteClass)) {
                arrive(reached, program.next(step));
            }
        }
        int[] target = reachedKey(passedBefore, wordAfter ? WORD_BEFORE : 0);
        boolean leaves = !hasMarks && isUnmarked(key) && !isUnmarked(target);
        int next = table.state(target);
        if (next == TransitionTable.UNKNOWN) {
            return TransitionTable.UNKNOWN;
        }
        short transition = table.transition(next);
        if (isSettled(target)) {
            transition = (short) (-2 - next);
        } else if (leaves && (target[FLAGS] & SHARED_GROUP) == 0) {
            transition = (short) (TransitionTable.CROSSING + next);
        }
        return table.note(state, byteClass, transition);
    }

    /**
     * Returns the marks that are passed, among the steps that {@link #pass} has just made ready, by readings that go on
     * over a byte of this class or have matched.
     */
    private int marksBefore(int flags, int byteClass, boolean wordAfter) {
        goingOn.clear();
        for (int i = 0; i < ready.size(); i++) {
            int step = ready.get(i);
            byte kind = program.kind(step);
            if (kind == Program.MATCH || (kind == Program.TAKE && classes.isIn(program.argument(step), byteClass))) {
                goingOn.add(step);
            }
        }
        int marks = 0;
        for (int i = 0; i < goingOn.size(); i++) {
            int step = goingOn.get(i);
            for (int j = program.firstBefore(step); j < program.firstBefore(step + 1); j++) {
                int one = program.before(j);
                byte kind = program.kind(one);
                if (ready.contains(one)
                        && kind != Program.TAKE
                        && (kind != Program.CONDITION || holds(one, flags, wordAfter, false))) {
                    marks |= kind == Program.MARK ? program.argument(one) : 0;
                    goingOn.add(one);
                }
            }
        }
        return marks;
    }

    private boolean holds(int condition, int flags, boolean wordAfter, boolean atEnd) {
        return program.holds(condition, (flags & AT_BEGIN) != 0, atEnd, (flags & WORD_BEFORE) != 0, wordAfter);
    }

    /** Forgets all states except the first. */
    void clear() {
        table.clear();
        Arrays.fill(endings, null);
        int dead = table.state(new int[FIRST_STEP]);
        // No transition leaves the dead state.
        Arrays.fill(table.entries(), dead << table.shift(), (dead + 1) << table.shift(), TransitionTable.DEAD);
        passed = 0;
        passedShared = false;
        reached.clear();
        arrive(reached, program.start());
        start = table.state(reachedKey(0, AT_BEGIN));
    }

    /** Forgets all states except the first and this state; returns this state's new number, or UNKNOWN. */
    int clearBut(int state) {
        int[] key = table.key(state);
        clear();
        return table.state(key);
    }

    /**
     * Returns the state here that corresponds to a state of another automaton of this program, for this automaton's
     * pattern only, or UNKNOWN.
     */
    int like(int[] otherKey) {
        passed = 0;
        reached.clear();
        for (int i = FIRST_STEP; i < otherKey.length; i++) {
            arrive(reached, otherKey[i]);
        }
        passed = 0;
        return table.state(reachedKey(0, otherKey[FLAGS]));
    }

    /**
     * Returns whether, at this state, no led pattern has matched, no group of a led pattern can have been reached, and
     * no group of a shared beginning has ended.
     */
    boolean isUnmarked(int[] key) {
        if ((key[FLAGS] & SHARED_GROUP) != 0) {
            return false;
        }
        for (int i = FIRST_STEP; i < key.length; i++) {
            int owner = program.owner(key[i]);
            // After a condition, a mark may apply at the same position.
            if ((owner == Program.NONE || led[owner])
                    && (program.kind(key[i]) != Program.TAKE || program.isAfterMark(key[i]))) {
                return false;
            }
        }
        return true;
    }

    /**
     * Returns the patterns that match if the bytes end at this state, or if they led to this settled state. Do not
     * change the array.
     */
    int[] matches(int transition) {
        int state = transition < TransitionTable.UNKNOWN ? -2 - transition : transition;
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

    /** Returns the marks that readings pass at the end of the bytes. */
    int endMarks(int state) {
        matches(state);
        return endMarks[state];
    }

    /**
     * Fills {@code ready} with all steps that readings at a state can reach, now that the next byte is known. Returns
     * whether any has matched now, as a mark; and at the end of the bytes all marks.
     */
    private int pass(int[] key, boolean wordAfter, boolean atEnd) {
        ready.clear();
        for (int i = FIRST_STEP; i < key.length; i++) {
            ready.add(key[i]);
        }
        passed = 0;
        for (int i = 0; i < ready.size(); i++) {
            int step = ready.get(i);
            if (program.kind(step) != Program.CONDITION) {
                follow(ready, step);
            } else if (holds(step, key[FLAGS], wordAfter, atEnd)) {
                arrive(ready, program.next(step));
            }
            passed |= hasMarks && atEnd && program.kind(step) == Program.MARK ? program.argument(step) : 0;
        }
        return passed;
    }

    private void arrive(Steps steps, int step) {
        if (own[step]) {
            passed |= hasMarks && program.kind(step) == Program.MATCH ? Program.MATCH_MARK : 0;
            steps.add(step);
        }
    }

    /** Follows a step that needs neither a byte nor a condition. */
    private void follow(Steps steps, int step) {
        byte kind = program.kind(step);
        if (kind == Program.SPLIT) {
            arrive(steps, program.next(step));
            arrive(steps, program.argument(step));
        } else if (kind == Program.MARK) {
            passedShared |= !hasMarks && program.endsSharedGroup(step);
            arrive(steps, program.next(step));
        }
    }

    /**
     * Follows all reached steps that need no byte, and returns the key of the steps that take a byte, ask a condition
     * or match, and of the marks on the way to them.
     */
    private int[] reachedKey(int passedBefore, int flags) {
        for (int i = 0; i < reached.size(); i++) {
            follow(reached, reached.get(i));
        }
        int[] key = new int[FIRST_STEP + reached.size()];
        int length = FIRST_STEP;
        for (int i = 0; i < reached.size(); i++) {
            byte kind = program.kind(reached.get(i));
            // The splits behind a mark are found again by following the mark.
            if (kind != Program.SPLIT && (kind != Program.MARK || hasMarks)) {
                key[length++] = reached.get(i);
            }
        }
        if (length == FIRST_STEP) {
            return new int[FIRST_STEP];
        }
        Arrays.sort(key, FIRST_STEP, length);
        key[HERE] = passed;
        key[BEFORE] = passedBefore;
        key[FLAGS] = flags | (passedShared ? SHARED_GROUP : 0);
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

    /** Returns the patterns that match among the steps that {@link #pass} has just made ready. */
    private int[] ending(int[] key) {
        IntStream.Builder found = IntStream.builder();
        // No transition leads to the first state.
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
