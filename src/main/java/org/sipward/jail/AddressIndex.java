package org.sipward.jail;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.sipward.net.IpAddress;

/**
 * Gives addresses numbers, 0 to {@link #size} - 1, under which arrays hold what is known of them, and remembers which of
 * them was silent for longest.
 *
 * <p>An address is one long: for IPv4 the lower half of its IPv6 form, {@code 0:0:0:0:0:ffff:a.b.c.d}; for IPv6, which is
 * counted by /64, the upper half. The two cannot be mistaken for each other: an upper half that begins with
 * {@code 0000:ffff} is of {@code ::/8}, which RFC 4291 reserves and nobody routes.
 *
 * <p>Memory: {@value #BYTES_EACH} bytes for an address. Not thread-safe.
 */
final class AddressIndex {
    static final int NONE = -1;
    static final int BYTES_EACH = 24;

    private static final int FIRST_CAPACITY = 64;
    private static final long V4 = 0xffffL;

    private final int limit;
    private final long seed = new SplittableRandom().nextLong();
    private int size;
    private int oldest = NONE;
    private int newest = NONE;
    private long[] keys;
    private int[] buckets;
    private int[] chain;
    private int[] older;
    private int[] newer;

    /** Makes an empty index of at most so many addresses. */
    AddressIndex(int limit) {
        this.limit = limit;
        int capacity = Math.min(FIRST_CAPACITY, limit);
        keys = new long[capacity];
        buckets = new int[capacity];
        Arrays.fill(buckets, NONE);
        chain = new int[capacity];
        older = new int[capacity];
        newer = new int[capacity];
    }

    int size() {
        return size;
    }

    boolean isFull() {
        return size == limit;
    }

    /** Returns how many addresses there is room for now; grows with {@link #add}. */
    int capacity() {
        return keys.length;
    }

    /** Returns the number of an address, or {@link #NONE}. */
    int find(IpAddress address) {
        long key = key(address);
        int slot = buckets[bucket(key)];
        while (slot != NONE && keys[slot] != key) {
            slot = chain[slot];
        }
        return slot;
    }

    /** Takes in an address that is not there, as the one heard of last, and returns its number; {@link #isFull} must be false. */
    int add(IpAddress address) {
        if (size == keys.length) {
            grow();
        }
        int slot = size++;
        keys[slot] = key(address);
        enchain(slot);
        linkAsNewest(slot);
        return slot;
    }

    /** Notes that this one was heard of. */
    void touch(int slot) {
        if (slot != newest) {
            unlink(slot);
            linkAsNewest(slot);
        }
    }

    /** Forgets the address silent for longest, and gives its number to one that is not there, as the one heard of last. */
    int replaceOldest(IpAddress address) {
        int slot = oldest;
        unchain(slot);
        keys[slot] = key(address);
        enchain(slot);
        touch(slot);
        return slot;
    }

    /**
     * Forgets an address.
     *
     * @return the number of the address that has the forgotten one's number from now on: what is known of it must move
     */
    int remove(int slot) {
        unlink(slot);
        unchain(slot);
        int last = --size;
        if (slot != last) {
            move(last, slot);
        }
        return last;
    }

    /** Returns the address silent for longest, or {@link #NONE}. */
    int oldest() {
        return oldest;
    }

    /** Returns the address that was heard of next after this one, or {@link #NONE}. */
    int newer(int slot) {
        return newer[slot];
    }

    IpAddress address(int slot) {
        long key = keys[slot];
        return key >>> 32 == V4 ? IpAddress.v4((int) key) : new IpAddress(key, 0);
    }

    private static long key(IpAddress address) {
        return address.isV4() ? (V4 << 32) | (address.low() & 0xffff_ffffL) : address.high();
    }

    private void grow() {
        int capacity = Math.min(limit, keys.length * 2);
        keys = Arrays.copyOf(keys, capacity);
        chain = Arrays.copyOf(chain, capacity);
        older = Arrays.copyOf(older, capacity);
        newer = Arrays.copyOf(newer, capacity);
        buckets = new int[capacity];
        Arrays.fill(buckets, NONE);
        for (int slot = 0; slot < size; slot++) {
            enchain(slot);
        }
    }

    /** Moves an address to a free number, so that the numbers in use stay together. */
    private void move(int from, int to) {
        unchain(from);
        keys[to] = keys[from];
        enchain(to);
        older[to] = older[from];
        newer[to] = newer[from];
        if (older[to] == NONE) {
            oldest = to;
        } else {
            newer[older[to]] = to;
        }
        if (newer[to] == NONE) {
            newest = to;
        } else {
            older[newer[to]] = to;
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
        int bucket = bucket(keys[slot]);
        chain[slot] = buckets[bucket];
        buckets[bucket] = slot;
    }

    private void unchain(int slot) {
        int bucket = bucket(keys[slot]);
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

    private int bucket(long key) {
        // Seeded, since attackers choose their IPv6 addresses and would otherwise aim them all at one bucket.
        return scale(mix(key ^ seed), buckets.length);
    }

    /** Returns a number below the limit; unlike a remainder, it costs no division. */
    static int scale(long hash, int limit) {
        return (int) (((hash >>> 32) * limit) >>> 32);
    }

    /** The finalizer of MurmurHash3: every bit of the input changes every bit of the output. */
    static long mix(long bits) {
        long mixed = (bits ^ (bits >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }
}
