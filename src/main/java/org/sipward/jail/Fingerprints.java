package org.sipward.jail;

/**
 * A few distinct things of one slot of an {@link AddressTable}, each remembered by 16 bits of its hash, so that four take
 * one number. Of n things that are there, a new one is taken for one of them with a chance of n in 65,535: the count may be
 * too small, at 10 things once in 1,500 times, and is never too great.
 */
final class Fingerprints {
    private static final int EACH = 16;
    private static final int PER_WORD = 64 / EACH;

    private final AddressTable table;
    private final int first;
    private final int capacity;

    /** Makes a view of {@link #words} numbers of each slot, from the first on. */
    Fingerprints(AddressTable table, int first, int capacity) {
        this.table = table;
        this.first = first;
        this.capacity = capacity;
    }

    /** Returns how many numbers so many things take. */
    static int words(int capacity) {
        return (capacity + PER_WORD - 1) / PER_WORD;
    }

    /** Adds a thing; the last one is replaced if there is no room. Returns whether it was not there. */
    boolean add(int slot, long hash) {
        long print = Math.max(1, hash >>> (64 - EACH));
        int at = 0;
        while (at < capacity && get(slot, at) != 0) {
            if (get(slot, at) == print) {
                return false;
            }
            at++;
        }
        set(slot, Math.min(at, capacity - 1), print);
        return true;
    }

    /** Returns how many things there are, at most the capacity. */
    int count(int slot) {
        int count = 0;
        while (count < capacity && get(slot, count) != 0) {
            count++;
        }
        return count;
    }

    /** Forgets all of a slot's. */
    void clear(int slot) {
        for (int i = 0; i < words(capacity); i++) {
            table.set(slot, first + i, 0);
        }
    }

    private long get(int slot, int at) {
        return table.get(slot, first + at / PER_WORD) >>> (at % PER_WORD * EACH) & 0xffff;
    }

    private void set(int slot, int at, long print) {
        int word = first + at / PER_WORD;
        int shift = at % PER_WORD * EACH;
        table.set(slot, word, (table.get(slot, word) & ~(0xffffL << shift)) | (print << shift));
    }
}
