package org.sipward.ban;

import java.util.function.IntToLongFunction;

/**
 * Finds rows by the hash of their keys: a hash table of row numbers with open addressing.
 *
 * <p>Memory: 5 to 11 bytes for a row. Not thread-safe.
 */
final class RowIndex {
    private static final int LEAST = 64;

    private final IntToLongFunction hash;
    /** Each slot holds a row plus one, or 0 if free. The length is a power of two, and a quarter is always free. */
    private int[] slots = new int[LEAST];

    /** @param hash returns the hash of a row's key; its lower bits are used */
    RowIndex(IntToLongFunction hash) {
        this.hash = hash;
    }

    /** Returns the slot where the search for this hash begins. It goes on with {@link #next} to a free slot. */
    int home(long hashOfKey) {
        return (int) hashOfKey & (slots.length - 1);
    }

    int next(int slot) {
        return (slot + 1) & (slots.length - 1);
    }

    /** Returns the row in a slot, or -1. */
    int row(int slot) {
        return slots[slot] - 1;
    }

    /** Returns the slot of this row. */
    int slot(int row) {
        int slot = home(hash.applyAsLong(row));
        while (slots[slot] != row + 1) {
            slot = next(slot);
        }
        return slot;
    }

    void set(int slot, int row) {
        slots[slot] = row + 1;
    }

    /** Frees a slot, and moves those entries after it that a search would no longer reach over the gap. */
    void free(int slot) {
        int gap = slot;
        int at = next(slot);
        while (slots[at] != 0) {
            int home = home(hash.applyAsLong(slots[at] - 1));
            if (((at - home) & (slots.length - 1)) >= ((at - gap) & (slots.length - 1))) {
                slots[gap] = slots[at];
                gap = at;
            }
            at = next(at);
        }
        slots[gap] = 0;
    }

    /** Makes room for one more row. There are {@code rows} now. */
    void grow(int rows) {
        if (4 * (rows + 1) > 3 * slots.length) {
            resize(2 * slots.length, rows);
        }
    }

    /** Frees memory if many rows are gone and only the first {@code rows} are left. */
    void trim(int rows) {
        if (slots.length > LEAST && 8 * rows < slots.length) {
            resize(slots.length / 2, rows);
        }
    }

    private void resize(int length, int rows) {
        slots = new int[length];
        for (int row = 0; row < rows; row++) {
            int slot = home(hash.applyAsLong(row));
            while (slots[slot] != 0) {
                slot = next(slot);
            }
            slots[slot] = row + 1;
        }
    }
}
