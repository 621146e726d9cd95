package org.sipward.source.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.sipward.source.LineCounter;
import org.sipward.source.LineSink;
import org.sipward.source.LineSplitter;
import org.sipward.source.UnreadableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One file that is being read, and the place in it. While it is open, it stays the same file even if it is renamed or
 * removed. Not thread-safe.
 */
final class OpenFile implements Closeable {
    /** The outcome of a read. */
    enum Outcome {
        /** There may be more to read already. */
        MORE,
        /** Everything was read, except perhaps an unfinished line. */
        END,
        /** The bytes that were read before are gone: other content replaced them in the same file. */
        REPLACED
    }

    private static final Logger log = LoggerFactory.getLogger(OpenFile.class);
    private static final int OPENINGS = 3;

    private Path path;
    private final LogBytes bytes;
    private final byte[] first = new byte[Fingerprint.MAX_BYTES];
    private FileStat stat;
    private Fingerprint fingerprint = new Fingerprint();
    private long offset;
    private boolean skipping;
    private boolean amid;
    private long hole;
    private boolean isCopy;
    private boolean damaged;

    private OpenFile(Path path, FileStat stat, LogBytes bytes) {
        this.path = path;
        this.stat = stat;
        this.bytes = bytes;
    }

    /** Opens the file at the path, to be read from its first byte. Empty if there is no file. */
    static Optional<OpenFile> open(Path path) throws IOException {
        // Java has no fstat. If the path leads to the same file before and after opening, that file was opened.
        for (int i = 0; i < OPENINGS; i++) {
            Optional<FileStat> before = FileStat.of(path);
            if (before.isEmpty()) {
                return Optional.empty();
            }
            if (!before.get().regular()) {
                throw UnreadableException.notRegular(path);
            }
            Optional<OpenFile> opened = openSame(path, before.get());
            if (opened.isPresent()) {
                return opened;
            }
        }
        throw new IOException(path + ": is being replaced faster than it can be opened");
    }

    /** Opens the path, unless it now leads to another file. */
    private static Optional<OpenFile> openSame(Path path, FileStat same) throws IOException {
        LogBytes bytes;
        try {
            bytes = LogBytes.open(path);
        } catch (NoSuchFileException renamedMeanwhile) {
            return Optional.empty();
        } catch (IOException e) {
            throw UnreadableException.of(path, e);
        }
        boolean isSame = false;
        OpenFile file = new OpenFile(path, same, bytes);
        try {
            // Learns the first bytes, so that we notice if they are replaced before they are read.
            file.seek(0, false);
            isSame = FileStat.of(path).filter(same::isSameFile).isPresent();
        } catch (IOException e) {
            throw UnreadableException.of(path, e);
        } finally {
            if (!isSame) {
                bytes.close();
            }
        }
        return isSame ? Optional.of(file) : Optional.empty();
    }

    Path path() {
        return path;
    }

    LogBytes bytes() {
        return bytes;
    }

    boolean isGzip() {
        return bytes instanceof LogBytes.Gzip;
    }

    /** Returns whether the file has no content, gzipped or not. */
    boolean isEmpty() throws IOException {
        return isGzip() ? fingerprint.length() == 0 : bytes.size() == 0;
    }

    long offset() {
        return offset;
    }

    FileCursor cursor() {
        return FileCursor.of(stat, offset, fingerprint, skipping);
    }

    /** Returns when the file was last written to, as of the last {@linkplain #seen check}. */
    FileTime modified() {
        return stat.modified();
    }

    boolean is(FileStat other) {
        return stat.isSameFile(other);
    }

    FileStat stat() {
        return stat;
    }

    /** Stores newer attributes of this file. */
    void seen(FileStat now) {
        stat = now;
    }

    /** As {@link #seen(FileStat)}, and stores the file's current name. */
    void seen(FileStat now, Path name) {
        stat = now;
        path = name;
    }

    /** Marks this file as a copy of a log: its last line may look unfinished here but be finished in the log. */
    void markCopy() {
        isCopy = true;
    }

    /**
     * Returns whether the inode number is the cursor's. The device number may change at a reboot, so it does not
     * count.
     */
    boolean hasInodeOf(FileCursor cursor) {
        return stat.inode() == cursor.inode();
    }

    /**
     * Goes to a cursor if the first bytes, and those before the cursor, show that this is the content that was read
     * when the cursor was made. Otherwise goes to the first byte and returns false. A gzipped file cannot go back and
     * must not be used then.
     */
    boolean seek(FileCursor cursor) throws IOException {
        if (hasContentOf(cursor)) {
            if (!isGzip()) {
                seek(cursor.offset(), cursor.skipping());
            } else {
                bytes.skipTo(cursor.offset());
                offset = cursor.offset();
                skipping = cursor.skipping();
            }
            fingerprint.endWith(cursor.endLength(), cursor.endChecksum());
            // Checked again, because the content may have been replaced before its first bytes were learned.
            if (isGzip() || hasContentOf(cursor)) {
                return true;
            }
        }
        if (!isGzip()) {
            // Learns the first bytes again: the content from when the file was opened may now be in a copy, which is
            // read for the cursor.
            seek(0, false);
        }
        return false;
    }

    /** Returns whether this file contains the bytes that were read when the cursor was made. */
    boolean hasContentOf(FileCursor cursor) throws IOException {
        return bytes.size() >= cursor.offset()
                && beginsLike(cursor)
                && endsWith(cursor.offset(), cursor.endLength(), cursor.endChecksum());
    }

    /** Returns whether the first bytes are those of the file that the cursor was made in. */
    boolean beginsLike(FileCursor cursor) throws IOException {
        return beginsWith(cursor.length(), cursor.checksum());
    }

    boolean isAtEnd() throws IOException {
        return bytes.read(offset, new byte[1], 1) == 0;
    }

    /**
     * Goes to the end of the last line that ends within this many first bytes of the file.
     *
     * @return whether these bytes end within a line that is too long; it then goes to their end, to drop that line
     */
    boolean seekLineBefore(long end, byte[] buffer) throws IOException {
        int back = (int) Math.min(end, LineSplitter.MAX_LINE_BYTES + 1L);
        int begin = bytes.read(end - back, buffer, back);
        while (begin > 0 && buffer[begin - 1] != '\n') {
            begin--;
        }
        boolean withinLongLine = begin == 0 && back > LineSplitter.MAX_LINE_BYTES;
        seek(withinLongLine ? end : end - back + begin, withinLongLine);
        return withinLongLine;
    }

    /** Goes to a place, which must be the start of a line or lie within a line that is to be skipped. */
    void seek(long to, boolean withinLongLine) throws IOException {
        Fingerprint begin = new Fingerprint();
        begin.add(first, 0, bytes.read(0, first, first.length), 0);
        begin.endWith(0, 0);
        bytes.skipTo(to);
        fingerprint = begin;
        offset = to;
        skipping = withinLongLine;
        hole = 0;
    }

    /**
     * Reads one chunk and hands out its whole lines, with this arrival time in milliseconds since 1970.
     *
     * @param limit the offset to stop at, which must be the start of a line
     */
    Outcome read(LineSplitter splitter, LineCounter counter, LineSink sink, long limit, long arrival, boolean live)
            throws IOException {
        byte[] buffer = splitter.buffer();
        int wanted = (int) Math.min(buffer.length, limit - offset - hole);
        int count = readBytes(offset + hole, buffer, wanted);
        // Checked after the read: bytes that were read before the content changed belong to the old content.
        if (!isUnchanged()) {
            return Outcome.REPLACED;
        }
        Outcome outcome = count == wanted ? Outcome.MORE : Outcome.END;
        int from = offset == 0 ? skipHole(buffer, count, counter) : 0;
        if (hole > 0) {
            return outcome;
        }
        splitter.begin(skipping, arrival, live);
        int done = splitter.split(from, count, counter, sink);
        fingerprint.add(buffer, from, done - from, offset);
        skipping = splitter.isSkipping();
        offset += done - from;
        counter.bytes += done - from;
        amid = skipping || done < count;
        return outcome;
    }

    /** Returns whether the last read ended within a line. */
    boolean isAmid() {
        return amid;
    }

    /**
     * Hands out the last line of a file that is no longer written to, if that line has no LF. Returns false if there is
     * more to read after all.
     */
    boolean finish(LineSplitter splitter, LineCounter counter, LineSink sink, long arrival, boolean live)
            throws IOException {
        byte[] buffer = splitter.buffer();
        int count = readBytes(offset + hole, buffer, buffer.length);
        if (count == 0 || skipping || hole > 0) {
            return count == 0;
        }
        if (count > LineSplitter.MAX_LINE_BYTES || splitter.indexOfLf(0, count) >= 0) {
            return false;
        }
        if (!isCopy) {
            splitter.begin(false, arrival, live);
            splitter.handOut(0, count, counter, sink);
            counter.bytes += count;
        }
        fingerprint.add(buffer, 0, count, offset);
        offset += count;
        return true;
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }

    /** Reads, but stops where a gzipped file is damaged: the damage stays, and must not block the other files. */
    private int readBytes(long from, byte[] buffer, int length) throws IOException {
        if (damaged) {
            return 0;
        }
        try {
            return bytes.read(from, buffer, length);
        } catch (IOException e) {
            if (!isGzip()) {
                throw e;
            }
            damaged = true;
            log.warn("a rotated file is damaged, and the rest of it cannot be read: {}: {}", path, e.getMessage());
            return 0;
        }
    }

    /**
     * Skips the NULs that a writer leaves before a line if it does not append, but continues at its old place after a
     * truncation. The offset stays 0 until they are passed.
     */
    private int skipHole(byte[] buffer, int count, LineCounter counter) {
        int nuls = 0;
        while (nuls < count && buffer[nuls] == 0) {
            nuls++;
        }
        if (hole + nuls == 0) {
            return 0;
        }
        hole += nuls;
        if (nuls < count) {
            counter.bytes += hole;
            fingerprint.add(new byte[Fingerprint.MAX_BYTES], 0, (int) Math.min(hole, Fingerprint.MAX_BYTES), 0);
            offset = hole;
            hole = 0;
        }
        return nuls;
    }

    private boolean isUnchanged() throws IOException {
        return isGzip()
                || (bytes.size() >= offset + hole
                        && beginsWith(fingerprint.length(), fingerprint.checksum())
                        && endsWith(offset, fingerprint.endLength(), fingerprint.endChecksum()));
    }

    private boolean beginsWith(int length, long checksum) throws IOException {
        return Fingerprint.agrees(first, bytes.read(0, first, length), length, checksum);
    }

    private boolean endsWith(long end, int length, long checksum) throws IOException {
        if (length == 0) {
            return true;
        }
        return Fingerprint.agrees(first, bytes.read(end - length, first, length), length, checksum);
    }
}
