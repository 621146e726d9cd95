package org.sipward.regex;

import java.util.Arrays;

/**
 * The table of an automaton whose states are made when they are first needed: for a state and the class of a byte, the
 * state that comes next. States are numbered from 0. What they are made of is their key.
 *
 * <p>Entries are as small as can be, and those of a state lie together: how fast bytes are gone over is how fast this is
 * read. So a state has a power of two of them.
 *
 * <p>A way to a state with marks has a bit of its own, so that marks are looked for only where there are some.
 *
 * <p>Memory is bounded: 2 bytes for each entry, as much for keys, and some 64 for each state, of which there are at most
 * {@link #MARKED}. Not thread-safe.
 */
final class TransitionTable {
    /** The way was not gone yet; where it was asked for, there is no room for it. Below it stand ways to settled states. */
    static final short UNKNOWN = -1;

    /** The first state that is made: no reading is left in it, or there is none yet. */
    static final short DEAD = 0;

    /** The bit of a way that leads to a state with marks; the bits below it are the state. */
    static final int MARKED = 1 << 14;

    /** What is added to a state for a way that is of interest by itself; such ways lie below {@link #CROSSED}. */
    static final short CROSSING = Short.MIN_VALUE;

    static final short CROSSED = CROSSING + MARKED - 1;

    /** How many ints of a key are marks; they come first. */
    static final int MARKS = 2;

    private static final int NONE_YET = -1;
    private static final int SEVERAL = -2;

    private final int shift;
    private final int maxEntries;
    private final States states;
    private short[] entries = new short[0];
    private int[] only = new int[0];
    private int[] marks = new int[0];

    /**
     * Makes an empty table.
     *
     * @param width how many classes of bytes there are
     * @param maxEntries how many entries there may be in all; there is room for a few states in any case
     * @param largest how many ints a key can have at most
     */
    TransitionTable(int width, int maxEntries, int largest) {
        this.shift = Integer.SIZE - Integer.numberOfLeadingZeros(width - 1);
        this.maxEntries = Math.min(Math.max(maxEntries, 4 << shift), (MARKED - 1) << shift);
        this.states = new States(this.maxEntries >> shift, Math.max(maxEntries / 2, 4 * largest));
    }

    /** Returns by how many bits a state is shifted to find its entries. */
    int shift() {
        return shift;
    }

    /** Returns the entries: where {@code (state << shift) + class} stands, the way. Another array after a state was made. */
    short[] entries() {
        return entries;
    }

    /**
     * Returns, by state, the one class that is known to lead on, and in the lower half its way; where there are several or
     * none, a class that no byte has. Most states lie within a literal text and have one way only: these ints lie close together,
     * which the entries do not. Another array after a state was made.
     */
    int[] only() {
        return only;
    }

    /** Returns the first {@link #MARKS} ints of all keys, one state behind the other. Another array after a state was made. */
    int[] marks() {
        return marks;
    }

    /** Returns the number of the state with this key, a new one if need be, or {@link #UNKNOWN}. */
    int state(int[] key) {
        int state = states.number(key);
        int needed = (state + 1) << shift;
        if (state >= 0 && needed > entries.length) {
            int old = entries.length;
            int length = Math.min(Math.max(old * 2, 16 << shift), maxEntries);
            entries = Arrays.copyOf(entries, length);
            Arrays.fill(entries, old, length, UNKNOWN);
            marks = Arrays.copyOf(marks, MARKS * (length >> shift));
            only = Arrays.copyOf(only, length >> shift);
            Arrays.fill(only, old >> shift, length >> shift, NONE_YET);
        }
        if (state >= 0) {
            System.arraycopy(key, 0, marks, MARKS * state, MARKS);
        }
        return state;
    }

    int[] key(int state) {
        return states.key(state);
    }

    /** Returns the way to a state. */
    short way(int state) {
        return (short) ((marks[MARKS * state] | marks[MARKS * state + 1]) == 0 ? state : state | MARKED);
    }

    /** Notes a way, which is not {@link #UNKNOWN}, and returns it. */
    short note(int state, int byteClass, short way) {
        entries[(state << shift) + byteClass] = way;
        // A state within a literal has two ways, of which one is the end of all readings: no match goes it.
        if (way != DEAD) {
            only[state] = only[state] == NONE_YET ? (byteClass << Short.SIZE) | (way & 0xffff) : SEVERAL;
        }
        return way;
    }

    /** Forgets everything. */
    void clear() {
        states.clear();
        Arrays.fill(entries, UNKNOWN);
        Arrays.fill(only, NONE_YET);
    }
}
