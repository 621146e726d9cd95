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
 * The file in which HSQLDB writes down each transaction, as SQL and a line {@code COMMIT} at its end. In it the store
 * checks that a commit has arrived, and cuts off what has not.
 *
 * <p>A file {@code acknowledged} beside it holds how long it was at the last commit that a caller was told of, written
 * after that commit is on the disk; so a log that somebody or a file system has cut can be told from one that ends there.
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

    /** Returns whether commits that callers were told of are no longer in the file. False where that cannot be known. */
    boolean lacksCommits() throws IOException {
        long size = size();
        return endOfLastCommit(size, size) < noted();
    }

    /** Returns the length of the log at the last commit that was found in it. */
    long acknowledged() {
        return acknowledged;
    }

    /** Takes the file as it is for acknowledged. */
    void acknowledge() throws IOException {
        acknowledged = size();
        note();
    }

    /** Says that HSQLDB is about to exchange the file: until {@link #acknowledge}, no length is known. */
    void forget() throws IOException {
        acknowledged = UNKNOWN;
        note();
    }

    /** Acknowledges a commit that wrote something; throws if it is not in the file, or not whole. */
    void expectCommit() throws IOException {
        long size = size();
        if (size <= acknowledged || endOfLastCommit(size, COMMIT.length) != size) {
            throw new IOException("the transaction did not reach " + path + ", is the disk full?");
        }
        acknowledged = size;
        note();
    }

    /** Cuts the file back to what was acknowledged. */
    void restore() throws IOException {
        if (acknowledged != UNKNOWN && size() > acknowledged) {
            truncate(acknowledged);
        }
    }

    /**
     * Cuts off what stands behind the last commit: the half transaction of a process that was killed, or the zeros that a
     * file system leaves after a power cut. Nobody was told that it is stored.
     */
    void dropTornTransaction() throws IOException {
        long size = size();
        long end = endOfLastCommit(size, size);
        if (end < size) {
            truncate(end);
        }
    }

    /** In place and of one length, so that a crash leaves this number or the one before. It need not be synced. */
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

    // Not by a FileChannel: that one closes when the thread is interrupted, as it is when the agent stops.
    private void truncate(long size) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(size);
            file.getFD().sync();
        }
    }

    /** Returns where the last commit in the given number of bytes at the end of the file ends, or 0 if none does. */
    private long endOfLastCommit(long size, long within) throws IOException {
        long first = Math.max(0, size - within);
        if (first == size) {
            return 0;
        }
        byte[] block = new byte[(int) Math.min(BLOCK, size - first)];
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            // Blocks overlap by less than a commit's length, so that none is torn by their border.
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
