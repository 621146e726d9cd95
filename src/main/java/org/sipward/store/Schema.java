package org.sipward.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The tables, as the list of steps that lead to them from an empty database. A store's version is the number of steps it
 * has behind it; a step that was in a release never changes.
 *
 * <p>HSQLDB cannot take back a change of tables, so steps are applied to a copy of the database ({@link Opening}).
 *
 * @param steps each a list of SQL statements
 */
record Schema(List<List<String>> steps) {
    /**
     * The tables of this program. Those that grow are CACHED: their rows stay on disk, and only some of them in memory.
     * {@code network} is a {@link NetworkKey}; times are milliseconds since 1970.
     */
    static final Schema CURRENT = new Schema(List.of(
            List.of(
                    """
            CREATE CACHED TABLE bans (feed BOOLEAN, network VARBINARY(17), origin VARCHAR(300) NOT NULL,
                began BIGINT NOT NULL, ends BIGINT NOT NULL, times INTEGER NOT NULL, reason VARCHAR(1000) NOT NULL,
                PRIMARY KEY (feed, network))""",
                    """
            CREATE CACHED TABLE history (network VARBINARY(17), began BIGINT, origin VARCHAR(300) NOT NULL,
                ends BIGINT NOT NULL, ended BIGINT, times INTEGER NOT NULL, reason VARCHAR(1000) NOT NULL,
                PRIMARY KEY (network, began))""",
                    "CREATE INDEX history_began ON history (began)",
                    "CREATE MEMORY TABLE allowed (network VARBINARY(17) PRIMARY KEY, ends BIGINT NOT NULL)",
                    "CREATE MEMORY TABLE cursors (name VARCHAR(4200) PRIMARY KEY, place VARCHAR(10000) NOT NULL)"),
            List.of(
                    "CREATE CACHED TABLE trusted (network VARBINARY(17) PRIMARY KEY, began BIGINT NOT NULL, ends BIGINT NOT NULL)",
                    "CREATE INDEX trusted_ends ON trusted (ends)")));

    /** Returns the version that this program reads and writes. */
    int newest() {
        return steps.size();
    }

    /** Returns the version of an open database. */
    static int version(Database database) throws SQLException {
        try (Statement statement = database.statement();
                ResultSet rows = statement.executeQuery("SELECT MAX(version) FROM meta")) {
            rows.next();
            return rows.getInt(1);
        }
    }

    /** Applies the steps that a database of this version lacks; 0 is an empty one. */
    void migrate(Database database, int version) throws SQLException {
        try (Statement statement = database.statement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS meta (version INTEGER NOT NULL)");
            for (List<String> step : steps.subList(version, steps.size())) {
                for (String sql : step) {
                    statement.execute(sql);
                }
            }
            statement.execute("DELETE FROM meta");
            statement.execute("INSERT INTO meta VALUES (" + newest() + ")");
            statement.execute("COMMIT");
        }
    }
}
