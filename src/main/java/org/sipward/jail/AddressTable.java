package org.sipward.jail;

import java.util.Arrays;
import org.sipward.net.IpAddress;
import org.sipward.net.SeededHash;

/**
 * Keeps a few numbers, all 0 at first, for each of many addresses. {@link AddressIndex} decides which address to
 * forget when there is no room for all.
 *
 * <p>An address costs {@code 32 + 8 * words} bytes, an empty table nothing. A slot is valid until another address is
 * touched or removed. Hashes in the numbers are made by the table's own {@link #hash}. Not thread-safe.
 */
final class AddressTable {
    static final int NONE = AddressIndex.NONE;

    /** The word in which {@link #touch(IpAddress, boolean, long, long)} keeps the second in which the window began. */
    static final int START = 0;

    private final int words;
    private AddressIndex<long[]> index;
    private SeededHash hash = new SeededHash();

    /**
     * Makes an empty table.
     *
     * @param limit the most addresses
     * @param words how many numbers each has
     * @param keep the seconds of silence after which an address may be forgotten
     */
    AddressTable(Budget budget, int limit, int words, long keep) {
        this.words = words;
        int seconds = (int) Math.min(keep, Integer.MAX_VALUE);
        this.index = new AddressIndex<>(budget, limit, Long.BYTES * words, seconds, new Numbers(words));
    }

    int size() {
        return index.size();
    }

    /** Returns the hash for texts in this table. It changes when the table {@linkplain #inherit inherits}. */
    SeededHash hash() {
        return hash;
    }

    /** Returns the slot of an address, or {@link #NONE}. */
    int find(IpAddress address) {
        return index.find(address);
    }

    /**
     * Returns the slot of an address that is seen now; adds the address if necessary.
     *
     * @param isProven whether the address is proven to be the sender's
     * @param second when the address was seen, in seconds since 1970
     * @return {@link #NONE} if there is no room for it
     */
    int touch(IpAddress address, boolean isProven, long second) {
        int slot = index.find(address);
        if (slot != NONE) {
            index.touch(slot, isProven, (int) second);
            return slot;
        }
        slot = index.add(address, isProven, (int) second);
        if (slot != NONE) {
            clear(slot);
        }
        return slot;
    }

    /**
     * Returns the slot of an address, as {@link #touch(IpAddress, boolean, long)} does, in a table that counts within a
     * time window. The first window begins when the address is first seen. Once the window is over, all numbers of the
     * slot become 0 and a new window begins. The same happens if the clock was set back by more than a window.
     *
     * @param window the length of a window in seconds
     */
    int touch(IpAddress address, boolean isProven, long second, long window) {
        int slot = touch(address, isProven, second);
        if (slot != NONE && (get(slot, START) == 0 || Math.abs(second - get(slot, START)) > window)) {
            clear(slot);
            set(slot, START, second);
        }
        return slot;
    }

    long get(int slot, int word) {
        return index.chunk(slot)[index.row(slot) * words + word];
    }

    void set(int slot, int word, long number) {
        index.chunk(slot)[index.row(slot) * words + word] = number;
    }

    /** Sets all numbers of a slot to 0. */
    void clear(int slot) {
        int from = index.row(slot) * words;
        Arrays.fill(index.chunk(slot), from, from + words, 0);
    }

    /** Forgets an address. */
    void remove(IpAddress address) {
        int slot = index.find(address);
        if (slot != NONE) {
            index.remove(slot);
        }
    }

    /** Forgets all addresses, and gives all memory back. */
    void clear() {
        index.clear();
    }

    /**
     * Takes over the content and the hash of another table of the same budget and shape; the other table is empty
     * then.
     */
    void inherit(AddressTable other) {
        index.clear();
        AddressIndex<long[]> empty = index;
        SeededHash unused = hash;
        index = other.index;
        hash = other.hash;
        other.index = empty;
        other.hash = unused;
    }

    /** Rows of this many numbers. */
    private record Numbers(int words) implements AddressIndex.Rows<long[]> {
        @Override
        public long[] chunk(int rows) {
            return new long[words * rows];
        }

        @Override
        public void copy(long[] from, int fromRow, long[] to, int toRow) {
            System.arraycopy(from, fromRow * words, to, toRow * words, words);
        }
    }
}
