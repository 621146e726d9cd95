package org.sipward.ban;

import java.time.Instant;
import java.util.AbstractCollection;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.SplittableRandom;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;

/**
 * Bans, at most one for a network and kind of origin (feed or not), as numbers in arrays; a {@link Ban} is made of them
 * whenever somebody asks for one.
 *
 * <p>Memory: 40 bytes for a ban, and 5 to 11 for finding it; origins and reasons are held once for all bans that share
 * them. It is given back when bans end. Not thread-safe, and not to be changed while somebody iterates.
 */
final class PackedBans extends AbstractCollection<Ban> {
    private static final int CHUNK_ROWS = 1024;
    private static final int LEAST_SLOTS = 64;

    /** See {@link #kind}. */
    static final int KINDS = 4;

    /** The numbers of a ban: the address in two halves, beginning, end with {@link #KEY_BITS}, count and cause. */
    private static final int ROW = 5;

    private static final int HIGH = 0;
    private static final int LOW = 1;
    private static final int SINCE = 2;
    private static final int UNTIL = 3;
    private static final int COUNT = 4;

    /** The part of the end's number that belongs to the key: the prefix, and whether a feed lists it. */
    private static final int KEY_BITS = 9;

    private static final int LISTED = 1 << (KEY_BITS - 1);
    private static final long KEY = (1 << KEY_BITS) - 1;

    private final long seed = new SplittableRandom().nextLong();
    private final List<long[]> chunks = new ArrayList<>();
    private final Shared<Cause> causes = new Shared<>();
    private int size;
    private int listed;

    /** Rows by the hash of their keys, each plus one; 0 is none. A power of two, at least a quarter of it free. */
    private int[] slots = new int[LEAST_SLOTS];

    /** No ban ends before this, in milliseconds since 1970. */
    private long firstEnd = Long.MAX_VALUE;

    @Override
    public int size() {
        return size;
    }

    /** Returns how many bans there are of this kind. */
    int count(boolean ofFeeds) {
        return ofFeeds ? listed : size - listed;
    }

    /** Returns the ban of this network and kind. */
    Optional<Ban> get(Network network, boolean ofFeed) {
        int row = row(network, ofFeed);
        return row < 0 ? Optional.empty() : Optional.of(ban(row));
    }

    /** Returns whether there is a ban of this network and kind. */
    boolean holds(Network network, boolean ofFeed) {
        return row(network, ofFeed) >= 0;
    }

    /** Returns whether there is a ban of this ban's network and kind that ends when it does. */
    boolean holdsAsLong(Ban ban) {
        int row = row(ban.network(), ban.origin().isFeed());
        return row >= 0 && get(row, UNTIL) >> KEY_BITS == ban.until().toEpochMilli();
    }

    /** Puts the ban in the place of one with its network and kind. */
    void put(Ban ban) {
        if (4 * (size + 1) > 3 * slots.length) {
            index(2 * slots.length);
        }
        IpAddress address = ban.network().address();
        boolean ofFeed = ban.origin().isFeed();
        long key = key(ban.network(), ofFeed);
        int slot = slot(address, key);
        int row = slots[slot] - 1;
        // Before the old one is released, which may be the same.
        int cause = causes.use(new Cause(ban.origin(), ban.reason()));
        if (row >= 0) {
            causes.release(cause(row));
        } else {
            row = size++;
            listed += ofFeed ? 1 : 0;
            slots[slot] = row + 1;
            if (row == chunks.size() * CHUNK_ROWS) {
                chunks.add(new long[CHUNK_ROWS * ROW]);
            }
        }
        long until = ban.until().toEpochMilli();
        set(row, HIGH, address.high());
        set(row, LOW, address.low());
        set(row, SINCE, ban.since().toEpochMilli());
        set(row, UNTIL, until << KEY_BITS | key);
        set(row, COUNT, (long) ban.count() << 32 | cause);
        firstEnd = Math.min(firstEnd, until);
    }

    /** Removes the ban of this network and kind, if there is one. */
    void remove(Network network, boolean ofFeed) {
        int row = row(network, ofFeed);
        if (row < 0) {
            return;
        }
        causes.release(cause(row));
        free(slot(row));
        int last = size - 1;
        if (row != last) {
            slots[slot(last)] = row + 1;
            System.arraycopy(chunk(last), start(last), chunk(row), start(row), ROW);
        }
        size--;
        listed -= ofFeed ? 1 : 0;
        // One spare chunk stays, so that bans that come and go at a border cost nothing.
        if (chunks.size() * CHUNK_ROWS >= size + 2 * CHUNK_ROWS) {
            chunks.remove(chunks.size() - 1);
        }
        if (slots.length > LEAST_SLOTS && 8 * size < slots.length) {
            index(slots.length / 2);
        }
    }

    /** Removes this very ban, not another one of its network and kind. */
    void remove(Ban ban) {
        boolean ofFeed = ban.origin().isFeed();
        if (get(ban.network(), ofFeed).filter(ban::equals).isPresent()) {
            remove(ban.network(), ofFeed);
        }
    }

    /** Returns the bans that are over. Costs nothing while none can be. */
    List<Ban> over(Instant now) {
        long millis = now.toEpochMilli();
        if (firstEnd > millis) {
            return List.of();
        }
        List<Ban> over = new ArrayList<>();
        long first = Long.MAX_VALUE;
        for (int row = 0; row < size; row++) {
            long until = get(row, UNTIL) >> KEY_BITS;
            first = Math.min(first, until);
            if (until <= millis) {
                over.add(ban(row));
            }
        }
        firstEnd = first;
        return over;
    }

    /** Returns whether the ban of this row is over. */
    boolean isOver(int row, Instant now) {
        return get(row, UNTIL) >> KEY_BITS <= now.toEpochMilli();
    }

    /** Returns a number below {@link #KINDS} that only bans share which are both of feeds or not, and both IPv4 or not. */
    int kind(int row) {
        boolean isV4 = get(row, HIGH) == 0 && get(row, LOW) >>> 32 == 0xffff;
        return ((get(row, UNTIL) & LISTED) != 0 ? 2 : 0) + (isV4 ? 1 : 0);
    }

    /** Returns the networks of the bans of this origin. */
    List<Network> networks(Origin origin) {
        List<Network> networks = new ArrayList<>();
        for (int row = 0; row < size; row++) {
            if (causes.value(cause(row)).origin().equals(origin)) {
                networks.add(network(row));
            }
        }
        return networks;
    }

    /** Returns the bans that are not over, made one by one while they are iterated; valid until the next change. */
    AbstractCollection<Ban> live(Instant now) {
        long millis = now.toEpochMilli();
        return new AbstractCollection<>() {
            @Override
            public Iterator<Ban> iterator() {
                return new Rows(millis);
            }

            @Override
            public int size() {
                int live = 0;
                for (int row = 0; row < size; row++) {
                    live += get(row, UNTIL) >> KEY_BITS > millis ? 1 : 0;
                }
                return live;
            }
        };
    }

    /** Iterates over all, made one by one. */
    @Override
    public Iterator<Ban> iterator() {
        return new Rows(Long.MIN_VALUE);
    }

    /** Returns the ban of this row, of which there are {@link #size}. */
    Ban ban(int row) {
        Cause cause = causes.value(cause(row));
        return new Ban(
                network(row),
                cause.origin(),
                Instant.ofEpochMilli(get(row, SINCE)),
                Instant.ofEpochMilli(get(row, UNTIL) >> KEY_BITS),
                (int) (get(row, COUNT) >> 32),
                cause.reason());
    }

    private Network network(int row) {
        return new Network(new IpAddress(get(row, HIGH), get(row, LOW)), (int) get(row, UNTIL) & (LISTED - 1));
    }

    private int cause(int row) {
        return (int) get(row, COUNT);
    }

    private static long key(Network network, boolean ofFeed) {
        return network.prefix() | (ofFeed ? LISTED : 0);
    }

    /** Returns the row of the ban of this network and kind, or -1. */
    private int row(Network network, boolean ofFeed) {
        return slots[slot(network.address(), key(network, ofFeed))] - 1;
    }

    /** Returns the slot of this row. */
    private int slot(int row) {
        int slot = home(get(row, HIGH), get(row, LOW), get(row, UNTIL) & KEY);
        while (slots[slot] != row + 1) {
            slot = (slot + 1) & (slots.length - 1);
        }
        return slot;
    }

    /** Returns the slot of this key, or the free one where it belongs. */
    private int slot(IpAddress address, long key) {
        int slot = home(address.high(), address.low(), key);
        while (slots[slot] != 0) {
            int row = slots[slot] - 1;
            if (get(row, LOW) == address.low() && get(row, HIGH) == address.high() && (get(row, UNTIL) & KEY) == key) {
                break;
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        return slot;
    }

    /** Seeded, because attackers choose addresses. */
    private int home(long high, long low, long key) {
        long hash = (high ^ seed) * 0x9E3779B97F4A7C15L;
        hash = (hash ^ (hash >>> 32) ^ low) * 0xBF58476D1CE4E5B9L;
        hash = (hash ^ (hash >>> 29) ^ key) * 0x94D049BB133111EBL;
        return (int) (hash >>> 33) & (slots.length - 1);
    }

    /** Frees a slot, and moves those behind it that would not be found over a gap. */
    private void free(int slot) {
        int gap = slot;
        int next = slot;
        while (true) {
            next = (next + 1) & (slots.length - 1);
            int row = slots[next] - 1;
            if (row < 0) {
                break;
            }
            int home = home(get(row, HIGH), get(row, LOW), get(row, UNTIL) & KEY);
            if (((next - home) & (slots.length - 1)) >= ((next - gap) & (slots.length - 1))) {
                slots[gap] = row + 1;
                gap = next;
            }
        }
        slots[gap] = 0;
    }

    private void index(int length) {
        slots = new int[length];
        for (int row = 0; row < size; row++) {
            int slot = home(get(row, HIGH), get(row, LOW), get(row, UNTIL) & KEY);
            while (slots[slot] != 0) {
                slot = (slot + 1) & (length - 1);
            }
            slots[slot] = row + 1;
        }
    }

    private long[] chunk(int row) {
        return chunks.get(row / CHUNK_ROWS);
    }

    private static int start(int row) {
        return row % CHUNK_ROWS * ROW;
    }

    private long get(int row, int field) {
        return chunk(row)[start(row) + field];
    }

    private void set(int row, int field, long value) {
        chunk(row)[start(row) + field] = value;
    }

    /** Goes through the bans that end after a time. */
    private final class Rows implements Iterator<Ban> {
        private final long after;
        private int row = -1;

        Rows(long after) {
            this.after = after;
            advance();
        }

        @Override
        public boolean hasNext() {
            return row < size;
        }

        @Override
        public Ban next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Ban ban = ban(row);
            advance();
            return ban;
        }

        private void advance() {
            do {
                row++;
            } while (row < size && get(row, UNTIL) >> KEY_BITS <= after);
        }
    }
}
