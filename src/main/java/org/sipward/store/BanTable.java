package org.sipward.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Consumer;
import org.sipward.ban.Ban;

/** The bans in force, one for a network and kind of origin (feed or not). */
final class BanTable {
    /** So many rows are read at once. */
    static final int PAGE = 1_000;

    private BanTable() {}

    /** Puts each ban in the place of one with its network and kind. */
    static void put(Database database, Collection<Ban> bans) throws SQLException {
        PreparedStatement insert = database.prepare(
                "INSERT INTO bans (" + BanColumns.WRITTEN + ", feed, network) VALUES (?, ?, ?, ?, ?, ?, ?)");
        PreparedStatement update = database.prepare(
                "UPDATE bans SET (" + BanColumns.WRITTEN + ") = (?, ?, ?, ?, ?) WHERE feed = ? AND network = ?");
        for (Ban ban : bans) {
            if (!Database.isNew(set(insert, ban))) {
                set(update, ban).executeUpdate();
            }
        }
    }

    private static PreparedStatement set(PreparedStatement statement, Ban ban) throws SQLException {
        BanColumns.set(statement, ban);
        statement.setBoolean(6, ban.origin().isFeed());
        statement.setBytes(7, NetworkKey.of(ban.network()));
        return statement;
    }

    /** Returns how many of the bans were there. */
    static int remove(Database database, Collection<Ban> bans) throws SQLException {
        PreparedStatement delete = database.prepare("DELETE FROM bans WHERE feed = ? AND network = ?");
        int removed = 0;
        for (Ban ban : bans) {
            delete.setBoolean(1, ban.origin().isFeed());
            delete.setBytes(2, NetworkKey.of(ban.network()));
            removed += delete.executeUpdate();
        }
        return removed;
    }

    /**
     * Reads up to {@link #PAGE} bans of a kind, by network.
     *
     * @param after the key after which to begin
     * @param unreadable takes the reason for each row that is not a ban
     * @return the key after which the next page begins, or empty if there is none
     */
    static Optional<byte[]> page(
            Database database, boolean feed, byte[] after, Consumer<Ban> bans, Consumer<String> unreadable)
            throws SQLException {
        PreparedStatement select = database.prepare("SELECT " + BanColumns.READ
                + " FROM bans WHERE feed = ? AND network > ? ORDER BY feed, network LIMIT " + PAGE);
        select.setBoolean(1, feed);
        select.setBytes(2, after);
        int count = 0;
        byte[] last = after;
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                count++;
                last = rows.getBytes(1);
                try {
                    bans.accept(BanColumns.read(rows));
                } catch (IllegalArgumentException e) {
                    unreadable.accept(String.valueOf(e.getMessage()));
                }
            }
        }
        return count < PAGE ? Optional.empty() : Optional.of(last);
    }
}
