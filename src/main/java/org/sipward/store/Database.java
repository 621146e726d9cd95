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
 * An HSQLDB database on disk, open, with one connection: what is committed is in the file, or the commit throws.
 *
 * <p>HSQLDB writes a transaction to its log file and syncs it before {@code COMMIT} returns, but only logs an error of
 * that write, as on a full disk. So a commit is looked up in the file before it counts.
 *
 * <p>Memory: at most {@value #CACHE_ROWS} rows and {@value #CACHE_KB} KB of them, and what the current transaction
 * changed. Not thread-safe.
 */
final class Database implements Closeable {
    private static final Logger log = LoggerFactory.getLogger(Database.class);

    /** Beyond this the log, which is read whole after a crash, is folded into the tables. */
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

    /** Opens the database in this folder, or makes one there if the folder is empty. Nobody else may have it open. */
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
        // Checkpoints are ours, so that the log is never exchanged within a commit.
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

    /** Returns a statement that is kept and used again; not to be closed. */
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

    /** Ends a transaction that changed nothing, or takes it back. */
    void rollback() throws SQLException {
        connection.rollback();
    }

    /**
     * Moves what the log holds into the tables' files, and gives back space where much was deleted. The transaction is on
     * the disk already, so a failure here is not its failure.
     */
    private void fold() {
        try (Statement checkpoint = statement()) {
            logFile.forget();
            checkpoint.execute("CHECKPOINT");
            logFile.acknowledge();
            foldAt = logFile.acknowledged() + LOG_BYTES;
        } catch (SQLException | IOException e) {
            log.warn("store: cannot fold the log into the tables, will open them again: {}", e.getMessage());
            sound = false;
        }
    }

    /** Returns whether this can be used on; if not, it is to be abandoned and opened again. */
    boolean isSound() {
        return sound;
    }

    /** Closes after a failure: what was not committed is dropped, and a commit that failed is cut out of the log. */
    void abandon() {
        try (Statement shutdown = statement()) {
            shutdown.execute("SHUTDOWN IMMEDIATELY");
        } catch (SQLException refused) {
            // Of a script that was cut short, the user has not the right to it. What stays open, HSQLDB hands out again
            // for whatever lies at this path later.
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
