package org.sipward.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * An open database, with what is known of its bans without reading them again.
 *
 * @param allowed read whenever somebody asks for it, as the tables behind it are
 */
record Tables(
        Database database,
        BanTable bans,
        HistoryTable history,
        AllowedTable allowed,
        TrustTable trusted,
        NameTable names,
        CursorTable cursors) {
    /** Returns the tables of this database, of which nothing is known yet. */
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
     * Reads every row of bans: damage in the table file shows only there, and should not show first in the middle of an
     * attack.
     *
     * @throws SQLException if not all rows can be reached; one that can but was damaged is left out, and told of by those
     *     who read it
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
