package org.sipward.store;

import java.util.Arrays;

/** The summary of packed bans, which can be read without unpacking them. Immutable. Memory: 4 bytes for each key. */
final class Head {
    /** The head of a damaged row. */
    static final Head UNKNOWN = new Head(0, Long.MAX_VALUE, Long.MIN_VALUE, new int[0]);

    private final int size;
    private final long first;
    private final long last;
    private final int[] keys;

    /**
     * @param first the earliest beginning of a ban, in milliseconds since 1970
     * @param last the latest beginning of a ban
     * @param keys the keys of their networks, in ascending order; must not be changed any more
     */
    Head(int size, long first, long last, int[] keys) {
        this.size = size;
        this.first = first;
        this.last = last;
        this.keys = keys;
    }

    /** Returns the number of bans. */
    int size() {
        return size;
    }

    long first() {
        return first;
    }

    long last() {
        return last;
    }

    int[] keys() {
        return keys.clone();
    }

    /** Returns this head without keys. */
    Head withoutKeys() {
        return new Head(size, first, last, UNKNOWN.keys);
    }

    /** Returns whether a network with one of these keys may be there. If it returns false, none is there. */
    boolean mayHoldOneOf(int[] wanted) {
        for (int key : wanted) {
            if (Arrays.binarySearch(keys, key) >= 0) {
                return true;
            }
        }
        return false;
    }
}
