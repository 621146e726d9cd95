package org.sipward.regex;

/**
 * How far bytes were read before a group of a led pattern was reached, or before such a pattern matched. The search for
 * the groups of led patterns begins there. It is not set where a group of a beginning that patterns share, such
 * as syslog's header, has ended: that group lies before. One object serves one call at a time. Not thread-safe.
 */
public final class Lead {
    private static final int[] NOWHERE = {};

    private int[] key = NOWHERE;
    private int place;

    /** Clears the lead: the search for groups then begins at the first byte. */
    public void clear() {
        key = NOWHERE;
        place = 0;
    }

    /** Does nothing at the first byte: that saves nothing, and a shared group may begin there. */
    void set(int[] stateKey, int at) {
        if (at > 0) {
            key = stateKey;
            place = at;
        }
    }

    boolean isSet() {
        return key != NOWHERE;
    }

    /** Returns the key of the state of all patterns at this place. */
    int[] key() {
        return key;
    }

    int place() {
        return place;
    }
}
