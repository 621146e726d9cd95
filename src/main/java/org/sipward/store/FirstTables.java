package org.sipward.store;

import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.sipward.ban.Ban;
import org.sipward.ban.BanStore.Past;
import org.sipward.ban.Origin;

/**
 * The tables of the first two versions, with a row for each ban. They are read once, to upgrade a store to version 3.
 */
final class FirstTables {
    private static final String COLUMNS = "network, origin, began, ends, times, reason";
    private static final int PAGE = 10_000;

    private FirstTables() {}

    /** Writes all bans and the history into the present tables. Skips and reports those that cannot be read. */
    static void move(Database database) throws SQLException, IOException {
        Tables tables = Tables.of(database);
        Unreadable bans = new Unreadable("bans in force");
        read(database, "SELECT " + COLUMNS + " FROM bans ORDER BY feed, network", bans, page -> {
            tables.bans().put(page.stream().map(Past::ban).toList());
        });
        bans.report();
        Unreadable history = new Unreadable("bans of the history");
        read(database, "SELECT " + COLUMNS + ", ended FROM history ORDER BY began", history, tables.history()::restore);
        history.report();
    }

    private static void read(Database database, String sql, Consumer<String> unreadable, Page page)
            throws SQLException, IOException {
        PreparedStatement select = database.prepare(sql);
        List<Past> some = new ArrayList<>();
        try (ResultSet rows = select.executeQuery()) {
            boolean hasEnd = rows.getMetaData().getColumnCount() > 6;
            while (rows.next()) {
                try {
                    some.add(new Past(ban(rows), hasEnd ? time(rows, 7) : Optional.empty()));
                } catch (IllegalArgumentException e) {
                    unreadable.accept(String.valueOf(e.getMessage()));
                }
                if (some.size() == PAGE) {
                    page.write(some);
                    some.clear();
                }
            }
        }
        if (!some.isEmpty()) {
            page.write(some);
            database.commit();
        }
    }

    private static Ban ban(ResultSet row) throws SQLException {
        return new Ban(
                NetworkKey.parse(row.getBytes(1)),
                Origin.parse(row.getString(2)),
                Instant.ofEpochMilli(row.getLong(3)),
                Instant.ofEpochMilli(row.getLong(4)),
                row.getInt(5),
                row.getString(6));
    }

    private static Optional<Instant> time(ResultSet row, int column) throws SQLException {
        long millis = row.getLong(column);
        return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
    }

    private interface Page {
        void write(List<Past> some) throws SQLException;
    }
}
