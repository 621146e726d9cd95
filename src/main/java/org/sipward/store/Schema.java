package org.sipward.store;

import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * The tables, as the list of steps that create them from an empty database. The version of a store is the number of
 * steps that it has been through; a step that was in a release never changes.
 *
 * <p>HSQLDB cannot roll back a change of tables, so steps are applied to a copy of the database ({@link Opening}).
 *
 * @param steps the steps, in order
 */
record Schema(List<Step> steps) {
    /** Upgrades a database from one version to the next. */
    interface Step {
        void apply(Database database) throws SQLException, IOException;
    }

    /**
     * The tables of this program. Tables that grow are CACHED: their rows are on disk, and only some of them in memory.
     * {@code network} is a {@link NetworkKey}; times are milliseconds since 1970; {@code packed} is {@link Packing}.
     */
    static final Schema CURRENT = new Schema(List.of(
            sql(
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
            sql(
                    "CREATE CACHED TABLE trusted (network VARBINARY(17) PRIMARY KEY, began BIGINT NOT NULL, ends BIGINT NOT NULL)",
                    "CREATE INDEX trusted_ends ON trusted (ends)"),
            database -> {
                sql("CREATE CACHED TABLE batches (series SMALLINT, id BIGINT, packed VARBINARY(1000000) NOT NULL,"
                                + " PRIMARY KEY (series, id))")
                        .apply(database);
                FirstTables.move(database);
                sql("DROP TABLE bans", "DROP TABLE history").apply(database);
            },
            sql("CREATE MEMORY TABLE names (name VARCHAR(253) PRIMARY KEY, addresses VARBINARY(1024) NOT NULL)")));

    /** Returns the step that executes these statements. */
    static Step sql(String... statements) {
        return database -> {
            try (Statement statement = database.statement()) {
                for (String sql : statements) {
                    statement.execute(sql);
                }
            }
        };
    }

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

    /** Applies the steps that a database of this version lacks; version 0 is an empty database. */
    void migrate(Database database, int version) throws SQLException, IOException {
        sql("CREATE TABLE IF NOT EXISTS meta (version INTEGER NOT NULL)").apply(database);
        for (Step step : steps.subList(version, steps.size())) {
            step.apply(database);
        }
        sql("DELETE FROM meta", "INSERT INTO meta VALUES (" + newest() + ")", "COMMIT")
                .apply(database);
    }
}
