package org.sipward.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.sipward.ban.Ban;
import org.sipward.ban.BanStore;
import org.sipward.ban.NameStore;
import org.sipward.ban.Trusted;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;

/**
 * Keeps bans, history, what the operator allowed, who is trusted, addresses of names, and cursors in a folder, in HSQLDB.
 *
 * <p>What a call has changed when it returns survives the death of the process, and of the machine as far as its disk
 * keeps what it has synced. A call that throws an {@code IOException} has changed nothing; the next one opens the database
 * again. Any number of threads may call; their transactions take turns on one connection.
 *
 * <p>Memory: 4 bytes for each ban of the history, of which there are at most {@link #MAX_HISTORY}, and beyond them the oldest
 * thousand is forgotten; 1 MB of rows; and while bans are stored or loaded, less than 100 bytes for each of them. Disk: some
 * 20 bytes for a ban and its reason where others share it, twice for those in force, and some MB of what no longer counts. The file of
 * the tables grows by doubling and shrinks when two fifths of it are free; the log adds 4 MB, or one transaction more.
 */
public final class HsqlStore implements BanStore, NameStore, CursorStore, Closeable {
    /** The most bans that the history holds. */
    public static final int MAX_HISTORY = 200_000;

    private static final int NAME_CHARS = 4_200;
    private static final int CURSOR_CHARS = 10_000;

    private final Transactions transactions;
    private final Losses losses;
    private final int maxHistory;

    private HsqlStore(Transactions transactions, Losses losses, int maxHistory) {
        this.transactions = transactions;
        this.losses = losses;
        this.maxHistory = maxHistory;
    }

    /**
     * Opens the store in this folder, and makes both where they are missing. A damaged store is moved aside, and
     * an empty one opened; one of which only the latest changes are missing is copied aside and opened. Either is logged
     * as an error, and told by {@link #losses}.
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
            Losses losses = new Losses(clock);
            Transactions transactions = new Transactions(locked, new Opening(locked, schema, clock, losses));
            open = true;
            return new HsqlStore(transactions, losses, maxHistory);
        } finally {
            if (!open) {
                locked.close();
            }
        }
    }

    /** {@inheritDoc} The consumer must not call the store. */
    @Override
    public void load(Consumer<Ban> consumer) throws IOException {
        Unreadable unreadable = new Unreadable("rows with bans in force");
        transactions.read("load bans", tables -> {
            tables.bans().load(consumer, unreadable);
            return 0;
        });
        unreadable.report();
    }

    /** {@inheritDoc} Times are kept to the millisecond; a reason longer than 1,000 characters is cut. */
    @Override
    public void add(Collection<Ban> bans) throws IOException {
        List<Ban> all = bans.stream().map(Storable::of).toList();
        List<Ban> own = all.stream().filter(ban -> !ban.origin().isFeed()).toList();
        transactions.write("store bans", tables -> {
            tables.bans().put(all);
            tables.history().put(own);
            tables.history().keep(maxHistory);
            return all.size();
        });
    }

    @Override
    public void remove(Collection<Ban> bans, Instant end) throws IOException {
        List<Ban> own = bans.stream().filter(ban -> !ban.origin().isFeed()).toList();
        transactions.write("remove bans", tables -> {
            tables.bans().remove(bans, end);
            tables.history().end(own, end);
            return bans.size();
        });
    }

    @Override
    public Map<Network, History> history(Collection<Network> networks) throws IOException {
        return transactions.read("read the history", tables -> tables.history().ofJails(networks));
    }

    /** {@inheritDoc} Takes time in the length of the history, a fraction of a second, and memory for {@code limit}. */
    @Override
    public List<Past> past(Network network, int limit) throws IOException {
        if (limit <= 0) {
            return List.of();
        }
        Unreadable unreadable = new Unreadable("rows of the history");
        List<Past> past =
                transactions.read("read the history", tables -> tables.history().latest(network, limit, unreadable));
        unreadable.report();
        return past;
    }

    /** Forgets the bans of the history that began before this. */
    @Override
    public void purge(Instant before) throws IOException {
        transactions.write("purge the history", tables -> tables.history().forget(before));
    }

    @Override
    public void bringBack(Instant now, Instant future) throws IOException {
        transactions.write("correct the history", tables -> tables.history().bringBack(now, future));
    }

    @Override
    public void allow(Network network, Instant until) throws IOException {
        transactions.write("store what is allowed", tables -> SmallTables.allow(tables.database(), network, until));
    }

    @Override
    public void disallow(Network network) throws IOException {
        transactions.write("store what is allowed", tables -> SmallTables.disallow(tables.database(), network));
    }

    @Override
    public Map<Network, Instant> allowed() throws IOException {
        Unreadable unreadable = new Unreadable("networks that were allowed");
        Map<Network, Instant> allowed =
                transactions.read("read what is allowed", tables -> SmallTables.allowed(tables.database(), unreadable));
        unreadable.report();
        return allowed;
    }

    /** Keeps these, each in place of an earlier one of its network, and forgets those whose time is over. */
    public void saveTrusted(Collection<Trusted> trusted, Instant now) throws IOException {
        transactions.write("store who is trusted", tables -> TrustTable.put(tables.database(), trusted, now));
    }

    /** Returns those of {@link #saveTrusted} whose time is not over; of more than {@code limit}, those who last longest. */
    public List<Trusted> trusted(Instant now, int limit) throws IOException {
        Unreadable unreadable = new Unreadable("trusted addresses");
        List<Trusted> trusted = transactions.read(
                "read who is trusted", tables -> TrustTable.latest(tables.database(), now, limit, unreadable));
        unreadable.report();
        return trusted;
    }

    @Override
    public Map<String, List<IpAddress>> names() throws IOException {
        Unreadable unreadable = new Unreadable("addresses of names");
        Map<String, List<IpAddress>> names =
                transactions.read("read names", tables -> NameTable.all(tables.database(), unreadable));
        unreadable.report();
        return names;
    }

    @Override
    public void saveName(String name, List<IpAddress> addresses) throws IOException {
        transactions.write("store a name", tables -> NameTable.put(tables.database(), name, addresses));
    }

    @Override
    public void forgetNames(Collection<String> names) throws IOException {
        transactions.write("forget names", tables -> NameTable.remove(tables.database(), names));
    }

    @Override
    public Optional<String> cursor(String name) throws IOException {
        return transactions.read("read a cursor", tables -> SmallTables.cursor(tables.database(), name));
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the name is longer than 4,200 characters or the cursor longer than 10,000
     */
    @Override
    public void saveCursor(String name, String cursor) throws IOException {
        if (name.length() > NAME_CHARS || cursor.length() > CURSOR_CHARS) {
            throw new IllegalArgumentException("cursor has a name of " + name.length() + " characters, and "
                    + cursor.length() + " characters; at most are " + NAME_CHARS + " and " + CURSOR_CHARS);
        }
        transactions.write("save a cursor", tables -> SmallTables.saveCursor(tables.database(), name, cursor));
    }

    @Override
    public Set<String> cursors() throws IOException {
        return transactions.read("read the cursors", tables -> SmallTables.cursors(tables.database()));
    }

    @Override
    public void forgetCursors(Collection<String> names) throws IOException {
        transactions.write("forget cursors", tables -> SmallTables.forgetCursors(tables.database(), names));
    }

    @Override
    public List<String> losses() {
        return losses.recent();
    }

    /** Gives the store free for another agent. Closing twice is fine. */
    @Override
    public void close() throws IOException {
        transactions.close();
    }
}
