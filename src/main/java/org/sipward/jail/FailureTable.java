package org.sipward.jail;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.sipward.net.IpAddress;

/**
 * The last failures of many addresses, in arrays of primitives.
 *
 * <p>An address costs {@code 34 + 5 * maxretry} bytes, 59 with the default of 5. The table grows by doubling up to
 * {@link #MAX_TRACKED} addresses or {@link #MAX_BYTES}, whichever is less; then, and whenever the address silent for
 * longest has been silent for findtime, that one is forgotten for a new one.
 *
 * <p>Times are whole seconds. Not thread-safe.
 */
final class FailureTable {
    static final int MAX_TRACKED = 100_000;
    static final int MAX_BYTES = 8 << 20;
    private static final int FIRST_CAPACITY = 64;
    private static final int NONE = -1;

    private final int maxretry;
    private final int findtime;
    private final int limit;
    private final long seed = new SplittableRandom().nextLong();

    private int size;
    private int oldest = NONE;
    private int newest = NONE;
    private int[] buckets;
    private int[] chain;
    private int[] older;
    private int[] newer;
    private long[] high;
    private long[] low;
    private short[] counts;
    private int[] times;
    private byte[] patterns;

    /**
     * Makes an empty table.
     *
     * @param maxretry the number of failures remembered for an address
     * @param findtime seconds after which a failure no longer counts
     */
    FailureTable(int maxretry, int findtime) {
        this.maxretry = maxretry;
        this.findtime = findtime;
        this.limit = Math.max(1, Math.min(MAX_TRACKED, MAX_BYTES / bytesEach(maxretry)));
        int capacity = Math.min(FIRST_CAPACITY, limit);
        buckets = new int[capacity];
        Arrays.fill(buckets, NONE);
        chain = new int[capacity];
        older = new int[capacity];
        newer = new int[capacity];
        high = new long[capacity];
        low = new long[capacity];
        counts = new short[capacity];
        times = new int[capacity * maxretry];
        patterns = new byte[capacity * maxretry];
    }

    static int bytesEach(int maxretry) {
        return 34 + 5 * maxretry;
    }

    int size() {
        return size;
    }

    /**
     * Remembers a failure; the oldest one of the address is dropped where maxretry are remembered already.
     *
     * @param time seconds since 1970; may be earlier than that of failures before it
     * @param pattern a number below 128 that says what the failure was
     * @return the slot of the address
     */
    int add(IpAddress address, int time, int pattern) {
        int slot = find(address);
        if (slot == NONE) {
            slot = newSlot(address, time);
        } else {
            unlink(slot);
        }
        linkAsNewest(slot);
        insert(slot, time, (byte) pattern);
        return slot;
    }

    /** Returns whether the last maxretry failures of this slot lie within findtime. */
    boolean isFull(int slot) {
        int first = slot * maxretry;
        return counts[slot] == maxretry && times[first + maxretry - 1] - times[first] <= findtime;
    }

    /** Forgets an address. */
    void remove(IpAddress address) {
        int slot = find(address);
        if (slot == NONE) {
            return;
        }
        unlink(slot);
        unchain(slot);
        int last = --size;
        if (slot != last) {
            move(last, slot);
        }
    }

    /** Hands every address with its failures to the visitor, the one silent for longest first. */
    void forEach(Visitor visitor) {
        for (int slot = oldest; slot != NONE; slot = newer[slot]) {
            visitor.visit(new IpAddress(high[slot], low[slot]), slot);
        }
    }

    int count(int slot) {
        return counts[slot];
    }

    /** Returns the time of the i-th failure of the slot, oldest first. */
    int time(int slot, int i) {
        return times[slot * maxretry + i];
    }

    int pattern(int slot, int i) {
        return patterns[slot * maxretry + i];
    }

    /** Returns the slot of an address, or -1. */
    int find(IpAddress address) {
        int slot = buckets[bucket(address.high(), address.low())];
        while (slot != NONE && (high[slot] != address.high() || low[slot] != address.low())) {
            slot = chain[slot];
        }
        return slot;
    }

    private void insert(int slot, int time, byte pattern) {
        int first = slot * maxretry;
        int count = counts[slot];
        if (count == maxretry) {
            if (time < times[first]) {
                return;
            }
            System.arraycopy(times, first + 1, times, first, maxretry - 1);
            System.arraycopy(patterns, first + 1, patterns, first, maxretry - 1);
            count--;
        }
        // Lines of several files come nearly in order, so this loop hardly ever runs.
        int at = first + count;
        while (at > first && times[at - 1] > time) {
            times[at] = times[at - 1];
            patterns[at] = patterns[at - 1];
            at--;
        }
        times[at] = time;
        patterns[at] = pattern;
        counts[slot] = (short) (count + 1);
    }

    private int newSlot(IpAddress address, int time) {
        boolean silent = oldest != NONE && time - times[oldest * maxretry + counts[oldest] - 1] > findtime;
        if (silent || size == limit) {
            remove(new IpAddress(high[oldest], low[oldest]));
        } else if (size == chain.length) {
            grow();
        }
        int slot = size++;
        high[slot] = address.high();
        low[slot] = address.low();
        counts[slot] = 0;
        enchain(slot);
        return slot;
    }

    private void grow() {
        int capacity = Math.min(limit, chain.length * 2);
        chain = Arrays.copyOf(chain, capacity);
        older = Arrays.copyOf(older, capacity);
        newer = Arrays.copyOf(newer, capacity);
        high = Arrays.copyOf(high, capacity);
        low = Arrays.copyOf(low, capacity);
        counts = Arrays.copyOf(counts, capacity);
        times = Arrays.copyOf(times, capacity * maxretry);
        patterns = Arrays.copyOf(patterns, capacity * maxretry);
        buckets = new int[capacity];
        Arrays.fill(buckets, NONE);
        for (int slot = 0; slot < size; slot++) {
            enchain(slot);
        }
    }

    /** Moves an address to a free slot, so that the slots in use stay together. */
    private void move(int from, int to) {
        unchain(from);
        high[to] = high[from];
        low[to] = low[from];
        counts[to] = counts[from];
        System.arraycopy(times, from * maxretry, times, to * maxretry, maxretry);
        System.arraycopy(patterns, from * maxretry, patterns, to * maxretry, maxretry);
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

    private int bucket(long high, long low) {
        // Seeded, since attackers choose their IPv6 addresses and would otherwise aim them all at one bucket.
        return (int) Math.floorMod(mix(mix(high ^ seed) ^ low), (long) buckets.length);
    }

    /** The finalizer of MurmurHash3: every bit of the input changes every bit of the output. */
    private static long mix(long bits) {
        long mixed = (bits ^ (bits >>> 33)) * 0xff51afd7ed558ccdL;
        mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return mixed ^ (mixed >>> 33);
    }

    /** Takes one address of the table. */
    @FunctionalInterface
    interface Visitor {
        void visit(IpAddress address, int slot);
    }
}
