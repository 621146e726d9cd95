package org.sipward.jail;

/**
 * Counts a few distinct things in one slot of an {@link AddressTable}. Each thing is remembered by 16 bits of its
 * hash, so four things take one number. If n things are there, a new thing is mistaken for one of them with a chance of
 * n in 65,535. So the count may be too small (at 10 things, once in 1,500 times) and is never too large.
 */
final class Fingerprints {
    private static final int EACH = 16;
    private static final int PER_WORD = 64 / EACH;

    private final AddressTable table;
    private final int first;
    private final int capacity;

    /** Makes a view of {@link #words} numbers of each slot, beginning with {@code first}. */
    Fingerprints(AddressTable table, int first, int capacity) {
        this.table = table;
        this.first = first;
        this.capacity = capacity;
    }

    /** Returns how many numbers this many things take. */
    static int words(int capacity) {
        return (capacity + PER_WORD - 1) / PER_WORD;
    }

    /** Adds a thing; if there is no room, it replaces the last one. Returns whether the thing was new. */
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

    /** Forgets all things of a slot. */
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
