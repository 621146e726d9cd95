package org.sipward.jail;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import org.sipward.ban.Trusted;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;

/**
 * The addresses that have recently logged in with a password, so that real phones are behind them. All jails of an
 * agent share one object; each jail decides what trust means. IPv6 is trusted by /64, as it is counted.
 *
 * <p>Memory: {@code 44} bytes per address, for at most {@link #MAX_TRUSTED} addresses; beyond them, the one whose last
 * login is oldest is forgotten. The memory comes from the {@link Budget} that all jails share, in which trusted
 * addresses come first. After a restart it knows the addresses that were {@linkplain #load loaded}.
 *
 * <p>Thread-safe: by the budget's monitor.
 */
public final class Trust {
    /** The most addresses that are trusted at once. */
    public static final int MAX_TRUSTED = 100_000;

    /** If the end of an address's trust moves by less than this, it need not be stored again. */
    private static final int STORED_ANEW_SECONDS = 3600;

    private static final int SINCE = 0;
    private static final int UNTIL = 1;
    private static final int STORED = 2;
    private static final int NUMBERS = 3;

    private final Budget budget;
    private final AddressIndex<int[]> index;
    private int latest;

    /** Makes an object that trusts no address yet, with its own memory to share with jails. */
    public Trust() {
        this(new Budget());
    }

    Trust(Budget budget) {
        this.budget = budget;
        this.index =
                new AddressIndex<>(budget, MAX_TRUSTED, Integer.BYTES * NUMBERS, AddressIndex.FOR_EVER, new Times());
    }

    /** Returns the memory that the jails of this agent share. */
    public Budget budget() {
        return budget;
    }

    /** Trusts an address for this period from its success on. */
    void succeed(IpAddress address, Instant time, Duration period) {
        synchronized (budget) {
            int begin = seconds(time);
            int end = seconds(time.plus(period));
            latest = Math.max(latest, begin);
            int slot = index.find(address);
            if (slot < 0) {
                put(address, begin, end, 0);
                return;
            }
            index.touch(slot, true, begin);
            // Two periods of trust stay separate after a long silence, or if a clock was wrong.
            if (begin > get(slot, UNTIL) || get(slot, SINCE) > end) {
                set(slot, SINCE, begin);
                set(slot, UNTIL, end);
                set(slot, STORED, 0);
            } else {
                set(slot, SINCE, Math.min(get(slot, SINCE), begin));
                set(slot, UNTIL, Math.max(get(slot, UNTIL), end));
            }
        }
    }

    /** Whether an address is trusted. */
    enum Standing {
        /** The address has not logged in recently. */
        STRANGER,
        /** The address is trusted. */
        TRUSTED,
        /** The address logged in after the given time, but within the period. */
        SOON
    }

    /**
     * Returns whether an address is trusted at a time, or soon after it.
     *
     * @param counted the address, or the first address of the /64
     * @param second seconds since 1970
     * @param period how long after that time a login counts as soon, in seconds
     */
    Standing standing(IpAddress counted, long second, long period) {
        synchronized (budget) {
            int now = seconds(second);
            latest = Math.max(latest, now);
            int slot = index.find(counted);
            if (slot < 0) {
                return Standing.STRANGER;
            }
            if (get(slot, SINCE) <= now) {
                return now < get(slot, UNTIL) ? Standing.TRUSTED : Standing.STRANGER;
            }
            return get(slot, SINCE) <= second + period ? Standing.SOON : Standing.STRANGER;
        }
    }

    /** Returns since when and until when an address is trusted, if it is at this time. */
    public Optional<Trusted> at(IpAddress address, Instant time) {
        synchronized (budget) {
            latest = Math.max(latest, seconds(time));
            int slot = index.find(Network.ofOffender(address).address());
            boolean trusted = slot >= 0 && isTrusted(slot, seconds(time));
            return trusted ? Optional.of(trusted(slot)) : Optional.empty();
        }
    }

    /** Returns whether an address of this network is trusted, at the latest time that any call has named. */
    public boolean holds(Network network) {
        synchronized (budget) {
            if (network.isOffender()) {
                int slot = index.find(network.address());
                return slot >= 0 && get(slot, UNTIL) > latest;
            }
            for (int slot = 0; slot < index.size(); slot++) {
                if (get(slot, UNTIL) > latest && network.contains(index.address(slot))) {
                    return true;
                }
            }
            return false;
        }
    }

    /** Returns how many addresses are trusted at this time. */
    public int count(Instant now) {
        synchronized (budget) {
            int count = 0;
            for (int slot = 0; slot < index.size(); slot++) {
                count += isTrusted(slot, seconds(now)) ? 1 : 0;
            }
            return count;
        }
    }

    /**
     * Returns the addresses that are trusted at this time, ordered by the end of their trust: the last ones, at most
     * {@code limit}.
     */
    public List<Trusted> trusted(Instant now, int limit) {
        Comparator<Trusted> byEnd = Comparator.comparing(Trusted::until);
        PriorityQueue<Trusted> last = new PriorityQueue<>(byEnd);
        synchronized (budget) {
            for (int slot = 0; slot < index.size(); slot++) {
                if (isTrusted(slot, seconds(now))) {
                    last.add(trusted(slot));
                    if (last.size() > limit) {
                        last.remove();
                    }
                }
            }
        }
        return last.stream().sorted(byEnd).toList();
    }

    /** Loads the stored addresses. An address that has logged in since keeps its newer times. */
    public void load(Collection<Trusted> earlier) {
        synchronized (budget) {
            for (Trusted trusted : earlier) {
                IpAddress address = trusted.network().address();
                if (index.find(address) < 0) {
                    put(address, seconds(trusted.since()), seconds(trusted.until()), seconds(trusted.until()));
                }
            }
        }
    }

    /**
     * Returns the addresses that have changed enough since they were stored to be stored again, at most {@code limit}.
     */
    public List<Trusted> unstored(int limit) {
        synchronized (budget) {
            List<Trusted> changed = new ArrayList<>();
            for (int slot = 0; slot < index.size() && changed.size() < limit; slot++) {
                int end = get(slot, UNTIL);
                int stored = get(slot, STORED);
                if (end - stored >= STORED_ANEW_SECONDS || (stored == 0 && end > 0)) {
                    changed.add(trusted(slot));
                }
            }
            return changed;
        }
    }

    /** Notes that these addresses have been stored. */
    public void stored(Collection<Trusted> kept) {
        synchronized (budget) {
            for (Trusted trusted : kept) {
                int slot = index.find(trusted.network().address());
                if (slot >= 0) {
                    set(slot, STORED, seconds(trusted.until()));
                }
            }
        }
    }

    private void put(IpAddress address, int begin, int end, int storedEnd) {
        int slot = index.add(address, true, begin);
        if (slot >= 0) {
            set(slot, SINCE, begin);
            set(slot, UNTIL, end);
            set(slot, STORED, storedEnd);
        }
    }

    private boolean isTrusted(int slot, int second) {
        return get(slot, SINCE) <= second && second < get(slot, UNTIL);
    }

    private int get(int slot, int number) {
        return index.chunk(slot)[index.row(slot) * NUMBERS + number];
    }

    private void set(int slot, int number, int value) {
        index.chunk(slot)[index.row(slot) * NUMBERS + number] = value;
    }

    private Trusted trusted(int slot) {
        return new Trusted(
                Network.ofOffender(index.address(slot)),
                Instant.ofEpochSecond(get(slot, SINCE)),
                Instant.ofEpochSecond(get(slot, UNTIL)));
    }

    private static int seconds(Instant time) {
        return seconds(time.getEpochSecond());
    }

    private static int seconds(long time) {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(1, time));
    }

    /** Rows of three times. */
    private static final class Times implements AddressIndex.Rows<int[]> {
        @Override
        public int[] chunk(int rows) {
            return new int[NUMBERS * rows];
        }

        @Override
        public void copy(int[] from, int fromRow, int[] to, int toRow) {
            System.arraycopy(from, fromRow * NUMBERS, to, toRow * NUMBERS, NUMBERS);
        }
    }
}
