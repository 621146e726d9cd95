package org.sipward.regex;

/**
 * How far bytes were gone over when only one pattern was left that might match them, and none of its groups had been
 * reached: from there they are looked for.
 * One object serves one call after the other. Not thread-safe.
 */
public final class Lead {
    private static final int[] NOWHERE = {};

    private int[] key = NOWHERE;
    private int place;
    private int pattern = Program.NONE;

    /** Forgets it: groups are looked for from the first byte. */
    public void clear() {
        key = NOWHERE;
        place = 0;
        pattern = Program.NONE;
    }

    void set(int[] stateKey, int at, int left) {
        key = stateKey;
        place = at;
        pattern = left;
    }

    /** Returns whether it helps this pattern. */
    boolean isOf(int wanted) {
        return pattern == wanted;
    }

    /** Returns the key of the state of all patterns there. */
    int[] key() {
        return key;
    }

    int place() {
        return place;
    }
}
