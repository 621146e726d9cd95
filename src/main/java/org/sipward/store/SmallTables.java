package org.sipward.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.sipward.net.Network;

/** What the operator allowed by command, and the cursors: few rows, held in memory whole. */
final class SmallTables {
    private SmallTables() {}

    static int allow(Database database, Network network, Instant until) throws SQLException {
        disallow(database, network);
        PreparedStatement insert = database.prepare("INSERT INTO allowed (network, ends) VALUES (?, ?)");
        insert.setBytes(1, NetworkKey.of(network));
        insert.setLong(2, Storable.millis(until));
        return insert.executeUpdate();
    }

    static int disallow(Database database, Network network) throws SQLException {
        PreparedStatement delete = database.prepare("DELETE FROM allowed WHERE network = ?");
        delete.setBytes(1, NetworkKey.of(network));
        return delete.executeUpdate();
    }

    static Map<Network, Instant> allowed(Database database, Consumer<String> unreadable) throws SQLException {
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

    static Optional<String> cursor(Database database, String name) throws SQLException {
        PreparedStatement select = database.prepare("SELECT place FROM cursors WHERE name = ?");
        select.setString(1, name);
        try (ResultSet rows = select.executeQuery()) {
            return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
        }
    }

    /** Returns 0 if the cursor was saved already. */
    static int saveCursor(Database database, String name, String cursor) throws SQLException {
        Optional<String> saved = cursor(database, name);
        if (saved.isPresent() && saved.orElseThrow().equals(cursor)) {
            return 0;
        }
        PreparedStatement write = database.prepare(
                saved.isPresent()
                        ? "UPDATE cursors SET place = ? WHERE name = ?"
                        : "INSERT INTO cursors (place, name) VALUES (?, ?)");
        write.setString(1, cursor);
        write.setString(2, name);
        return write.executeUpdate();
    }

    static Set<String> cursors(Database database) throws SQLException {
        Set<String> names = new HashSet<>();
        try (ResultSet rows = database.prepare("SELECT name FROM cursors").executeQuery()) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }

    static int forgetCursors(Database database, Collection<String> names) throws SQLException {
        PreparedStatement delete = database.prepare("DELETE FROM cursors WHERE name = ?");
        int forgotten = 0;
        for (String name : names) {
            delete.setString(1, name);
            forgotten += delete.executeUpdate();
        }
        return forgotten;
    }
}
