package org.sipward.store;

import java.util.Arrays;

/** What can be told of packed bans without unpacking them. Immutable. Memory: 4 bytes for each key. */
final class Head {
    /** Nothing is known. */
    static final Head UNKNOWN = new Head(0, Long.MAX_VALUE, Long.MIN_VALUE, new int[0]);

    private final int size;
    private final long first;
    private final long last;
    private final int[] keys;

    /**
     * @param first the earliest beginning of a ban, in milliseconds since 1970
     * @param last the latest
     * @param keys of their networks, in ascending order; not to be changed any more
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

    /** Returns this without keys. */
    Head withoutKeys() {
        return new Head(size, first, last, UNKNOWN.keys);
    }

    /** Returns whether there may be a network with one of these keys: that there is none is certain. */
    boolean mayHoldOneOf(int[] wanted) {
        for (int key : wanted) {
            if (Arrays.binarySearch(keys, key) >= 0) {
                return true;
            }
        }
        return false;
    }
}
