package org.sipward.store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** The cursors of sources and feeds, by name. It has few rows, all of them in memory. */
final class CursorTable {
    private final Database database;

    CursorTable(Database database) {
        this.database = database;
    }

    Optional<String> get(String name) throws SQLException {
        PreparedStatement select = database.prepare("SELECT place FROM cursors WHERE name = ?");
        select.setString(1, name);
        try (ResultSet rows = select.executeQuery()) {
            return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
        }
    }

    /** Replaces the cursor of a name. Returns how many rows were changed: 0 if the cursor was saved already. */
    int put(String name, String cursor) throws SQLException {
        Optional<String> saved = get(name);
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

    Set<String> names() throws SQLException {
        Set<String> names = new HashSet<>();
        try (ResultSet rows = database.prepare("SELECT name FROM cursors").executeQuery()) {
            while (rows.next()) {
                names.add(rows.getString(1));
            }
        }
        return names;
    }

    /** Removes the cursors of these names. Returns how many rows were removed. */
    int remove(Collection<String> names) throws SQLException {
        PreparedStatement delete = database.prepare("DELETE FROM cursors WHERE name = ?");
        int removed = 0;
        for (String name : names) {
            delete.setString(1, name);
            removed += delete.executeUpdate();
        }
        return removed;
    }
}
