package org.sipward.regex;

import java.util.Arrays;

/**
 * A set of steps that is filled and emptied again and again, in constant time for each step. It takes a bit for each step that
 * there is, and four bytes for each of the most that it ever held: there are some of these for each pattern that was matched, and
 * few steps are in them. Not thread-safe.
 */
final class Steps {
    private final long[] present;
    private int[] members = new int[16];
    private int size;

    Steps(int capacity) {
        present = new long[(capacity + Long.SIZE - 1) / Long.SIZE];
    }

    void clear() {
        for (int i = 0; i < size; i++) {
            present[members[i] / Long.SIZE] = 0;
        }
        size = 0;
    }

    /** Adds a step; returns whether it was not there. */
    boolean add(int step) {
        long bit = 1L << step;
        if ((present[step / Long.SIZE] & bit) != 0) {
            return false;
        }
        present[step / Long.SIZE] |= bit;
        if (size == members.length) {
            members = Arrays.copyOf(members, 2 * size);
        }
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
