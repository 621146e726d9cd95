package org.sipward.regex;

import java.util.Arrays;

/**
 * Follows the reading that re2j takes. At each position it tries the steps in order, and takes the first step that
 * leads to a match; the {@link Backward} states show which steps do. So it never has to backtrack. Not thread-safe.
 */
final class Walk {
    private static final int REMEMBERED = 256;
    private static final long SPREAD = 0x9e37_79b9_7f4a_7c15L;

    private final Program program;
    private final boolean[] own;
    private final Backward backward;
    private final ByteClasses classes;
    private final int[] anchors;
    /** Steps to try at this position, the next one on top, each with the marks on the way to it. */
    private int[] steps = new int[64];

    private int[] marks = new int[64];
    private int height;
    private final Steps tried;
    private int passed;
    private boolean asked;
    /** Remembered choices: from which step and backward state, which step was taken, and the marks on the way. */
    private final long[] chosenAt = new long[REMEMBERED];

    private final int[] chosen = new int[REMEMBERED];
    private final int[] chosenMarks = new int[REMEMBERED];

    /** Makes a walk for the steps of one pattern. */
    Walk(Program program, ByteClasses classes, boolean[] own, Backward backward) {
        this.own = own;
        this.program = program;
        this.backward = backward;
        this.classes = classes;
        this.tried = new Steps(program.size());
        forget();
        this.anchors = new int[Program.MAX_GROUPS];
        for (int step = 0; step < program.size(); step++) {
            for (int group = 0; group < anchors.length; group++) {
                if (own[step]
                        && program.kind(step) == Program.MARK
                        && program.argument(step) == Program.ANCHOR << (Program.MARKS * group)) {
                    anchors[group] = step;
                }
            }
        }
    }

    /**
     * Finds a group, beginning at its anchor's position.
     *
     * @param end the position after which a match needs nothing more
     * @param atEnd whether the bytes end there
     * @param states the backward state of each position from the anchor to the end
     * @return false if the group is not found
     */
    boolean from(int anchor, int group, byte[] buffer, int from, int end, boolean atEnd, short[] states, int[] places) {
        int shift = Program.MARKS * group;
        int step = anchors[group];
        int start = -1;
        for (int i = anchor; ; i++) {
            int taken = choose(step, i, buffer, from, end, atEnd, states[i]);
            int own = passed >>> shift;
            if ((own & Program.ABSENT) != 0) {
                places[2 * group] = -1;
                places[2 * group + 1] = -1;
                return true;
            }
            if ((own & Program.START) != 0) {
                start = i;
            }
            if ((own & Program.END) != 0) {
                places[2 * group] = start;
                places[2 * group + 1] = i;
                return start >= 0;
            }
            if (taken < 0 || i >= end) {
                return false;
            }
            step = program.next(taken);
        }
    }

    /** Forgets the remembered choices, because the backward states have new numbers. */
    void forget() {
        Arrays.fill(chosenAt, -1);
    }

    /**
     * Returns the TAKE step to go to from a step, or -1 for the match; {@code passed} then has the marks on the way.
     */
    private int choose(int from, int place, byte[] buffer, int offset, int end, boolean atEnd, int state) {
        long choice = ((long) from << Short.SIZE) | state;
        int slot = (int) ((choice * SPREAD) >>> 56);
        if (chosenAt[slot] == choice) {
            passed = chosenMarks[slot];
            return chosen[slot];
        }
        int taken = firstAlive(from, place, buffer, offset, end, atEnd, state);
        // A choice that depends on the neighbouring bytes may differ next time.
        chosenAt[slot] = asked ? -1 : choice;
        chosen[slot] = taken;
        chosenMarks[slot] = passed;
        return taken;
    }

    private int firstAlive(int from, int place, byte[] buffer, int offset, int end, boolean atEnd, int state) {
        int[] alive = backward.table().key(state);
        tried.clear();
        asked = false;
        height = 0;
        push(from, 0);
        while (height > 0) {
            int step = steps[--height];
            passed = marks[height];
            if (!tried.add(step)) {
                continue;
            }
            switch (program.kind(step)) {
                case Program.TAKE -> {
                    if (Backward.isAlive(alive, step)) {
                        return step;
                    }
                }
                case Program.SPLIT -> {
                    push(program.argument(step), passed);
                    push(program.next(step), passed);
                }
                case Program.MARK -> push(program.next(step), passed | program.argument(step));
                case Program.CONDITION -> {
                    asked = true;
                    boolean before = place > 0 && isWord(buffer[offset + place - 1]);
                    boolean after = place < end && isWord(buffer[offset + place]);
                    if (program.holds(step, place == 0, atEnd && place == end, before, after)) {
                        push(program.next(step), passed);
                    }
                }
                default -> {
                    return -1;
                }
            }
        }
        passed = 0;
        return -1;
    }

    private boolean isWord(byte value) {
        return program.asksWords() && classes.isWord(classes.table()[value & 0xff]);
    }

    private void push(int step, int passedThere) {
        if (!own[step]) {
            return;
        }
        if (height == steps.length) {
            steps = Arrays.copyOf(steps, height * 2);
            marks = Arrays.copyOf(marks, height * 2);
        }
        steps[height] = step;
        marks[height++] = passedThere;
    }
}
