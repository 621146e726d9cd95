package org.sipward.store;

import java.io.Closeable;
import java.io.IOException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * Runs transactions on a store's database, one at a time, for any number of threads. Each is done as a whole or not at
 * all.
 *
 * <p>After a failed transaction the database is closed without saving, and the next transaction opens it again: then
 * the files on the disk count, and not the state in HSQLDB's memory.
 */
final class Transactions implements Closeable {
    private final StoreFolder folder;
    private final Opening opening;

    /** Null after a failure, until the next transaction. */
    private @Nullable Tables tables;

    private boolean closed;

    Transactions(StoreFolder folder, Opening opening) throws IOException {
        this.folder = folder;
        this.opening = opening;
        this.tables = opening.open();
    }

    /** Work within a transaction. It must not begin another one. */
    interface Work<T> {
        T run(Tables tables) throws SQLException, IOException;
    }

    /** Returns the result of work that only reads; {@code what} completes "cannot". */
    <T> T read(String what, Work<T> work) throws IOException {
        return run(what, open -> {
            T result = work.run(open);
            open.database().rollback();
            return result;
        });
    }

    /**
     * Runs work that returns how many changes it made. Returns that number when the changes are on the disk; 0 means no
     * changes.
     */
    int write(String what, Work<Integer> work) throws IOException {
        return run(what, open -> {
            int changed = work.run(open);
            if (changed > 0) {
                open.database().commit();
            } else {
                open.database().rollback();
            }
            return changed;
        });
    }

    private synchronized <T> T run(String what, Work<T> work) throws IOException {
        if (closed) {
            throw new IOException("store " + folder + ": cannot " + what + ": closed");
        }
        // HSQLDB would clear the interrupt flag at its next lock, so we clear it and set it again afterwards.
        boolean interrupted = Thread.interrupted();
        try {
            return attempt(what, work);
        } finally {
            restore(interrupted);
        }
    }

    private synchronized <T> T attempt(String what, Work<T> work) throws IOException {
        Tables open = tables == null ? opening.open() : tables;
        tables = null;
        try {
            T result = work.run(open);
            if (open.database().isSound()) {
                tables = open;
            }
            return result;
        } catch (SQLException | IOException e) {
            throw new IOException("store " + folder + ": cannot " + what + ": " + e.getMessage(), e);
        } finally {
            if (tables == null) {
                open.database().abandon();
            }
        }
    }

    /** Moves the log into the tables' files, and releases the folder for another agent. Closing twice is fine. */
    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        boolean interrupted = Thread.interrupted();
        try (folder) {
            if (tables != null) {
                tables.database().close();
            }
        } finally {
            restore(interrupted);
        }
    }

    private static void restore(boolean interrupted) {
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
