package org.sipward.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * An open database, with summaries of its bans, so that they need not be read again.
 *
 * @param allowed a small table, as are those after it: they are read at each query
 */
record Tables(
        Database database,
        BanTable bans,
        HistoryTable history,
        AllowedTable allowed,
        TrustTable trusted,
        NameTable names,
        CursorTable cursors) {
    /** Returns the tables of this database. Call {@link #open} before use, unless they are empty. */
    static Tables of(Database database) {
        return new Tables(
                database,
                new BanTable(database),
                new HistoryTable(database),
                new AllowedTable(database),
                new TrustTable(database),
                new NameTable(database),
                new CursorTable(database));
    }

    /**
     * Reads every row of bans. Damage in the table file shows only when a row is read, and should not show for the
     * first time during an attack.
     *
     * @throws SQLException if a row cannot be reached; a row that was reached but is damaged is skipped, and later
     *     reads report it
     */
    void open() throws SQLException {
        int read = bans.open() + history.open();
        try (Statement statement = database.statement();
                ResultSet count = statement.executeQuery("SELECT COUNT(*) FROM batches")) {
            count.next();
            if (count.getInt(1) != read) {
                throw new SQLException("rows are missing");
            }
        }
    }
}
