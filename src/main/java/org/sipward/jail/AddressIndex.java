package org.sipward.jail;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;

/**
 * Gives addresses numbers, 0 to {@link #size} - 1, under which arrays hold what is known of them, and remembers which of
 * them was silent for longest.
 *
 * <p>An address is one long: for IPv4 the lower half of its IPv6 form, {@code 0:0:0:0:0:ffff:a.b.c.d}; for IPv6, which is
 * counted by /64, the upper half; where a /64 is {@linkplain Network#isShared shared}, the last 32 bits, which are the IPv4
 * address in it. They cannot be mistaken for each other: upper halves that begin with {@code 0000:fffb} to
 * {@code 0000:ffff} are of {@code ::/8}, which RFC 4291 reserves and nobody routes.
 *
 * <p>Memory: {@value #BYTES_EACH} bytes for an address. Not thread-safe.
 */
final class AddressIndex {
    static final int NONE = -1;
    static final int BYTES_EACH = 24;

    private static final int FIRST_CAPACITY = 64;
    private static final long V4 = 0xffffL;
    private static final long FIRST_SHARED = 0xfffbL;

    /** The upper halves of shared IPv6 addresses, by the number that begins their keys: 64:ff9b::, the rest of NAT64, Teredo, zeros. */
    private static final long[] SHARED = {0x0064_ff9b_0000_0000L, 0x0064_ff9b_0001_0000L, 0x2001_0000_0000_0000L, 0};

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
        return address(keys[slot]);
    }

    /** Returns an address with this key. */
    private static IpAddress address(long key) {
        int kind = (int) ((key >>> 32) - FIRST_SHARED);
        if (key >>> 32 == V4) {
            return IpAddress.v4((int) key);
        }
        return kind >= 0 && kind < SHARED.length
                ? new IpAddress(SHARED[kind], key & 0xffff_ffffL)
                : new IpAddress(key, 0);
    }

    private static long key(IpAddress address) {
        long last = address.low() & 0xffff_ffffL;
        if (address.isV4()) {
            return (V4 << 32) | last;
        }
        for (int kind = 0; kind < SHARED.length; kind++) {
            boolean longer = kind == 1 || kind == 2;
            if (longer ? address.high() >>> 32 == SHARED[kind] >>> 32 : address.high() == SHARED[kind]) {
                return (FIRST_SHARED + kind) << 32 | last;
            }
        }
        return address.high();
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
