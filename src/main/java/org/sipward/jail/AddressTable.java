package org.sipward.jail;

import java.util.Arrays;
import org.sipward.net.IpAddress;

/**
 * A few numbers, all 0 at first, kept for each of many addresses.
 *
 * <p>An address costs {@code 32 + 8 * words} bytes. The table grows by doubling up to its limit; then the address that was
 * touched longest ago is forgotten for a new one. Slots are stable: an address keeps its own until it is forgotten.
 *
 * <p>Not thread-safe.
 */
final class AddressTable {
    static final int NONE = -1;
    private static final int FIRST_CAPACITY = 64;

    private final int limit;
    private final int words;
    private final SeededHash hash = new SeededHash();

    private int size;
    private int oldest = NONE;
    private int newest = NONE;
    /** The first of the slots that were given back; they are chained. */
    private int free = NONE;
    /** How many slots have been in use so far; those behind have never been. */
    private int used;

    private int[] buckets;
    private int[] chain;
    private int[] older;
    private int[] newer;
    private long[] high;
    private long[] low;
    private long[] numbers;

    /** Makes an empty table for at most {@code limit} addresses, each with so many numbers. */
    AddressTable(int limit, int words) {
        this.limit = limit;
        this.words = words;
        int capacity = Math.min(FIRST_CAPACITY, limit);
        buckets = new int[capacity];
        Arrays.fill(buckets, NONE);
        chain = new int[capacity];
        older = new int[capacity];
        newer = new int[capacity];
        high = new long[capacity];
        low = new long[capacity];
        numbers = new long[capacity * words];
    }

    int size() {
        return size;
    }

    /** Returns the slot of an address, or {@link #NONE}. */
    int find(IpAddress address) {
        int slot = buckets[bucket(address.high(), address.low())];
        while (slot != NONE && (high[slot] != address.high() || low[slot] != address.low())) {
            slot = chain[slot];
        }
        return slot;
    }

    /**
     * Returns the slot of an address, which is the newest from now on.
     *
     * @param mayForget whether another address may be forgotten for a new one: not for what may come from a made-up source
     * @return {@link #NONE} if the address is new, the table full, and nothing may be forgotten
     */
    int touch(IpAddress address, boolean mayForget) {
        int slot = find(address);
        if (slot != NONE) {
            if (slot != newest) {
                unlink(slot);
                linkAsNewest(slot);
            }
            return slot;
        }
        if (size == limit) {
            if (!mayForget) {
                return NONE;
            }
            removeSlot(oldest);
        }
        slot = newSlot();
        high[slot] = address.high();
        low[slot] = address.low();
        Arrays.fill(numbers, slot * words, (slot + 1) * words, 0);
        enchain(slot);
        linkAsNewest(slot);
        size++;
        return slot;
    }

    long get(int slot, int word) {
        return numbers[slot * words + word];
    }

    void set(int slot, int word, long number) {
        numbers[slot * words + word] = number;
    }

    /** Sets all numbers of a slot to 0. */
    void clear(int slot) {
        Arrays.fill(numbers, slot * words, (slot + 1) * words, 0);
    }

    /** Forgets an address. */
    void remove(IpAddress address) {
        int slot = find(address);
        if (slot != NONE) {
            removeSlot(slot);
        }
    }

    private void removeSlot(int slot) {
        unlink(slot);
        unchain(slot);
        chain[slot] = free;
        free = slot;
        size--;
    }

    private int newSlot() {
        if (free != NONE) {
            int slot = free;
            free = chain[slot];
            return slot;
        }
        if (used == chain.length) {
            grow();
        }
        return used++;
    }

    /** Called only while every slot is in use. */
    private void grow() {
        int capacity = Math.min(limit, chain.length * 2);
        chain = Arrays.copyOf(chain, capacity);
        older = Arrays.copyOf(older, capacity);
        newer = Arrays.copyOf(newer, capacity);
        high = Arrays.copyOf(high, capacity);
        low = Arrays.copyOf(low, capacity);
        numbers = Arrays.copyOf(numbers, capacity * words);
        buckets = new int[capacity];
        Arrays.fill(buckets, NONE);
        for (int slot = 0; slot < used; slot++) {
            enchain(slot);
        }
    }

    private void linkAsNewest(int slot) {
        older[slot] = newest;
        newer[slot] = NONE;
        if (newest == NONE) {
            oldest = slot;
        } else {
            newer[newest] = slot;
        }
        newest = slot;
    }

    private void unlink(int slot) {
        if (older[slot] == NONE) {
            oldest = newer[slot];
        } else {
            newer[older[slot]] = newer[slot];
        }
        if (newer[slot] == NONE) {
            newest = older[slot];
        } else {
            older[newer[slot]] = older[slot];
        }
    }

    private void enchain(int slot) {
        int bucket = bucket(high[slot], low[slot]);
        chain[slot] = buckets[bucket];
        buckets[bucket] = slot;
    }

    private void unchain(int slot) {
        int bucket = bucket(high[slot], low[slot]);
        if (buckets[bucket] == slot) {
            buckets[bucket] = chain[slot];
            return;
        }
        int at = buckets[bucket];
        while (chain[at] != slot) {
            at = chain[at];
        }
        chain[at] = chain[slot];
    }

    private int bucket(long addressHigh, long addressLow) {
        return AddressIndex.scale(hash.of(addressHigh, addressLow), buckets.length);
    }
}
