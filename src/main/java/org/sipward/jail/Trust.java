package org.sipward.jail;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.sipward.ban.Trusted;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;

/**
 * The addresses that have logged in with a password of late: behind them are phones that belong here. One for all jails
 * of an agent; what trust means is each jail's matter. IPv6 is trusted by /64, as it is counted.
 *
 * <p>Memory: {@code 36} bytes for an address, of which there are at most {@link #MAX_TRUSTED}; beyond them, the one that
 * has not logged in for longest is forgotten. After a restart it knows what was {@linkplain #load loaded}.
 *
 * <p>Thread-safe.
 */
public final class Trust {
    /** The most addresses that are trusted at once. */
    public static final int MAX_TRUSTED = 100_000;

    /** An end that has moved by less than this need not be stored anew. */
    private static final int STORED_ANEW_SECONDS = 3600;

    private final AddressIndex index = new AddressIndex(MAX_TRUSTED);
    private int[] since = new int[index.capacity()];
    private int[] until = new int[index.capacity()];
    private int latest;
    private int[] stored = new int[index.capacity()];

    /** Trusts an address for this time from its success on. */
    synchronized void succeed(IpAddress address, Instant time, Duration period) {
        int begin = seconds(time);
        int end = seconds(time.plus(period));
        latest = Math.max(latest, begin);
        int slot = index.find(address);
        if (slot < 0) {
            put(address, begin, end, 0);
            return;
        }
        index.touch(slot);
        // Neither a long silence nor a clock that was wrong makes one time of trust of two.
        if (begin > until[slot] || since[slot] > end) {
            since[slot] = begin;
            until[slot] = end;
            stored[slot] = 0;
        } else {
            since[slot] = Math.min(since[slot], begin);
            until[slot] = Math.max(until[slot], end);
        }
    }

    /** How an address stands with the one that trusts. */
    enum Standing {
        /** It has not logged in of late. */
        STRANGER,
        /** It is trusted. */
        TRUSTED,
        /** It has logged in after the time that was asked about, but within the period. */
        SOON
    }

    /**
     * Returns how an address stands.
     *
     * @param counted the address, or the first of the /64
     * @param second seconds since 1970
     * @param period in seconds
     */
    synchronized Standing standing(IpAddress counted, long second, long period) {
        int now = seconds(second);
        latest = Math.max(latest, now);
        int slot = index.find(counted);
        if (slot < 0) {
            return Standing.STRANGER;
        }
        if (since[slot] <= now) {
            return now < until[slot] ? Standing.TRUSTED : Standing.STRANGER;
        }
        return since[slot] <= second + period ? Standing.SOON : Standing.STRANGER;
    }

    /** Returns since when and until when an address is trusted, if it is at this time. */
    public synchronized Optional<Trusted> at(IpAddress address, Instant time) {
        latest = Math.max(latest, seconds(time));
        int slot = index.find(Network.ofOffender(address).address());
        boolean trusted = slot >= 0 && since[slot] <= seconds(time) && seconds(time) < until[slot];
        return trusted ? Optional.of(trusted(slot)) : Optional.empty();
    }

    /** Returns whether an address of this network is trusted at the latest time that trust was asked about or given. */
    public synchronized boolean holds(Network network) {
        if (network.isOffender()) {
            int slot = index.find(network.address());
            return slot >= 0 && until[slot] > latest;
        }
        for (int slot = 0; slot < index.size(); slot++) {
            if (until[slot] > latest && network.contains(index.address(slot))) {
                return true;
            }
        }
        return false;
    }

    /** Returns how many addresses are trusted at this time. */
    public synchronized int count(Instant now) {
        int count = 0;
        for (int slot = 0; slot < index.size(); slot++) {
            count += since[slot] <= seconds(now) && seconds(now) < until[slot] ? 1 : 0;
        }
        return count;
    }

    /** Returns who is trusted at this time, by the end of the trust. */
    public synchronized List<Trusted> trusted(Instant now) {
        List<Trusted> all = new ArrayList<>();
        for (int slot = 0; slot < index.size(); slot++) {
            if (since[slot] <= seconds(now) && seconds(now) < until[slot]) {
                all.add(trusted(slot));
            }
        }
        all.sort(Comparator.comparing(Trusted::until));
        return all;
    }

    /** Takes in what was stored. What was told since then stays. */
    public synchronized void load(Collection<Trusted> earlier) {
        for (Trusted trusted : earlier) {
            IpAddress address = trusted.network().address();
            if (index.find(address) < 0) {
                put(address, seconds(trusted.since()), seconds(trusted.until()), seconds(trusted.until()));
            }
        }
    }

    /** Returns what has changed so much since it was stored that it should be stored anew. */
    public synchronized List<Trusted> unstored() {
        List<Trusted> changed = new ArrayList<>();
        for (int slot = 0; slot < index.size(); slot++) {
            if (until[slot] - stored[slot] >= STORED_ANEW_SECONDS || (stored[slot] == 0 && until[slot] > 0)) {
                changed.add(trusted(slot));
            }
        }
        return changed;
    }

    /** Notes that this has been stored. */
    public synchronized void stored(Collection<Trusted> kept) {
        for (Trusted trusted : kept) {
            int slot = index.find(trusted.network().address());
            if (slot >= 0) {
                stored[slot] = seconds(trusted.until());
            }
        }
    }

    private void put(IpAddress address, int begin, int end, int storedEnd) {
        if (index.isFull()) {
            forget(index.oldest());
        }
        int slot = index.add(address);
        if (index.capacity() > since.length) {
            since = Arrays.copyOf(since, index.capacity());
            until = Arrays.copyOf(until, index.capacity());
            stored = Arrays.copyOf(stored, index.capacity());
        }
        since[slot] = begin;
        until[slot] = end;
        stored[slot] = storedEnd;
    }

    private void forget(int slot) {
        int last = index.remove(slot);
        since[slot] = since[last];
        until[slot] = until[last];
        stored[slot] = stored[last];
    }

    private Trusted trusted(int slot) {
        return new Trusted(
                Network.ofOffender(index.address(slot)),
                Instant.ofEpochSecond(since[slot]),
                Instant.ofEpochSecond(until[slot]));
    }

    private static int seconds(Instant time) {
        return seconds(time.getEpochSecond());
    }

    private static int seconds(long time) {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(1, time));
    }
}
