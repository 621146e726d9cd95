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
 * Keeps bans, history, allowed networks, trusted addresses, addresses of names, and cursors in a folder, in HSQLDB.
 *
 * <p>When a call returns, its changes survive the death of the process, and a crash of the machine if the disk keeps
 * synced data. A call that throws an {@code IOException} has changed nothing; the next call opens the database again.
 * Any number of threads may call; their transactions take turns on one connection.
 *
 * <p>Memory: 4 bytes for each ban of the history, which has at most {@link #MAX_HISTORY} bans (beyond that, the oldest
 * thousand are deleted); 1 MB of rows; and while bans are stored or loaded, less than 100 bytes for each of them. Disk:
 * some 20 bytes for a ban with a reason that others share, twice that for a ban in force, and some MB of outdated
 * entries. The file of the tables grows by doubling and shrinks when two fifths of it are free; the log adds up to 4 MB
 * and one transaction.
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
     * Opens the store in this folder. Creates the folder and the store if they are missing. A damaged store is moved
     * aside, and an empty one is opened. A store that lacks only its latest changes is copied aside and opened. Both
     * cases are logged as an error and reported by {@link #losses}.
     *
     * @param clock gives the names of folders that are set aside
     * @throws IOException if another agent uses the store, if a newer program wrote it, or if the disk fails or is
     *     full; the message names the fix
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

    /** {@inheritDoc} Times are kept to the millisecond; a reason is cut at 1,000 characters. */
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

    /**
     * {@inheritDoc} Reads the whole history, which takes a fraction of a second, and needs memory for {@code limit}
     * bans.
     */
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

    /** Deletes the bans of the history that began before this time. */
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
        transactions.write("store what is allowed", tables -> tables.allowed().put(network, until));
    }

    @Override
    public void disallow(Network network) throws IOException {
        transactions.write("store what is allowed", tables -> tables.allowed().remove(network));
    }

    @Override
    public Map<Network, Instant> allowed() throws IOException {
        Unreadable unreadable = new Unreadable("allowed networks");
        Map<Network, Instant> allowed = transactions.read(
                "read what is allowed", tables -> tables.allowed().all(unreadable));
        unreadable.report();
        return allowed;
    }

    /** Stores these. Each replaces an earlier one of its network. Deletes those whose time is over. */
    public void saveTrusted(Collection<Trusted> trusted, Instant now) throws IOException {
        transactions.write("store who is trusted", tables -> tables.trusted().put(trusted, now));
    }

    /**
     * Returns those trusted addresses whose time is not over; if there are more than {@code limit}, those that last
     * longest.
     */
    public List<Trusted> trusted(Instant now, int limit) throws IOException {
        Unreadable unreadable = new Unreadable("trusted addresses");
        List<Trusted> trusted = transactions.read(
                "read who is trusted", tables -> tables.trusted().latest(now, limit, unreadable));
        unreadable.report();
        return trusted;
    }

    @Override
    public Map<String, List<IpAddress>> names() throws IOException {
        Unreadable unreadable = new Unreadable("host names");
        Map<String, List<IpAddress>> names =
                transactions.read("read names", tables -> tables.names().all(unreadable));
        unreadable.report();
        return names;
    }

    @Override
    public void saveName(String name, List<IpAddress> addresses) throws IOException {
        transactions.write("store a name", tables -> tables.names().put(name, addresses));
    }

    @Override
    public void forgetNames(Collection<String> names) throws IOException {
        transactions.write("forget names", tables -> tables.names().remove(names));
    }

    @Override
    public Optional<String> cursor(String name) throws IOException {
        return transactions.read("read a cursor", tables -> tables.cursors().get(name));
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
        transactions.write("save a cursor", tables -> tables.cursors().put(name, cursor));
    }

    @Override
    public Set<String> cursors() throws IOException {
        return transactions.read("read the cursors", tables -> tables.cursors().names());
    }

    @Override
    public void forgetCursors(Collection<String> names) throws IOException {
        transactions.write("forget cursors", tables -> tables.cursors().remove(names));
    }

    @Override
    public List<String> losses() {
        return losses.recent();
    }

    /** Releases the store for another agent. Closing twice is fine. */
    @Override
    public void close() throws IOException {
        transactions.close();
    }
}
