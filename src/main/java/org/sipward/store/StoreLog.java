package org.sipward.store;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/**
 * The log file in which HSQLDB writes each transaction as SQL, with a line {@code COMMIT} at its end. Here the store
 * checks that a commit is in the file, and cuts off an incomplete transaction.
 *
 * <p>A file {@code acknowledged} beside the log contains the length of the log at the last acknowledged commit. It is
 * written when that commit is on the disk. If the log is shorter than that, somebody or the file system has cut it.
 */
final class StoreLog {
    private static final byte[] COMMIT = "COMMIT\n".getBytes(StandardCharsets.US_ASCII);
    private static final int BLOCK = 1 << 16;
    private static final long UNKNOWN = -1;

    private final Path path;
    private final Path note;
    private long acknowledged = UNKNOWN;

    StoreLog(Path path) {
        this.path = path;
        this.note = path.resolveSibling("acknowledged");
    }

    /** Returns whether acknowledged commits are missing in the file; false if that is unknown. */
    boolean lacksCommits() throws IOException {
        long size = size();
        return endOfLastCommit(size, size) < noted();
    }

    /** Returns the length of the log at the last acknowledged commit. */
    long acknowledged() {
        return acknowledged;
    }

    /** Acknowledges the whole file as it is. */
    void acknowledge() throws IOException {
        acknowledged = size();
        note();
    }

    /** Call this before HSQLDB replaces the file: until {@link #acknowledge}, no length is known. */
    void forget() throws IOException {
        acknowledged = UNKNOWN;
        note();
    }

    /** Acknowledges a commit that wrote something. Throws if the commit is not in the file as a whole. */
    void expectCommit() throws IOException {
        long size = size();
        if (size <= acknowledged || endOfLastCommit(size, COMMIT.length) != size) {
            throw new IOException("the transaction did not reach " + path + ", is the disk full?");
        }
        acknowledged = size;
        note();
    }

    /** Cuts the file back to the acknowledged length. */
    void restore() throws IOException {
        if (acknowledged != UNKNOWN && size() > acknowledged) {
            truncate(acknowledged);
        }
    }

    /**
     * Cuts off everything after the last commit: half a transaction of a process that was killed, or zeros that a file
     * system leaves after a power cut. No call has returned for these bytes.
     */
    void dropTornTransaction() throws IOException {
        long size = size();
        long end = endOfLastCommit(size, size);
        if (end < size) {
            truncate(end);
        }
    }

    /**
     * Overwrites the number with one of equal length, so that a crash leaves the old or the new number. Needs no sync.
     */
    private void note() throws IOException {
        Files.writeString(
                note,
                String.format(Locale.ROOT, "%020d%n", acknowledged),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
    }

    private long noted() {
        try {
            return Long.parseLong(
                    Files.readString(note, StandardCharsets.US_ASCII).strip());
        } catch (IOException | NumberFormatException notKnown) {
            return UNKNOWN;
        }
    }

    private long size() throws IOException {
        try {
            return Files.size(path);
        } catch (NoSuchFileException nothingWritten) {
            return 0;
        }
    }

    // We do not use a FileChannel: it closes when the thread is interrupted, as happens when the agent stops.
    private void truncate(long size) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(size);
            file.getFD().sync();
        }
    }

    /**
     * Searches the last {@code within} bytes of the file. Returns where the last commit in them ends, or 0 if there is
     * none.
     */
    private long endOfLastCommit(long size, long within) throws IOException {
        long first = Math.max(0, size - within);
        if (first == size) {
            return 0;
        }
        byte[] block = new byte[(int) Math.min(BLOCK, size - first)];
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            // Blocks overlap by one byte less than the length of COMMIT, so that no border splits a commit.
            for (long to = size; to - first >= COMMIT.length; to -= BLOCK - COMMIT.length + 1) {
                long from = Math.max(first, to - BLOCK);
                int length = (int) (to - from);
                file.seek(from);
                file.readFully(block, 0, length);
                for (int end = length; end >= COMMIT.length; end--) {
                    if (isCommit(block, end)) {
                        return from + end;
                    }
                }
            }
        }
        return 0;
    }

    private static boolean isCommit(byte[] bytes, int end) {
        for (int i = 0; i < COMMIT.length; i++) {
            if (bytes[end - COMMIT.length + i] != COMMIT[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
