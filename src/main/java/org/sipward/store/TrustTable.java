package org.sipward.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.sipward.ban.Trusted;

/** The addresses that have logged in recently. */
final class TrustTable {
    private final Database database;

    TrustTable(Database database) {
        this.database = database;
    }

    /** Replaces entries of the same networks, and deletes entries whose time is over. Returns the rows changed. */
    int put(Collection<Trusted> all, Instant now) throws SQLException {
        PreparedStatement update = database.prepare("UPDATE trusted SET (began, ends) = (?, ?) WHERE network = ?");
        PreparedStatement insert = database.prepare("INSERT INTO trusted (began, ends, network) VALUES (?, ?, ?)");
        int changed = 0;
        for (Trusted trusted : all) {
            if (write(update, trusted) == 0) {
                write(insert, trusted);
            }
            changed++;
        }
        PreparedStatement delete = database.prepare("DELETE FROM trusted WHERE ends <= ?");
        delete.setLong(1, Storable.millis(now));
        return changed + delete.executeUpdate();
    }

    private static int write(PreparedStatement statement, Trusted trusted) throws SQLException {
        statement.setLong(1, Storable.millis(trusted.since()));
        statement.setLong(2, Storable.millis(trusted.until()));
        statement.setBytes(3, NetworkKey.of(trusted.network()));
        return statement.executeUpdate();
    }

    /** Returns the entries whose time is not over, by their end. Beyond the limit, leaves out those that end first. */
    List<Trusted> latest(Instant now, int limit, Consumer<String> unreadable) throws SQLException {
        PreparedStatement select = database.prepare(
                "SELECT network, began, ends FROM"
                        + " (SELECT network, began, ends FROM trusted WHERE ends > ? ORDER BY ends DESC LIMIT ?) ORDER BY ends");
        select.setLong(1, Storable.millis(now));
        select.setInt(2, limit);
        List<Trusted> found = new ArrayList<>();
        try (ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                try {
                    found.add(new Trusted(
                            NetworkKey.parse(rows.getBytes(1)),
                            Instant.ofEpochMilli(rows.getLong(2)),
                            Instant.ofEpochMilli(rows.getLong(3))));
                } catch (IllegalArgumentException e) {
                    unreadable.accept(String.valueOf(e.getMessage()));
                }
            }
        }
        return found;
    }
}
