package org.sipward.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.hsqldb.Session;
import org.hsqldb.jdbc.JDBCConnection;
import org.hsqldb.jdbc.JDBCDriver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open HSQLDB database on disk, with one connection. A commit is in the file, or it throws.
 *
 * <p>HSQLDB writes a transaction to its log file and syncs it before {@code COMMIT} returns. But if that write fails,
 * on a full disk for example, HSQLDB only logs the error. So we look for each commit in the file before it counts.
 *
 * <p>Memory: at most {@value #CACHE_ROWS} rows and {@value #CACHE_KB} KB of them, and what the current transaction
 * changed. Not thread-safe.
 */
final class Database implements Closeable {
    private static final Logger log = LoggerFactory.getLogger(Database.class);

    /** When the log is longer, a checkpoint moves it into the tables: after a crash it is read whole. */
    private static final long LOG_BYTES = 4L << 20;

    private static final int CACHE_ROWS = 5_000;
    private static final int CACHE_KB = 1_000;
    private static final int DEFRAG_PERCENT = 40;

    private final Connection connection;
    private final StoreLog logFile;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();
    private long foldAt = LOG_BYTES;
    private boolean sound = true;

    private Database(Connection connection, StoreLog logFile) {
        this.connection = connection;
        this.logFile = logFile;
    }

    /** Opens the database in this folder, or creates one if the folder is empty. No other process may have it open. */
    static Database open(Path folder) throws SQLException, IOException {
        Path base = folder.resolve("store");
        StoreLog logFile = logFile(folder);
        logFile.dropTornTransaction();
        logFile.forget();
        Connection connection = new JDBCDriver().connect("jdbc:hsqldb:file:" + base, settings());
        connection.setAutoCommit(false);
        logFile.acknowledge();
        return new Database(connection, logFile);
    }

    /** Returns the log of the database in this folder. */
    static StoreLog logFile(Path folder) {
        return new StoreLog(folder.resolve("store.log"));
    }

    private static Properties settings() {
        Properties settings = new Properties();
        settings.setProperty("user", "SA");
        settings.setProperty("password", "");
        // HSQLDB's own lock has a heartbeat, and refuses to open for ten seconds after a kill.
        settings.setProperty("hsqldb.lock_file", "false");
        // Otherwise an unreadable line in the log would quietly end its replay, and lose what comes after it.
        settings.setProperty("hsqldb.full_log_replay", "true");
        settings.setProperty("hsqldb.write_delay", "false");
        settings.setProperty("hsqldb.applog", "0");
        settings.setProperty("hsqldb.extlog", "0");
        // Only we make checkpoints, so that the log is never replaced during a commit.
        settings.setProperty("hsqldb.log_size", "0");
        settings.setProperty("hsqldb.defrag_limit", Integer.toString(DEFRAG_PERCENT));
        settings.setProperty("hsqldb.cache_rows", Integer.toString(CACHE_ROWS));
        settings.setProperty("hsqldb.cache_size", Integer.toString(CACHE_KB));
        settings.setProperty("hsqldb.cache_file_scale", "8");
        settings.setProperty("hsqldb.nio_data_file", "false");
        settings.setProperty("hsqldb.result_max_memory_rows", "5000");
        return settings;
    }

    Statement statement() throws SQLException {
        return connection.createStatement();
    }

    /** Returns a statement that is cached and reused; do not close it. */
    PreparedStatement prepare(String sql) throws SQLException {
        PreparedStatement statement = prepared.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            prepared.put(sql, statement);
        }
        return statement;
    }

    /** Commits a transaction that changed something, and returns once that is on disk. */
    void commit() throws SQLException, IOException {
        connection.commit();
        logFile.expectCommit();
        if (logFile.acknowledged() > foldAt) {
            fold();
        }
    }

    /** Ends a transaction that changed nothing, or rolls it back. */
    void rollback() throws SQLException {
        connection.rollback();
    }

    /**
     * Moves the log into the tables' files, and frees space if much was deleted. The transaction is already on the
     * disk, so a failure here does not make it fail.
     */
    private void fold() {
        try (Statement checkpoint = statement()) {
            logFile.forget();
            checkpoint.execute("CHECKPOINT");
            logFile.acknowledge();
            foldAt = logFile.acknowledged() + LOG_BYTES;
        } catch (SQLException | IOException e) {
            log.warn("store: checkpoint failed, will reopen the database: {}", e.getMessage());
            sound = false;
        }
    }

    /** Returns whether this database can still be used. If not, abandon it and open it again. */
    boolean isSound() {
        return sound;
    }

    /** Closes after a failure: drops what was not committed, and cuts a failed commit out of the log. */
    void abandon() {
        try (Statement shutdown = statement()) {
            shutdown.execute("SHUTDOWN IMMEDIATELY");
        } catch (SQLException refused) {
            // If the script file is cut short, HSQLDB's user lacks the right to shut down. A database that stays open
            // is returned again by HSQLDB for this path, even if other files are there by then.
            log.debug("store: {}", refused.getMessage());
            closeWithoutRights();
        }
        try {
            logFile.restore();
        } catch (IOException e) {
            log.warn("store: cannot cut a failed transaction out of {}: {}", logFile, e.toString());
        }
    }

    private void closeWithoutRights() {
        if (connection instanceof JDBCConnection open && open.getSession() instanceof Session session) {
            session.getDatabase().close(org.hsqldb.Database.CLOSEMODE_IMMEDIATELY);
        }
    }

    @Override
    public void close() throws IOException {
        try (Statement shutdown = statement()) {
            logFile.forget();
            shutdown.execute("SHUTDOWN");
        } catch (SQLException e) {
            abandon();
            throw new IOException("cannot close the database: " + e.getMessage(), e);
        }
    }
}
