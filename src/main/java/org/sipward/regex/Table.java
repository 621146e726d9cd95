package org.sipward.regex;

import java.util.Arrays;

/**
 * The table of an automaton whose states are made when they are first needed: for a state and the class of a byte, the
 * state that comes next. States are numbered from 0. What they are made of is their key.
 *
 * <p>Entries are as small as can be, and those of a state lie together: how fast bytes are gone over is how fast this is
 * read. So a state has a power of two of them.
 *
 * <p>Memory is bounded: 2 bytes for each entry, as much for keys, and some 60 for each state, of which there are fewer
 * than {@link Short#MAX_VALUE}. Not thread-safe.
 */
final class Table {
    /** The way was not gone yet; where it was asked for, there is no room for it. Below it stand ways to settled states. */
    static final short UNKNOWN = -1;

    /** How many ints of a key are marks; they come first. */
    static final int MARKS = 2;

    private final int shift;
    private final int maxEntries;
    private final States states;
    private short[] entries = new short[0];
    private int[] marks = new int[0];

    /**
     * Makes an empty table.
     *
     * @param width how many classes of bytes there are
     * @param maxEntries how many entries there may be in all; there is room for a few states in any case
     * @param largest how many ints a key can have at most
     */
    Table(int width, int maxEntries, int largest) {
        this.shift = Integer.SIZE - Integer.numberOfLeadingZeros(width - 1);
        this.maxEntries = Math.min(Math.max(maxEntries, 4 << shift), Short.MAX_VALUE << shift);
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
        }
        if (state >= 0) {
            System.arraycopy(key, 0, marks, MARKS * state, MARKS);
        }
        return state;
    }

    int[] key(int state) {
        return states.key(state);
    }

    /** Notes a way, and returns it. */
    short note(int state, int byteClass, int way) {
        if (way != UNKNOWN) {
            entries[(state << shift) + byteClass] = (short) way;
        }
        return (short) way;
    }

    /** Forgets everything. */
    void clear() {
        states.clear();
        Arrays.fill(entries, UNKNOWN);
    }
}
