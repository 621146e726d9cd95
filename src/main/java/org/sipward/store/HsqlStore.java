package org.sipward.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Consumer;
import org.sipward.ban.Ban;
import org.sipward.ban.BanStore;
import org.sipward.ban.Trusted;
import org.sipward.net.Network;

/**
 * Keeps bans, history, what the operator allowed, who is trusted, and cursors in a folder, in HSQLDB.
 *
 * <p>What a call has changed when it returns survives the death of the process, and of the machine as far as its disk
 * keeps what it has synced. A call that throws an {@code IOException} has changed nothing; the next one opens the database
 * again. Any number of threads may call; their transactions take turns on one connection.
 *
 * <p>Memory does not grow with the store: 5 MB at most, and while a call stores bans, about 0.4 KB for each of them; so
 * better some thousand at a time than a hundred thousand. Disk: about 150 bytes for a ban and for a row of the history, of
 * which there are at most {@link #MAX_HISTORY}; beyond them the oldest are forgotten. The file of the tables grows by
 * doubling and shrinks when two fifths of it are free; the log adds 4 MB, or one transaction more.
 */
public final class HsqlStore implements BanStore, Closeable {
    /** The most bans that the history holds. */
    public static final int MAX_HISTORY = 200_000;

    private static final int PURGE_STEP = 2_000;
    private static final int NAME_CHARS = 4_200;
    private static final int CURSOR_CHARS = 10_000;

    private final Transactions transactions;
    private final int maxHistory;

    private HsqlStore(Transactions transactions, int maxHistory) {
        this.transactions = transactions;
        this.maxHistory = maxHistory;
    }

    /**
     * Opens the store in this folder, and makes both where they are missing. A damaged store is moved aside, which is
     * logged as an error, and an empty one opened.
     *
     * @param clock names what is moved aside
     * @throws IOException if another agent has the store, or it is a newer program's, or the disk does not let us, with
     *     the mend
     */
    public static HsqlStore open(Path folder, Clock clock) throws IOException {
        return open(folder, clock, Schema.CURRENT, MAX_HISTORY);
    }

    static HsqlStore open(Path folder, Clock clock, Schema schema, int maxHistory) throws IOException {
        StoreFolder locked = StoreFolder.lock(folder);
        boolean open = false;
        try {
            Transactions transactions = new Transactions(locked, new Opening(locked, schema, clock));
            open = true;
            return new HsqlStore(transactions, maxHistory);
        } finally {
            if (!open) {
                locked.close();
            }
        }
    }

    /** {@inheritDoc} They are read in pages, and handed over without a lock held. */
    @Override
    public void load(Consumer<Ban> consumer) throws IOException {
        Unreadable unreadable = new Unreadable("bans in force");
        for (boolean feed : new boolean[] {false, true}) {
            Optional<byte[]> after = Optional.of(NetworkKey.FIRST);
            while (after.isPresent()) {
                byte[] from = after.orElseThrow();
                List<Ban> page = new ArrayList<>(BanTable.PAGE);
                after = transactions.read("load bans", db -> BanTable.page(db, feed, from, page::add, unreadable));
                page.forEach(consumer);
            }
        }
        unreadable.report();
    }

    /** {@inheritDoc} Times are kept to the millisecond; a reason longer than 1,000 characters is cut. */
    @Override
    public void add(Collection<Ban> bans) throws IOException {
        bans.forEach(BanColumns::check);
        // In the order of the tables, where neighbours are read together; of several for one network the last one stays
        // last.
        List<Ban> ordered =
                bans.stream().sorted(Comparator.comparing(Ban::network)).toList();
        List<Ban> own = ordered.stream().filter(ban -> !ban.origin().isFeed()).toList();
        transactions.write("store bans", db -> {
            BanTable.put(db, ordered);
            HistoryTable.put(db, own);
            if (!own.isEmpty()) {
                int surplus = HistoryTable.count(db) - maxHistory;
                if (surplus > 0) {
                    HistoryTable.deleteOldest(db, Long.MAX_VALUE, surplus);
                }
            }
            return bans.size();
        });
    }

    @Override
    public void remove(Collection<Ban> bans, Instant end) throws IOException {
        List<Ban> own = bans.stream().filter(ban -> !ban.origin().isFeed()).toList();
        transactions.write("remove bans", db -> BanTable.remove(db, bans) + HistoryTable.end(db, own, end));
    }

    @Override
    public Map<Network, History> history(Collection<Network> networks) throws IOException {
        return transactions.read("read the history", db -> {
            Map<Network, History> result = new HashMap<>();
            for (Network network : networks.stream().sorted().toList()) {
                HistoryTable.ofJails(db, network).ifPresent(history -> result.put(network, history));
            }
            return result;
        });
    }

    /** {@inheritDoc} Takes time in the number of bans within the network, and memory for {@code limit}. */
    @Override
    public List<Past> past(Network network, int limit) throws IOException {
        if (limit <= 0) {
            return List.of();
        }
        Comparator<Past> byTime = Comparator.comparing(past -> past.ban().since());
        PriorityQueue<Past> latest = new PriorityQueue<>(byTime);
        Unreadable unreadable = new Unreadable("bans of the history");
        Consumer<Past> keep = past -> {
            if (past.ban().network().overlaps(network)) {
                latest.add(past);
                if (latest.size() > limit) {
                    latest.remove();
                }
            }
        };
        transactions.read("read the history", db -> {
            for (int prefix = 0; prefix <= network.prefix(); prefix++) {
                byte[] around = NetworkKey.of(new Network(network.address(), prefix));
                HistoryTable.latest(db, around, limit, keep, unreadable);
            }
            return 0;
        });
        byte[] last = NetworkKey.lastWithin(network);
        byte[] after = NetworkKey.of(network);
        while (after.length > 0) {
            byte[] from = after;
            after = transactions.read("read the history", db -> {
                byte[] previous = from;
                for (byte[] key : HistoryTable.networks(db, from, last)) {
                    if (!Arrays.equals(key, previous)) {
                        HistoryTable.latest(db, key, limit, keep, unreadable);
                    }
                    previous = key;
                }
                return previous == from ? NetworkKey.FIRST : previous;
            });
        }
        unreadable.report();
        return latest.stream().sorted(byTime.reversed()).toList();
    }

    /**
     * Forgets the bans of the history that began before this, in steps of some thousand rows, each a transaction: a purge
     * that fails midway has forgotten some.
     */
    @Override
    public void purge(Instant before) throws IOException {
        int deleted = PURGE_STEP;
        while (deleted == PURGE_STEP) {
            deleted = transactions.write(
                    "purge the history", db -> HistoryTable.deleteOldest(db, BanColumns.millis(before), PURGE_STEP));
        }
    }

    @Override
    public void allow(Network network, Instant until) throws IOException {
        transactions.write("store what is allowed", db -> SmallTables.allow(db, network, until));
    }

    @Override
    public void disallow(Network network) throws IOException {
        transactions.write("store what is allowed", db -> SmallTables.disallow(db, network));
    }

    @Override
    public Map<Network, Instant> allowed() throws IOException {
        Unreadable unreadable = new Unreadable("networks that were allowed");
        Map<Network, Instant> allowed =
                transactions.read("read what is allowed", db -> SmallTables.allowed(db, unreadable));
        unreadable.report();
        return allowed;
    }

    /** Keeps these, each in place of an earlier one of its network, and forgets those whose time is over. */
    public void saveTrusted(Collection<Trusted> trusted, Instant now) throws IOException {
        transactions.write("store who is trusted", db -> TrustTable.put(db, trusted, now));
    }

    /** Returns those of {@link #saveTrusted} whose time is not over; of more than {@code limit}, those who last longest. */
    public List<Trusted> trusted(Instant now, int limit) throws IOException {
        Unreadable unreadable = new Unreadable("trusted addresses");
        List<Trusted> trusted =
                transactions.read("read who is trusted", db -> TrustTable.latest(db, now, limit, unreadable));
        unreadable.report();
        return trusted;
    }

    /** Returns the text last saved under this name. */
    public Optional<String> cursor(String name) throws IOException {
        return transactions.read("read a cursor", db -> SmallTables.cursor(db, name));
    }

    /** Saves one cursor; see {@link #saveCursors}. */
    public void saveCursor(String name, String cursor) throws IOException {
        saveCursors(Map.of(name, cursor));
    }

    /**
     * Saves these cursors, by name, in place of earlier ones, in one transaction. Those that are saved already are not
     * written again, and where that is all of them the disk is not touched.
     *
     * @throws IllegalArgumentException if a name is longer than 4,200 characters or a cursor longer than 10,000
     */
    public void saveCursors(Map<String, String> cursors) throws IOException {
        cursors.forEach((name, cursor) -> {
            if (name.length() > NAME_CHARS || cursor.length() > CURSOR_CHARS) {
                throw new IllegalArgumentException("cursor has a name of " + name.length() + " characters, and "
                        + cursor.length() + " characters; at most are " + NAME_CHARS + " and " + CURSOR_CHARS);
            }
        });
        transactions.write("save cursors", db -> {
            int changed = 0;
            for (Map.Entry<String, String> entry : cursors.entrySet()) {
                changed += SmallTables.saveCursor(db, entry.getKey(), entry.getValue());
            }
            return changed;
        });
    }

    /** Returns the names of all cursors. */
    public Set<String> cursors() throws IOException {
        return transactions.read("read the cursors", SmallTables::cursors);
    }

    /** Forgets the cursor of a source or feed that is no more. */
    public void forgetCursor(String name) throws IOException {
        transactions.write("forget a cursor", db -> SmallTables.forgetCursor(db, name));
    }

    /** Gives the store free for another agent. Closing twice is fine. */
    @Override
    public void close() throws IOException {
        transactions.close();
    }
}
