package org.sipward.regex;

import java.util.Arrays;

/**
 * The transitions of an automaton whose states are made when they are first needed: for a state and the class of a
 * byte, the next state. States are numbered from 0. A state's key is the content that it was made from.
 *
 * <p>Entries are as small as possible, and a state's entries lie together, because matching is as fast as this table
 * can be read. So the number of entries of a state is a power of two.
 *
 * <p>A transition to a state with marks has a bit for that, so that marks are read only where there are some.
 *
 * <p>Memory is bounded: 2 bytes per entry, as much for keys, and some 64 bytes per state, of which there are at most
 * {@link #MARKED}. Not thread-safe.
 */
final class TransitionTable {
    /**
     * The transition was not computed yet; returned by a method: there is no room for it. Lower values are transitions
     * to settled states.
     */
    static final short UNKNOWN = -1;

    /** The first state that is made: no reading is left in it, or (backwards) no reading has begun yet. */
    static final short DEAD = 0;

    /** The bit of a transition that leads to a state with marks; the bits below it are the state. */
    static final int MARKED = 1 << 14;

    /** Added to the state in a transition that is of interest itself; such transitions are below {@link #CROSSED}. */
    static final short CROSSING = Short.MIN_VALUE;

    static final short CROSSED = CROSSING + MARKED - 1;

    /** The number of ints at the start of a key that are marks. */
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
     * @param maxEntries the most entries in all; there is always room for a few states
     * @param largest the most ints that a key can have
     */
    TransitionTable(int width, int maxEntries, int largest) {
        this.shift = Integer.SIZE - Integer.numberOfLeadingZeros(width - 1);
        this.maxEntries = Math.min(Math.max(maxEntries, 4 << shift), (MARKED - 1) << shift);
        this.states = new States(this.maxEntries >> shift, Math.max(maxEntries / 2, 4 * largest));
    }

    /** Returns by how many bits to shift a state to find its entries. */
    int shift() {
        return shift;
    }

    /**
     * Returns the entries: the transition is at {@code (state << shift) + class}. A new state may replace the array.
     */
    short[] entries() {
        return entries;
    }

    /**
     * Returns for each state the only byte class that is known to continue, with its transition in the lower half. If
     * there are several or none, returns a class that no byte has. Most states are within literal text and have only
     * one such transition; these ints lie close together, and the entries do not. A new state may replace the array.
     */
    int[] only() {
        return only;
    }

    /** Returns the first {@link #MARKS} ints of all keys, state after state. A new state may replace the array. */
    int[] marks() {
        return marks;
    }

    /**
     * Returns the number of the state with this key, made now if necessary, or {@link #UNKNOWN} if there is no room.
     */
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

    /** Returns the transition to a state. */
    short transition(int state) {
        return (short) ((marks[MARKS * state] | marks[MARKS * state + 1]) == 0 ? state : state | MARKED);
    }

    /** Stores a transition, which must not be {@link #UNKNOWN}, and returns it. */
    short note(int state, int byteClass, short transition) {
        entries[(state << shift) + byteClass] = transition;
        // Inside a literal a state has two transitions; one of them is the dead state, which no match takes.
        if (transition != DEAD) {
            only[state] = only[state] == NONE_YET ? (byteClass << Short.SIZE) | (transition & 0xffff) : SEVERAL;
        }
        return transition;
    }

    /** Forgets everything. */
    void clear() {
        states.clear();
        Arrays.fill(entries, UNKNOWN);
        Arrays.fill(only, NONE_YET);
    }
}
