package org.sipward.regex;

import java.util.Arrays;

/**
 * Numbers sets of steps, the states of an automaton, from 0. Memory is bounded: it accepts only a given number of
 * states, and of ints in all. Not thread-safe.
 */
final class States {
    private static final int[] NONE = {};

    private final int maxStates;
    private final int maxInts;
    private int[][] keys = new int[16][];
    private int[] table = new int[64];
    private int size;
    private int ints;

    States(int maxStates, int maxInts) {
        this.maxStates = maxStates;
        this.maxInts = maxInts;
        Arrays.fill(table, -1);
    }

    int size() {
        return size;
    }

    /** Returns the key of a state. */
    int[] key(int state) {
        return keys[state];
    }

    /** Returns the number of the state with this key; a new key gets a new number, or -1 if there is no room. */
    int number(int[] key) {
        int at = slot(key);
        if (table[at] >= 0) {
            return table[at];
        }
        if (size == maxStates || ints + key.length > maxInts) {
            return -1;
        }
        if (size == keys.length) {
            keys = Arrays.copyOf(keys, size * 2);
            Arrays.fill(keys, size, size * 2, NONE);
        }
        keys[size] = key;
        ints += key.length;
        table[at] = size++;
        if (size * 2 > table.length) {
            table = new int[table.length * 2];
            Arrays.fill(table, -1);
            for (int state = 0; state < size; state++) {
                table[slot(keys[state])] = state;
            }
        }
        return size - 1;
    }

    /** Forgets all states. */
    void clear() {
        Arrays.fill(keys, NONE);
        Arrays.fill(table, -1);
        size = 0;
        ints = 0;
    }

    private int slot(int[] key) {
        int hash = Arrays.hashCode(key);
        int at = (hash ^ hash >>> 15) & (table.length - 1);
        while (table[at] >= 0 && !Arrays.equals(keys[table[at]], key)) {
            at = (at + 1) & (table.length - 1);
        }
        return at;
    }
}
