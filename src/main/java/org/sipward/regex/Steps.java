package org.sipward.regex;

import java.util.Arrays;

/** A set of steps that is filled and emptied again and again, in constant time each. Not thread-safe. */
final class Steps {
    private final int[] members;
    private final int[] seenIn;
    private int round = 1;
    private int size;

    Steps(int capacity) {
        members = new int[capacity];
        seenIn = new int[capacity];
    }

    void clear() {
        size = 0;
        if (++round == 0) {
            Arrays.fill(seenIn, 0);
            round = 1;
        }
    }

    /** Adds a step; returns whether it was not there. */
    boolean add(int step) {
        if (seenIn[step] == round) {
            return false;
        }
        seenIn[step] = round;
        members[size++] = step;
        return true;
    }

    int size() {
        return size;
    }

    /** Returns the i-th that was added. */
    int get(int i) {
        return members[i];
    }
}
