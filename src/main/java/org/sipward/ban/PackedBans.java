package org.sipward.ban;

import java.time.Instant;
import java.util.AbstractCollection;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;
import org.sipward.net.SeededHash;

/**
 * Bans, at most one for a network and kind of origin (feed or not), stored as numbers in arrays. A {@link Ban} object
 * is made when a caller asks for it.
 *
 * <p>Memory: 48 bytes for a ban, and 5 to 11 for finding it; origins and reasons are held once for all bans that share
 * them. The memory is freed when bans end. Not thread-safe, and must not be changed during an iteration.
 */
final class PackedBans extends AbstractCollection<Ban> {

    /** See {@link #kind}. */
    static final int KINDS = 4;

    /** The numbers of a ban: two for the address, its beginning, its end with {@link #KEY_BITS}, count and cause. */
    private static final int ROW = 5;

    /** How many lower bits of a sort key hold the row. The upper bits have room for the milliseconds until 2248. */
    private static final int ROW_BITS = 20;

    private static final long LAST_ROW = (1L << ROW_BITS) - 1;

    private static final int HIGH = 0;
    private static final int LOW = 1;
    private static final int SINCE = 2;
    private static final int UNTIL = 3;
    private static final int COUNT = 4;

    /** How many lower bits of {@link #UNTIL} belong to the key: the prefix, and whether a feed lists it. */
    private static final int KEY_BITS = 9;

    private static final int LISTED = 1 << (KEY_BITS - 1);
    private static final long KEY = (1 << KEY_BITS) - 1;

    private final SeededHash hash = new SeededHash();
    private final Rows rows = new Rows(ROW);
    private final Shared<Cause> causes = new Shared<>();
    private final Queues queues = new Queues();
    private final RowIndex index =
            new RowIndex(row -> hash.of(rows.get(row, HIGH), rows.get(row, LOW), rows.get(row, UNTIL) & KEY));
    private int size;

    /** No ban ends before this, in milliseconds since 1970. */
    private long firstEnd = Long.MAX_VALUE;

    @Override
    public int size() {
        return size;
    }

    /** Returns how many bans there are of this rank. */
    int count(Rank rank) {
        return queues.count(rank);
    }

    /** Returns how many bans of any kind are of networks with this prefix. Visits every ban. */
    int countPrefix(int prefix) {
        int count = 0;
        for (int row = 0; row < size; row++) {
            count += prefix(row) == prefix ? 1 : 0;
        }
        return count;
    }

    /** Returns the ban of this network and kind. */
    Optional<Ban> get(Network network, boolean ofFeed) {
        int row = row(network, ofFeed);
        return row < 0 ? Optional.empty() : Optional.of(ban(row));
    }

    /** Returns the bans that are not over and hold this address. The cost does not depend on their number. */
    List<Ban> of(IpAddress address, Instant now) {
        return IntStream.rangeClosed(0, address.bits())
                .mapToObj(prefix -> new Network(address, prefix))
                .flatMapToInt(network -> IntStream.of(row(network, false), row(network, true)))
                .filter(row -> row >= 0 && !isOver(row, now))
                .sorted()
                .mapToObj(this::ban)
                .toList();
    }

    /** Iterates over the bans of this rank, oldest entry first. Valid until the next change. */
    Iterator<Ban> queue(Rank rank) {
        return new RowWalk<>(queues.first(rank), queues::after, this::ban);
    }

    /** Sorts every queue by the beginning of its bans. */
    void sortQueues() {
        for (long key : byBeginning()) {
            int row = (int) (key & LAST_ROW);
            queues.remove(row, rank(row));
            queues.append(row, rank(row));
        }
    }

    /** Returns a copy of the bans that are not over, sorted by their beginning. */
    PackedBans copy(Instant now) {
        PackedBans copy = new PackedBans();
        for (long key : byBeginning()) {
            int row = (int) (key & LAST_ROW);
            if (!isOver(row, now)) {
                copy.put(ban(row));
            }
        }
        return copy;
    }

    private long[] byBeginning() {
        long[] keys = new long[size];
        for (int row = 0; row < size; row++) {
            keys[row] = rows.get(row, SINCE) << ROW_BITS | row;
        }
        Arrays.sort(keys);
        return keys;
    }

    /** Returns a list that makes its elements when they are asked for. The bans must not change any more. */
    List<Ban> asList() {
        return new AbstractList<>() {
            @Override
            public Ban get(int row) {
                return ban(Objects.checkIndex(row, size));
            }

            @Override
            public int size() {
                return size;
            }
        };
    }

    /** Returns whether there is a ban of the same network and kind with the same end. */
    boolean holdsAsLong(Ban ban) {
        int row = row(ban.network(), ban.origin().isFeed());
        return row >= 0 && until(row) == ban.until().toEpochMilli();
    }

    /** Adds the ban. It replaces a ban with the same network and kind. */
    void put(Ban ban) {
        index.grow(size);
        IpAddress address = ban.network().address();
        boolean ofFeed = ban.origin().isFeed();
        long key = key(ban.network(), ofFeed);
        int slot = slot(address, key);
        int row = index.row(slot);
        // Use the new cause before releasing the old one: they may be the same.
        int cause = causes.use(new Cause(ban.origin(), ban.reason()));
        if (row >= 0) {
            queues.remove(row, rank(row));
            causes.release(cause(row));
        } else {
            row = size++;
            index.set(slot, row);
            rows.grow(row);
        }
        long until = ban.until().toEpochMilli();
        rows.set(row, HIGH, address.high());
        rows.set(row, LOW, address.low());
        rows.set(row, SINCE, ban.since().toEpochMilli());
        rows.set(row, UNTIL, until << KEY_BITS | key);
        rows.set(row, COUNT, (long) ban.count() << 32 | cause);
        queues.append(row, Rank.of(ban));
        firstEnd = Math.min(firstEnd, until);
    }

    /** Removes the ban of this network and kind, if there is one. */
    void remove(Network network, boolean ofFeed) {
        int row = row(network, ofFeed);
        if (row < 0) {
            return;
        }
        queues.remove(row, rank(row));
        causes.release(cause(row));
        index.free(index.slot(row));
        int last = size - 1;
        if (row != last) {
            queues.move(last, row, rank(last));
            index.set(index.slot(last), row);
            rows.copy(last, row);
        }
        size--;
        queues.trim(size);
        rows.trim(size);
        index.trim(size);
    }

    /** Removes exactly this ban, and not another ban of the same network and kind. */
    void remove(Ban ban) {
        if (get(ban.network(), ban.origin().isFeed()).filter(ban::equals).isPresent()) {
            remove(ban.network(), ban.origin().isFeed());
        }
    }

    /** Returns at most {@code limit} bans that are over. Costs nothing before the first ban ends. */
    List<Ban> over(Instant now, int limit) {
        long millis = now.toEpochMilli();
        if (firstEnd > millis) {
            return List.of();
        }
        List<Ban> over = new ArrayList<>();
        long first = Long.MAX_VALUE;
        for (int row = 0; row < size && over.size() < limit; row++) {
            long until = until(row);
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
        return until(row) <= now.toEpochMilli();
    }

    /** Returns a number below {@link #KINDS}, one for each combination of feed or not and IPv4 or IPv6. */
    int kind(int row) {
        boolean isV4 = rows.get(row, HIGH) == 0 && rows.get(row, LOW) >>> 32 == 0xffff;
        return ((rows.get(row, UNTIL) & LISTED) != 0 ? 2 : 0) + (isV4 ? 1 : 0);
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

    /** Returns a view of the bans that are not over, made one by one. Valid until the next change. */
    AbstractCollection<Ban> live(Instant now) {
        long millis = now.toEpochMilli();
        return new AbstractCollection<>() {
            @Override
            public Iterator<Ban> iterator() {
                return PackedBans.this.iterator(millis);
            }

            @Override
            public int size() {
                int live = 0;
                for (int row = 0; row < size; row++) {
                    live += until(row) > millis ? 1 : 0;
                }
                return live;
            }
        };
    }

    /** Iterates over all bans. Each is made when it is reached. */
    @Override
    public Iterator<Ban> iterator() {
        return iterator(Long.MIN_VALUE);
    }

    /** Returns the ban of this row; rows are numbered from 0 to {@link #size} - 1. */
    Ban ban(int row) {
        Cause cause = causes.value(cause(row));
        return new Ban(
                network(row),
                cause.origin(),
                Instant.ofEpochMilli(rows.get(row, SINCE)),
                Instant.ofEpochMilli(until(row)),
                (int) (rows.get(row, COUNT) >> 32),
                cause.reason());
    }

    /** Returns when the ban of this row ends, in milliseconds since 1970. */
    private long until(int row) {
        return rows.get(row, UNTIL) >> KEY_BITS;
    }

    private int prefix(int row) {
        return (int) rows.get(row, UNTIL) & (LISTED - 1);
    }

    private Network network(int row) {
        return new Network(new IpAddress(rows.get(row, HIGH), rows.get(row, LOW)), prefix(row));
    }

    private Rank rank(int row) {
        return Rank.of(causes.value(cause(row)).origin(), (int) (rows.get(row, COUNT) >> 32));
    }

    private int cause(int row) {
        return (int) rows.get(row, COUNT);
    }

    private static long key(Network network, boolean ofFeed) {
        return network.prefix() | (ofFeed ? LISTED : 0);
    }

    /** Returns the row of the ban of this network and kind, or -1. */
    private int row(Network network, boolean ofFeed) {
        return index.row(slot(network.address(), key(network, ofFeed)));
    }

    /** Returns the slot of this key, or the free slot where the key belongs. */
    private int slot(IpAddress address, long key) {
        int slot = index.home(hash.of(address.high(), address.low(), key));
        int row = index.row(slot);
        while (row >= 0
                && (rows.get(row, LOW) != address.low()
                        || rows.get(row, HIGH) != address.high()
                        || (rows.get(row, UNTIL) & KEY) != key)) {
            slot = index.next(slot);
            row = index.row(slot);
        }
        return slot;
    }

    /** Iterates over the bans that end after a time. */
    private Iterator<Ban> iterator(long after) {
        return new RowWalk<>(next(0, after), row -> next(row + 1, after), this::ban);
    }

    private int next(int from, long after) {
        int row = from;
        while (row < size && until(row) <= after) {
            row++;
        }
        return row < size ? row : Queues.NONE;
    }
}
