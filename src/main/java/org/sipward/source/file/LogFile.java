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
 * Reads one whole file once, plain or gzipped (as its first bytes say, not its name), with the lines that a
 * {@link FileSource} would hand out.
 *
 * <p>Not thread-safe. Memory is the splitter's buffer, and some 200 KiB for a gzipped file.
 */
public final class LogFile implements Closeable {
    private static final int LOOKED_AT_BYTES = 8 << 10;

    /** Control bytes are rarer than 1 in 20 even in hostile logs, and more frequent in anything compressed or compiled. */
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
     * Opens a file to be read from its first byte.
     *
     * @throws IOException if there is none, it may not be read, or it is no regular file; the message says so and
     *     begins with the path
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
     * Reads the next chunk and hands out its lines, said to have arrived when the file was last written to. A last line
     * without LF counts.
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

    /** Returns the number, from 1 on, of the line that was handed out last; dropped lines are counted. */
    public long lineNumber() {
        return counter.lines + counter.dropped;
    }

    /** Returns the number of lines dropped for being longer than 7,000 bytes. */
    public long droppedLines() {
        return counter.dropped;
    }

    /** Returns how many bytes of the file on the disk were read; with {@link #bytesTotal}, how far it is read. */
    public long bytesRead() throws IOException {
        return bytes.storedRead();
    }

    /** Returns the file's size on the disk. */
    public long bytesTotal() throws IOException {
        return bytes.storedSize();
    }

    public boolean isGzip() {
        return bytes instanceof LogBytes.Gzip;
    }

    /** Returns whether there was nothing in the file. */
    public boolean isEmpty() {
        return empty;
    }

    /** Returns whether the file does not begin like a text, so that its "lines" are none. It is read all the same. */
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
