package org.sipward.store;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.sipward.ban.Ban;
import org.sipward.ban.BanStore.History;
import org.sipward.ban.BanStore.Past;
import org.sipward.ban.Origin;
import org.sipward.net.Network;

/**
 * The bans of jails and the operator, in the order in which they were stored. Bans of feeds are not in it.
 *
 * <p>Memory: see {@link Batches}. The keys of all networks are kept, so that only the needed rows are read. Not
 * thread-safe.
 */
final class HistoryTable {
    static final int SERIES = 2;

    private final Batches rows;

    HistoryTable(Database database) {
        this.rows = new Batches(database, SERIES, true, past -> Id.of(past.ban()));
    }

    /** Reads and checks every row. Returns their number. */
    int open() throws SQLException {
        return rows.open();
    }

    /** Writes these bans. A ban with the network and beginning of an earlier one is the same ban with a new end. */
    void put(Collection<Ban> bans) throws SQLException {
        Map<Id, Past> fresh = new LinkedHashMap<>();
        bans.forEach(ban -> fresh.put(Id.of(ban), new Past(ban, Optional.empty())));
        int[] keys = keys(fresh.keySet());
        for (Batches.Batch batch : holding(keys)) {
            List<Past> old = rows.read(batch).orElse(List.of());
            List<Past> rest = old.stream()
                    .filter(past -> !fresh.containsKey(Id.of(past.ban())))
                    .toList();
            if (rest.size() < old.size()) {
                rows.replace(batch, rest);
            }
        }
        rows.append(fresh.values().iterator());
    }

    /** Writes these records. None of them may be there yet. */
    void restore(List<Past> records) throws SQLException {
        rows.append(records.iterator());
    }

    /** Writes that these bans were ended early, unless one was over by then anyway. Returns how many it changed. */
    int end(Collection<Ban> bans, Instant end) throws SQLException {
        Map<Id, Ban> ended = bans.stream()
                .filter(ban -> ban.until().isAfter(end))
                .collect(Collectors.toMap(Id::of, ban -> ban, (one, other) -> one));
        int changed = 0;
        for (Batches.Batch batch : holding(keys(ended.keySet()))) {
            List<Past> past = new ArrayList<>(rows.read(batch).orElse(List.of()));
            int before = changed;
            for (int i = 0; i < past.size(); i++) {
                Ban ban = past.get(i).ban();
                if (ended.containsKey(Id.of(ban)) && ban.until().isAfter(end)) {
                    past.set(i, new Past(ban, Optional.of(end)));
                    changed++;
                }
            }
            if (changed > before) {
                rows.replace(batch, past);
            }
        }
        return changed;
    }

    /**
     * Returns how often and when last jails have banned exactly these networks; networks never banned are left out. The
     * number omits bans that do not count ({@link Ban#count} is 0), but the time includes them.
     */
    Map<Network, History> ofJails(Collection<Network> networks) throws SQLException {
        Map<Network, History> found = new HashMap<>();
        Set<Network> asked = Set.copyOf(networks);
        for (Batches.Batch batch : holding(Batches.keys(asked))) {
            for (Past past : rows.read(batch).orElse(List.of())) {
                Ban ban = past.ban();
                if (ban.origin().kind() == Origin.Kind.JAIL && asked.contains(ban.network())) {
                    found.merge(ban.network(), new History(Math.min(ban.count(), 1), ban.since()), HistoryTable::sum);
                }
            }
        }
        return found;
    }

    private static History sum(History one, History other) {
        return new History(one.count() + other.count(), one.last().isAfter(other.last()) ? one.last() : other.last());
    }

    /**
     * Returns the latest bans of networks that overlap this one, the latest first. Reads most of the history.
     *
     * @param unreadable receives the reason for each row that cannot be read
     */
    List<Past> latest(Network network, int limit, Consumer<String> unreadable) throws SQLException {
        Comparator<Past> byTime = Comparator.comparing(past -> past.ban().since());
        PriorityQueue<Past> latest = new PriorityQueue<>(byTime);
        List<Batches.Batch> batches = rows.rows();
        for (int i = batches.size() - 1; i >= 0; i--) {
            Batches.Batch batch = batches.get(i);
            boolean isOlder = latest.size() == limit
                    && !batch.isDamaged()
                    && batch.head().last() <= latest.element().ban().since().toEpochMilli();
            for (Past past :
                    isOlder ? List.<Past>of() : rows.read(batch, unreadable).orElse(List.of())) {
                if (past.ban().network().overlaps(network)) {
                    latest.add(past);
                    if (latest.size() > limit) {
                        latest.remove();
                    }
                }
            }
        }
        return latest.stream().sorted(byTime.reversed()).toList();
    }

    /** Deletes the bans that began before this time. Returns how many it deleted. */
    int forget(Instant before) throws SQLException {
        long millis = before.toEpochMilli();
        int size = rows.size();
        for (Batches.Batch batch : rows.rows()) {
            if (batch.isDamaged() || batch.head().first() >= millis) {
                continue;
            }
            if (batch.head().last() < millis) {
                rows.delete(batch);
            } else {
                rows.replace(
                        batch,
                        rows.read(batch).orElse(List.of()).stream()
                                .filter(past -> !past.ban().since().isBefore(before))
                                .toList());
            }
        }
        return size - rows.size();
    }

    /**
     * Moves bans that begin later than {@code future} to {@code now}. They last as long as before. Returns their
     * number.
     */
    int bringBack(Instant now, Instant future) throws SQLException {
        int changed = 0;
        for (Batches.Batch batch : rows.rows()) {
            if (batch.isDamaged() || batch.head().last() <= future.toEpochMilli()) {
                continue;
            }
            List<Past> past = new ArrayList<>(rows.read(batch).orElse(List.of()));
            for (int i = 0; i < past.size(); i++) {
                if (past.get(i).ban().since().isAfter(future)) {
                    past.set(i, moved(past.get(i), now));
                    changed++;
                }
            }
            if (!past.isEmpty()) {
                rows.replace(batch, past);
            }
        }
        return changed;
    }

    private static Past moved(Past past, Instant now) {
        Duration by = Duration.between(past.ban().since(), now);
        return new Past(past.ban().beginningAt(now), past.ended().map(ended -> ended.plus(by)));
    }

    /** Deletes the oldest rows until at most {@code most} bans are left. */
    void keep(int most) throws SQLException {
        for (Batches.Batch batch : rows.rows()) {
            if (rows.size() <= most) {
                return;
            }
            rows.delete(batch);
        }
    }

    /** Returns the rows that may contain a ban with one of these keys. */
    private List<Batches.Batch> holding(int[] keys) {
        List<Batches.Batch> holding = new ArrayList<>();
        for (Batches.Batch batch : rows.rows()) {
            if (batch.head().mayHoldOneOf(keys)) {
                holding.add(batch);
            }
        }
        return holding;
    }

    private static int[] keys(Collection<Id> ids) {
        return Batches.keys(ids.stream().map(Id::network).toList());
    }

    /** The identity of a ban: two records with the same id are of the same ban. */
    private record Id(Network network, long since) {
        static Id of(Ban ban) {
            return new Id(ban.network(), ban.since().toEpochMilli());
        }

        // Written out, as in IpAddress.
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Id that && since == that.since && network.equals(that.network);
        }

        @Override
        public int hashCode() {
            return 31 * network.hashCode() + Long.hashCode(since);
        }
    }
}
