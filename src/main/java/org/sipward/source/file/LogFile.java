package org.sipward.source.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.sipward.source.LineCounter;
import org.sipward.source.LineSink;
import org.sipward.source.LineSplitter;
import org.sipward.source.UnreadableException;

/**
 * Reads one whole file once, plain or gzipped (decided by its first bytes, not its name). Hands out the same lines as
 * a {@link FileSource}.
 *
 * <p>Not thread-safe. Memory: the splitter's buffer, and some 200 KiB for a gzipped file.
 */
public final class LogFile implements Closeable {
    private static final int LOOKED_AT_BYTES = 8 << 10;

    /** Even hostile logs have fewer control bytes than 1 in 20; compressed or compiled files have more. */
    private static final int BINARY_SHARE = 20;

    private final Path path;
    private final LogBytes bytes;
    private final LineSplitter splitter;
    private final long written;
    private final boolean empty;
    private final boolean binary;
    private final LineCounter counter = new LineCounter();
    private long offset;
    private boolean skipping;

    private LogFile(Path path, LogBytes bytes, LineSplitter splitter, long written) throws IOException {
        this.path = path;
        this.bytes = bytes;
        this.splitter = splitter;
        this.written = written;
        int count = bytes.read(0, splitter.buffer(), LOOKED_AT_BYTES);
        this.empty = count == 0;
        this.binary = isBinary(splitter.buffer(), count);
    }

    /**
     * Opens a file and begins at its first byte.
     *
     * @throws IOException if the file does not exist, may not be read, or is not a regular file; the message says
     *     which, and begins with the path
     */
    public static LogFile open(Path path, LineSplitter splitter) throws IOException {
        Optional<FileStat> stat = FileStat.of(path);
        if (stat.isPresent() && !stat.get().regular()) {
            throw UnreadableException.notRegular(path);
        }
        try {
            LogBytes bytes = LogBytes.open(path);
            try {
                long written = stat.isPresent() ? stat.get().modified().toMillis() : 0;
                return new LogFile(path, bytes, splitter, written);
            } catch (IOException e) {
                bytes.close();
                throw e;
            }
        } catch (IOException e) {
            throw UnreadableException.of(path, e);
        }
    }

    /**
     * Reads the next chunk and hands out its lines. Their arrival time is when the file was last written to. A last
     * line without LF counts.
     *
     * @return whether there is more
     */
    public boolean poll(LineSink sink) throws IOException {
        byte[] buffer = splitter.buffer();
        int count;
        try {
            count = bytes.read(offset, buffer, buffer.length);
        } catch (IOException e) {
            throw UnreadableException.of(path, e);
        }
        splitter.begin(skipping, written, false);
        int done = splitter.split(0, count, counter, sink);
        skipping = splitter.isSkipping();
        if (count < buffer.length && done < count) {
            splitter.handOut(done, count, counter, sink);
            done = count;
        }
        offset += done;
        return count == buffer.length;
    }

    /**
     * Returns the number of the line that was handed out last. The first line has number 1, and dropped lines count.
     */
    public long lineNumber() {
        return counter.lines + counter.dropped;
    }

    /** Returns the number of lines dropped for being longer than 7,000 bytes. */
    public long droppedLines() {
        return counter.dropped;
    }

    /** Returns how many bytes of the file on disk were read. Together with {@link #bytesTotal} this shows progress. */
    public long bytesRead() throws IOException {
        return bytes.storedRead();
    }

    /** Returns the file's size on disk. */
    public long bytesTotal() throws IOException {
        return bytes.storedSize();
    }

    public boolean isGzip() {
        return bytes instanceof LogBytes.Gzip;
    }

    /** Returns whether the file was empty. */
    public boolean isEmpty() {
        return empty;
    }

    /** Returns whether the file does not begin like text, so that its "lines" are meaningless. It is read anyway. */
    public boolean isBinary() {
        return binary;
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }

    private static boolean isBinary(byte[] buffer, int count) {
        int controls = 0;
        for (int i = 0; i < count; i++) {
            int b = buffer[i];
            boolean text = b < 0 || b >= ' ' || b == '\t' || b == '\n' || b == '\r' || b == 0x1b;
            controls += text ? 0 : 1;
        }
        return controls * BINARY_SHARE > count;
    }
}
