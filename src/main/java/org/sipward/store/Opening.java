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
 * Brings up the database of a folder: makes it where there is none, brings an older one to this program's version, refuses
 * a newer one, and moves a damaged one aside and starts with an empty one.
 *
 * @param folder whose lock this process holds
 * @param schema what the database shall have
 * @param clock names what is moved aside
 * @param losses takes what could not be kept
 */
record Opening(StoreFolder folder, Schema schema, Clock clock, Losses losses) {
    private static final Logger log = LoggerFactory.getLogger(Opening.class);

    /** What HSQLDB writes of the state of its files. */
    private static final Set<String> STATES =
            Set.of("no", "yes", "yes-new-files", "yes-new-files-data", "no-new-files");

    /**
     * Returns the database, open, with every row of bans checked.
     *
     * @throws IOException if it cannot be opened for a reason that is not damage; it is left as it is then
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
            losses.add("is damaged; bans, history, cursors and what was allowed by command are lost here, and the agent"
                    + " starts without them; the old files are in " + aside + ": " + e.getMessage());
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
            throw new IOException("store " + folder + " has version " + version + ", and this program knows up to "
                    + schema.newest() + "; run the newer program, or move the folder away to start empty");
        }
        if (version < schema.newest()) {
            database.close();
            migrate(version);
            log.info("store {} brought from version {} to {}", folder, version, schema.newest());
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
     * HSQLDB takes any state that it does not know for a clean one, and deletes the log. Where the state cannot be read,
     * the files are taken for those of a crash, which whole ones can be, too.
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
            throw new DamagedException(path + " does not tell the state of the files");
        }
        // HSQLDB deletes this file before it writes it anew, and may have died meanwhile.
        Files.writeString(path, "version=" + HsqlDatabaseProperties.THIS_VERSION + "\nmodified=yes\ntx_timestamp=0\n");
        log.warn("store {}: {} was lost in a crash, and made anew", folder, path);
    }

    /** Keeps what stands in the tables and in the rest of the log where its end is gone, and tells of it. */
    private void checkLog() throws IOException {
        StoreLog file = Database.logFile(folder.database());
        if (file.lacksCommits()) {
            losses.add("the end of " + file + " is missing; the latest bans, cursors and what was allowed by command"
                    + " of late may be lost, and the agent goes on with the rest; a copy of the files is in "
                    + folder.copyAside(clock.instant()));
        }
    }

    /** Returns whether no files of a checkpoint wait to be put in place, which only the lost state could tell whole from half. */
    private boolean isBetweenCheckpoints() {
        return Files.exists(folder.database().resolve("store.script"))
                && !Files.exists(folder.database().resolve("store.script.new"))
                && !Files.exists(folder.database().resolve("store.data.new"));
    }

    private Database openFiles() throws IOException, DamagedException {
        try {
            return Database.open(folder.database());
        } catch (SQLException | RuntimeException e) {
            // Damaged files make HSQLDB throw what it likes.
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

    /** Makes the schema's newest version in a successor of the database, from a copy or from nothing. */
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
                    "store " + folder + " cannot be made version " + schema.newest() + ": " + e.getMessage(), e);
        }
        folder.adopt(successor);
    }

    private interface Look {
        int at(Database database) throws SQLException;
    }
}
