package org.sipward.regex;

/**
 * How far bytes were gone over before a group of an early pattern was reached, or such a pattern matched: from there the
 * groups of all of them are looked for. One object serves one call after the other. Not thread-safe.
 */
public final class Lead {
    private static final int[] NOWHERE = {};

    private int[] key = NOWHERE;
    private int place;

    /** Forgets it: groups are looked for from the first byte. */
    public void clear() {
        key = NOWHERE;
        place = 0;
    }

    void set(int[] stateKey, int at) {
        key = stateKey;
        place = at;
    }

    boolean isSet() {
        return key != NOWHERE;
    }

    /** Returns the key of the state of all patterns there. */
    int[] key() {
        return key;
    }

    int place() {
        return place;
    }
}
