package org.sipward.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.sipward.net.Network;

/** The networks that the operator allowed by command. It has few rows, all of them in memory. */
final class AllowedTable {
    private final Database database;

    AllowedTable(Database database) {
        this.database = database;
    }

    /** Replaces the end of a network's time. Returns how many rows were changed. */
    int put(Network network, Instant until) throws SQLException {
        remove(network);
        PreparedStatement insert = database.prepare("INSERT INTO allowed (network, ends) VALUES (?, ?)");
        insert.setBytes(1, NetworkKey.of(network));
        insert.setLong(2, Storable.millis(until));
        return insert.executeUpdate();
    }

    /** Removes a network. Returns how many rows were removed. */
    int remove(Network network) throws SQLException {
        PreparedStatement delete = database.prepare("DELETE FROM allowed WHERE network = ?");
        delete.setBytes(1, NetworkKey.of(network));
        return delete.executeUpdate();
    }

    /**
     * Returns all networks, each with the end of its time.
     *
     * @param unreadable takes the reason for each row that cannot be read
     */
    Map<Network, Instant> all(Consumer<String> unreadable) throws SQLException {
        Map<Network, Instant> allowed = new HashMap<>();
        try (ResultSet rows =
                database.prepare("SELECT network, ends FROM allowed").executeQuery()) {
            while (rows.next()) {
                try {
                    allowed.put(NetworkKey.parse(rows.getBytes(1)), Instant.ofEpochMilli(rows.getLong(2)));
                } catch (IllegalArgumentException e) {
                    unreadable.accept(String.valueOf(e.getMessage()));
                }
            }
        }
        return allowed;
    }
}
