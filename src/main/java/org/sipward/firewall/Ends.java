package org.sipward.firewall;

import java.time.Instant;
import java.util.Arrays;
import org.sipward.net.IpAddress;
import org.sipward.net.SeededHash;

/**
 * The ends of the bans of hosts, by address. Each host can be ticked off. They are kept in arrays of numbers, which
 * take 32 to 64 bytes for each host; objects would take 200. Nothing is ever removed. Not thread-safe.
 */
final class Ends {
    private static final int LEAST = 64;
    private static final long FREE = Long.MIN_VALUE;

    private final SeededHash hash = new SeededHash();
    private long[] high = new long[LEAST];
    private long[] low = new long[LEAST];
    /** The end in milliseconds, times two, plus one if the host is ticked off; {@link #FREE} if the slot is free. */
    private long[] end = free(LEAST);

    private int size;

    void put(IpAddress address, Instant until) {
        if (4 * (size + 1) > 3 * end.length) {
            grow();
        }
        int slot = slot(address.high(), address.low());
        size += end[slot] == FREE ? 1 : 0;
        set(slot, address.high(), address.low(), until.toEpochMilli() << 1);
    }

    boolean holds(IpAddress address) {
        return end[slot(address.high(), address.low())] != FREE;
    }

    /** Returns the end for this address. {@link #holds} must be true for it. */
    Instant of(IpAddress address) {
        return Instant.ofEpochMilli(end[slot(address.high(), address.low())] >> 1);
    }

    void tickOff(IpAddress address) {
        end[slot(address.high(), address.low())] |= 1;
    }

    boolean isTickedOff(IpAddress address) {
        int slot = slot(address.high(), address.low());
        return end[slot] != FREE && (end[slot] & 1) == 1;
    }

    private void grow() {
        long[] oldHigh = high;
        long[] oldLow = low;
        long[] oldEnd = end;
        high = new long[2 * oldEnd.length];
        low = new long[2 * oldEnd.length];
        end = free(2 * oldEnd.length);
        for (int i = 0; i < oldEnd.length; i++) {
            if (oldEnd[i] != FREE) {
                set(slot(oldHigh[i], oldLow[i]), oldHigh[i], oldLow[i], oldEnd[i]);
            }
        }
    }

    private void set(int slot, long first, long second, long value) {
        high[slot] = first;
        low[slot] = second;
        end[slot] = value;
    }

    /** Returns the slot of this address, or the free slot where it belongs. */
    private int slot(long first, long second) {
        int slot = (int) hash.of(first, second) & (end.length - 1);
        while (end[slot] != FREE && !(low[slot] == second && high[slot] == first)) {
            slot = (slot + 1) & (end.length - 1);
        }
        return slot;
    }

    private static long[] free(int length) {
        long[] slots = new long[length];
        Arrays.fill(slots, FREE);
        return slots;
    }
}
