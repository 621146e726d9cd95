package org.sipward.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Properties;
import java.util.Set;
import org.hsqldb.persist.HsqlDatabaseProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the database of a folder: creates a missing database, upgrades an older one to this program's version, refuses
 * a newer one, and moves a damaged one aside and starts with an empty one.
 *
 * @param folder the folder; this process holds its lock
 * @param schema the tables that the database must have
 * @param clock gives the names of folders that are set aside
 * @param losses receives messages about lost data
 */
record Opening(StoreFolder folder, Schema schema, Clock clock, Losses losses) {
    private static final Logger log = LoggerFactory.getLogger(Opening.class);

    /** The states of its files that HSQLDB writes into {@code store.properties}. */
    private static final Set<String> STATES =
            Set.of("no", "yes", "yes-new-files", "yes-new-files-data", "no-new-files");

    /**
     * Returns the database, open, with every row of bans checked.
     *
     * @throws IOException if it cannot be opened although it is not damaged; then it is left as it is
     */
    Tables open() throws IOException {
        folder.checkUsable();
        folder.settle();
        if (!folder.hasDatabase()) {
            migrate(0);
        }
        try {
            return openWhole();
        } catch (DamagedException e) {
            folder.checkUsable();
            Path aside = folder.moveAside(clock.instant());
            losses.add("is damaged; the agent starts without its bans, history, cursors and allowed networks;"
                    + " the old files are in " + aside + ": " + e.getMessage());
        }
        migrate(0);
        try {
            return openWhole();
        } catch (DamagedException e) {
            throw new IOException("store " + folder + ": a new database cannot be opened: " + e.getMessage(), e);
        }
    }

    private Tables openWhole() throws IOException, DamagedException {
        checkState();
        checkLog();
        Database database = openFiles();
        int version = checked(database, Schema::version);
        if (version < 1) {
            database.abandon();
            throw new DamagedException("the version of the tables is missing");
        }
        if (version > schema.newest()) {
            database.close();
            throw new IOException(
                    "store " + folder + " has version " + version + ", but this program knows only versions up to "
                            + schema.newest() + "; run the newer program, or move the folder away to start empty");
        }
        if (version < schema.newest()) {
            database.close();
            migrate(version);
            log.info("store {} upgraded from version {} to {}", folder, version, schema.newest());
            database = openFiles();
        }
        Tables tables = Tables.of(database);
        checked(database, any -> {
            tables.open();
            return 0;
        });
        return tables;
    }

    /**
     * Checks that HSQLDB knows the state of the files. It takes an unknown state for a clean one, and deletes the log.
     * If the state cannot be read, we write that of a crash, from which HSQLDB can open whole files, too.
     */
    private void checkState() throws IOException, DamagedException {
        Path path = folder.database().resolve("store.properties");
        Properties properties = new Properties();
        try (InputStream file = Files.newInputStream(path)) {
            properties.load(file);
        } catch (IllegalArgumentException | NoSuchFileException e) {
            properties.clear();
        }
        if (STATES.contains(properties.getProperty("modified", ""))) {
            return;
        }
        if (!isBetweenCheckpoints()) {
            throw new DamagedException(path + " does not contain the state of the files");
        }
        // HSQLDB deletes this file before it writes it again; the process may have died in between.
        Files.writeString(path, "version=" + HsqlDatabaseProperties.THIS_VERSION + "\nmodified=yes\ntx_timestamp=0\n");
        log.warn("store {}: {} was lost in a crash and was created again", folder, path);
    }

    /** Reports a loss if the end of the log is missing. The tables and the rest of the log are kept. */
    private void checkLog() throws IOException {
        StoreLog file = Database.logFile(folder.database());
        if (file.lacksCommits()) {
            losses.add("the end of " + file + " is missing; the latest bans, cursors and allowed networks may be lost,"
                    + " and the agent uses the rest; a copy of the files is in " + folder.copyAside(clock.instant()));
        }
    }

    /**
     * Returns whether no checkpoint was going on. Only the lost state could tell whether its new files are complete.
     */
    private boolean isBetweenCheckpoints() {
        return Files.exists(folder.database().resolve("store.script"))
                && !Files.exists(folder.database().resolve("store.script.new"))
                && !Files.exists(folder.database().resolve("store.data.new"));
    }

    private Database openFiles() throws IOException, DamagedException {
        try {
            return Database.open(folder.database());
        } catch (SQLException | RuntimeException e) {
            // With damaged files, HSQLDB may throw any exception.
            throw new DamagedException(e);
        }
    }

    private static int checked(Database database, Look look) throws DamagedException {
        try {
            return look.at(database);
        } catch (SQLException | RuntimeException e) {
            database.abandon();
            throw new DamagedException(e);
        }
    }

    /**
     * Creates the schema's newest version in a new folder, from a copy of the database or from nothing, and adopts it.
     */
    private void migrate(int version) throws IOException {
        Path successor = folder.successor(version > 0);
        try {
            Database database = Database.open(successor);
            boolean done = false;
            try {
                schema.migrate(database, version);
                done = true;
            } finally {
                if (!done) {
                    database.abandon();
                }
            }
            database.close();
        } catch (SQLException e) {
            folder.checkUsable();
            throw new IOException(
                    "store " + folder + ": cannot create the tables of version " + schema.newest() + ": "
                            + e.getMessage(),
                    e);
        }
        folder.adopt(successor);
    }

    private interface Look {
        int at(Database database) throws SQLException;
    }
}
