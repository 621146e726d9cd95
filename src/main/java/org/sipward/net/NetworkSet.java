package org.sipward.net;

import java.util.AbstractSet;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * A set of networks in arrays of numbers: 24 to 48 bytes for each network; objects would take 90. Nothing is ever
 * removed.
 *
 * <p>Not thread-safe, and must not be changed during an iteration.
 */
public final class NetworkSet extends AbstractSet<Network> {
    private static final int LEAST = 64;

    private final SeededHash hash = new SeededHash();
    private long[] high = new long[LEAST];
    private long[] low = new long[LEAST];
    /** The prefix plus one, or 0 if the slot is free. At least a quarter of the slots is free. */
    private short[] prefix = new short[LEAST];

    private int size;

    @Override
    public boolean add(Network network) {
        if (4 * (size + 1) > 3 * prefix.length) {
            grow();
        }
        int slot = slot(network.address().high(), network.address().low(), network.prefix());
        if (prefix[slot] != 0) {
            return false;
        }
        put(slot, network.address().high(), network.address().low(), network.prefix());
        size++;
        return true;
    }

    @Override
    public boolean contains(Object other) {
        return other instanceof Network network
                && prefix[slot(network.address().high(), network.address().low(), network.prefix())] != 0;
    }

    @Override
    public int size() {
        return size;
    }

    /** Iterates in no particular order. Each network is made when it is reached. */
    @Override
    public Iterator<Network> iterator() {
        return new Iterator<>() {
            private int next = used(0);

            @Override
            public boolean hasNext() {
                return next < prefix.length;
            }

            @Override
            public Network next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                int slot = next;
                next = used(slot + 1);
                return new Network(new IpAddress(high[slot], low[slot]), prefix[slot] - 1);
            }
        };
    }

    private int used(int from) {
        int slot = from;
        while (slot < prefix.length && prefix[slot] == 0) {
            slot++;
        }
        return slot;
    }

    private void grow() {
        long[] oldHigh = high;
        long[] oldLow = low;
        short[] oldPrefix = prefix;
        high = new long[2 * oldHigh.length];
        low = new long[2 * oldLow.length];
        prefix = new short[2 * oldPrefix.length];
        for (int i = 0; i < oldPrefix.length; i++) {
            if (oldPrefix[i] != 0) {
                int bits = oldPrefix[i] - 1;
                put(slot(oldHigh[i], oldLow[i], bits), oldHigh[i], oldLow[i], bits);
            }
        }
    }

    private void put(int slot, long first, long second, int bits) {
        high[slot] = first;
        low[slot] = second;
        prefix[slot] = (short) (bits + 1);
    }

    /** Returns the slot of this network, or the free slot where it belongs. */
    private int slot(long first, long second, int bits) {
        int slot = (int) hash.of(first, second, bits) & (prefix.length - 1);
        while (prefix[slot] != 0 && !(low[slot] == second && high[slot] == first && prefix[slot] == bits + 1)) {
            slot = (slot + 1) & (prefix.length - 1);
        }
        return slot;
    }
}
