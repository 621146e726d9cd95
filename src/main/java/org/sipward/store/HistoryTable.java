package org.sipward.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.sipward.ban.Ban;
import org.sipward.ban.BanStore.History;
import org.sipward.ban.BanStore.Past;
import org.sipward.net.Network;

/** What jails and the operator have banned: a row for each network and time. A feed's bans are not in it. */
final class HistoryTable {
    private static final int PAGE = 1_000;

    private HistoryTable() {}

    /** Writes down these bans. One with the network and beginning of an earlier row is that ban with a new end. */
    static void put(Database database, Collection<Ban> bans) throws SQLException {
        PreparedStatement insert =
                database.prepare("INSERT INTO history (" + BanColumns.WRITTEN + ", network) VALUES (?, ?, ?, ?, ?, ?)");
        PreparedStatement update = database.prepare("UPDATE history SET (" + BanColumns.WRITTEN
                + ", ended) = (?, ?, ?, ?, ?, NULL) WHERE network = ? AND began = ?");
        for (Ban ban : bans) {
            BanColumns.set(insert, ban);
            insert.setBytes(6, NetworkKey.of(ban.network()));
            if (!Database.isNew(insert)) {
                BanColumns.set(update, ban);
                update.setBytes(6, NetworkKey.of(ban.network()));
                update.setLong(7, BanColumns.millis(ban.since()));
                update.executeUpdate();
            }
        }
    }

    /** Writes down that these bans were taken back; one that has run out by then was not. Returns the rows changed. */
    static int end(Database database, Collection<Ban> bans, Instant end) throws SQLException {
        PreparedStatement update =
                database.prepare("UPDATE history SET ended = ? WHERE network = ? AND began = ? AND ends > ?");
        int changed = 0;
        for (Ban ban : bans) {
            update.setLong(1, BanColumns.millis(end));
            update.setBytes(2, NetworkKey.of(ban.network()));
            update.setLong(3, BanColumns.millis(ban.since()));
            update.setLong(4, BanColumns.millis(end));
            changed += update.executeUpdate();
        }
        return changed;
    }

    /**
     * Returns how often and when last jails have banned exactly this network, or empty if never. Bans that do not count
     * ({@link Ban#count} is 0) are left out of the number, but not of the time.
     */
    static Optional<History> ofJails(Database database, Network network) throws SQLException {
        PreparedStatement select = database.prepare("SELECT COUNT(NULLIF(times, 0)), MAX(began), COUNT(*) FROM history"
                + " WHERE network = ? AND origin LIKE 'jail:%'");
        select.setBytes(1, NetworkKey.of(network));
        try (ResultSet rows = select.executeQuery()) {
            rows.next();
            return rows.getInt(3) == 0
                    ? Optional.empty()
                    : Optional.of(new History(rows.getInt(1), Instant.ofEpochMilli(rows.getLong(2))));
        }
    }

    /**
     * Reads the latest bans of exactly this network.
     *
     * @param unreadable takes the reason for each row that is not a ban
     */
    static void latest(Database database, byte[] network, int limit, Consumer<Past> bans, Consumer<String> unreadable)
            throws SQLException {
        PreparedStatement select = database.prepare("SELECT " + BanColumns.READ
                + ", ended FROM history WHERE network = ? ORDER BY network DESC, began DESC LIMIT ?");
        select.setBytes(1, network);
        select.setInt(2, limit);
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                try {
                    long ended = rows.getLong(7);
                    boolean wasEnded = !rows.wasNull();
                    bans.accept(new Past(
                            BanColumns.read(rows),
                            wasEnded ? Optional.of(Instant.ofEpochMilli(ended)) : Optional.empty()));
                } catch (IllegalArgumentException e) {
                    unreadable.accept(String.valueOf(e.getMessage()));
                }
            }
        }
    }

    /** Returns keys of networks after the one and up to the other, in their order, some more than once. */
    static List<byte[]> networks(Database database, byte[] after, byte[] last) throws SQLException {
        PreparedStatement select = database.prepare(
                "SELECT network FROM history WHERE network > ? AND network <= ? ORDER BY network LIMIT " + PAGE);
        select.setBytes(1, after);
        select.setBytes(2, last);
        List<byte[]> keys = new ArrayList<>();
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                keys.add(rows.getBytes(1));
            }
        }
        return keys;
    }

    static int count(Database database) throws SQLException {
        try (ResultSet rows = database.prepare("SELECT COUNT(*) FROM history").executeQuery()) {
            rows.next();
            return rows.getInt(1);
        }
    }

    /** Deletes the bans that began first, at most {@code limit}, of those that began before this. Returns how many. */
    static int deleteOldest(Database database, long before, int limit) throws SQLException {
        PreparedStatement select =
                database.prepare("SELECT network, began FROM history WHERE began < ? ORDER BY began LIMIT ?");
        PreparedStatement delete = database.prepare("DELETE FROM history WHERE network = ? AND began = ?");
        select.setLong(1, before);
        select.setInt(2, limit);
        int deleted = 0;
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                delete.setBytes(1, rows.getBytes(1));
                delete.setLong(2, rows.getLong(2));
                deleted += delete.executeUpdate();
            }
        }
        return deleted;
    }
}
