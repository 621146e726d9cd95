package org.sipward.regex;

import java.util.Arrays;

/**
 * A set of steps that is filled and emptied again and again, in constant time per step. It takes one bit for each step
 * of the program, and four bytes for each step of the largest content so far: each matched pattern has several such
 * sets, with few steps in them. Not thread-safe.
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

    /** Adds a step; returns whether it was new. */
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

    boolean contains(int step) {
        return (present[step / Long.SIZE] & 1L << step) != 0;
    }

    int size() {
        return size;
    }

    /** Returns the step that was added i-th, from 0. */
    int get(int i) {
        return members[i];
    }
}
