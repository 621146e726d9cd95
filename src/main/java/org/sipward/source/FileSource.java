package org.sipward.source;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the log at one path for ever, whatever rotates or truncates it.
 *
 * <p><b>Rotation.</b> A renamed file is read on, for its writer may still have it open, until another one with content
 * stands at the path and nothing is left to read in the old one: then the writer has moved on. An unfinished last line
 * is handed out at that moment. Files that came and went in between are read too. A file whose content was replaced
 * under the same inode (copytruncate) is read from its beginning, after the rest of the copy that was made of it, if one
 * is found. What cannot be saved: lines that a copytruncate did not copy, lines that several writers of one log add to the
 * old file after one of them has begun the new one, and the beginning of content that was replaced by content with the
 * same first 256 bytes and has outgrown it between two polls.
 *
 * <p><b>Restart.</b> The cursor finds its file again by inode and first bytes, also renamed, copied or gzipped; lines of
 * the {@link Backfill} window before it are handed out once more, so that counters start warm; see {@link #isRepeating}.
 * A crash repeats lines, it never skips them.
 *
 * <p>Not thread-safe: one thread polls. Memory is a few kilobytes besides the splitter's buffer, and some 200 KiB while
 * a gzipped file is read. The file that is read stays open, so its blocks stay in use after it was removed until
 * another one is at the path or this is closed.
 */
public final class FileSource implements LogSource {
    private static final Logger log = LoggerFactory.getLogger(FileSource.class);

    private final Path path;
    private final Clock clock;
    private final LineSplitter splitter;
    private final RotatedFiles rotated;
    private final WarmUp warmUp;
    private final Tally tally = new Tally();

    /** The file being read, then those to be read after it. Any but the last has been left by its writer. */
    private final Deque<OpenFile> files = new ArrayDeque<>();

    private Optional<Cursor> start;
    private boolean warm = true;
    private boolean awaited;
    private boolean missing;
    private boolean live;
    private boolean repeating;
    /** While lines before a restored cursor are handed out again: the file that it was made in. */
    private @Nullable OpenFile repeated;

    private Optional<Cursor> restored = Optional.empty();

    private FileSource(Path path, Backfill backfill, Clock clock, LineSplitter splitter, Optional<Cursor> start) {
        this.path = path.toAbsolutePath();
        this.clock = clock;
        this.splitter = splitter;
        this.rotated = new RotatedFiles(this.path);
        this.warmUp = new WarmUp(rotated, backfill, splitter);
        this.start = start;
    }

    /**
     * Makes a source of the log at this path, which need not be there yet; nothing is opened before the first poll.
     *
     * @param cursor where to go on; without one, the end of the log or the lines of the backfill before it. A log that
     *     is not there at the first poll is later read from its first byte
     * @param splitter may serve all sources of the thread that polls
     */
    public static FileSource open(
            Path path, Optional<String> cursor, Backfill backfill, Clock clock, LineSplitter splitter) {
        Optional<String> given = cursor.filter(text -> !text.isEmpty());
        Optional<Cursor> start = given.flatMap(Cursor::parse);
        if (given.isPresent() && start.isEmpty()) {
            log.warn("the stored cursor of {} is damaged; starting as if there were none", path);
        }
        return new FileSource(path, backfill, clock, splitter, start);
    }

    /** Makes a source of a log that was written while the program watched for it: read from its first byte. */
    public static FileSource appeared(Path path, Clock clock, LineSplitter splitter) {
        FileSource source = new FileSource(path, Backfill.NONE, clock, splitter, Optional.empty());
        source.awaited = true;
        source.live = true;
        return source;
    }

    @Override
    public String name() {
        return path.toString();
    }

    /** Returns whether nothing was at the path when it was last polled. No error: it is read when it comes. */
    public boolean isMissing() {
        return missing;
    }

    @Override
    public boolean isRepeating() {
        return repeating;
    }

    /** Returns false: it is the file system that tells when to look. */
    @Override
    public boolean isReady() {
        return false;
    }

    @Override
    public boolean isAmid() {
        return !files.isEmpty() && files.getFirst().isAmid();
    }

    @Override
    public String state() {
        return missing ? "not there yet" : "";
    }

    /** Returns nothing: a poll throws instead. */
    @Override
    public String trouble() {
        return "";
    }

    @Override
    public long lines() {
        return tally.lines;
    }

    @Override
    public long bytes() {
        return tally.bytes;
    }

    @Override
    public long droppedLines() {
        return tally.droppedLines;
    }

    /** Returns the number of bytes of dropped lines, and of holes left by a truncation. */
    public long droppedBytes() {
        return tally.droppedBytes;
    }

    @Override
    public boolean poll(LineSink sink) throws IOException {
        // Looked at before reading: whatever the old file got before the new one was begun, is then read.
        Optional<FileStat> atPath = files.isEmpty()
                ? FileStat.of(path)
                : FileStat.of(path, files.getFirst().stat());
        missing = atPath.isEmpty();
        if (files.isEmpty() && !begin()) {
            return false;
        }
        OpenFile file = files.getFirst();
        atPath.filter(file::is).ifPresent(file::seen);
        boolean left = files.size() > 1
                || atPath.filter(now -> !file.is(now) && now.size() > 0).isPresent();
        return switch (read(file, sink)) {
            case MORE -> true;
            case REPLACED -> {
                readCopyFirst(file);
                yield true;
            }
            case END -> {
                live |= !left;
                yield left && moveOn(file, sink);
            }
        };
    }

    @Override
    public String cursor() {
        if (repeated != null || files.isEmpty()) {
            return restored.or(() -> start).map(Cursor::text).orElse("");
        }
        return files.getFirst().cursor().text();
    }

    @Override
    public void close() throws IOException {
        for (OpenFile file = files.poll(); file != null; file = files.poll()) {
            file.close();
        }
    }

    private OpenFile.Outcome read(OpenFile file, LineSink sink) throws IOException {
        boolean again = file == repeated;
        repeating = repeated != null;
        long limit = again ? restored.map(Cursor::offset).orElse(Long.MAX_VALUE) : Long.MAX_VALUE;
        try {
            OpenFile.Outcome outcome = file.read(splitter, tally, sink, limit, arrival(file), live);
            if (again && file.offset() >= limit) {
                repeated = null;
                restored = Optional.empty();
            }
            return outcome;
        } catch (IOException e) {
            // Found again from the cursor by the next poll.
            start = Cursor.parse(cursor());
            repeated = null;
            restored = Optional.empty();
            warm = false;
            live = false;
            close();
            throw UnreadableException.of(file.path(), e);
        }
    }

    /** A backlog is said to have come when its file was last written to, so that a year is guessed rightly. */
    private long arrival(OpenFile file) {
        return live ? clock.millis() : Math.min(clock.millis(), file.modified().toMillis());
    }

    /** Opens the first file to read. Returns false if there is none yet. */
    private boolean begin() throws IOException {
        Optional<OpenFile> current = OpenFile.open(path);
        boolean begun = false;
        try {
            if (current.isPresent() && current.get().isGzip()) {
                throw UnreadableException.compressed(path);
            }
            begun = start.isPresent() ? resume(start.get(), current) : beginAnew(current);
        } finally {
            if (!begun) {
                close();
            }
            closeUnused(current);
        }
        return begun;
    }

    private boolean beginAnew(Optional<OpenFile> current) throws IOException {
        if (current.isEmpty()) {
            awaited = true;
            live = true;
            return false;
        }
        files.add(current.get());
        if (!awaited) {
            warmUp.firstStart(files, current.get(), clock.millis());
        }
        return true;
    }

    /** Goes on at a cursor, in the file that it was made in. Returns false if no file is there at all. */
    private boolean resume(Cursor cursor, Optional<OpenFile> current) throws IOException {
        Optional<OpenFile> found = find(cursor, current);
        Optional<OpenFile> any = found.or(() -> current);
        if (any.isEmpty()) {
            return false;
        }
        OpenFile file = any.get();
        boolean isCurrent = file == current.orElse(null);
        files.add(file);
        if (found.isEmpty()) {
            log.warn(
                    "the file that was read before is gone, what was written to it after byte {} was not read; "
                            + "reading the new one from its first byte: {}",
                    cursor.offset(),
                    path);
        } else if (warm && warmUp.restart(files, file, cursor, isCurrent)) {
            repeated = file;
            restored = start;
        }
        if (!isCurrent) {
            queueAfter(file, current);
        }
        start = Optional.empty();
        return true;
    }

    /** Finds the file that the cursor was made in, and goes to the cursor in it. */
    private Optional<OpenFile> find(Cursor cursor, Optional<OpenFile> current) throws IOException {
        if (current.isPresent()
                && current.get().hasInodeOf(cursor)
                && current.get().seek(cursor)) {
            return current;
        }
        Optional<OpenFile> found = rotated.find(cursor, current);
        // The same content under another inode: the log was moved to another disk, or edited in place.
        boolean moved = found.isEmpty()
                && current.isPresent()
                && cursor.length() > 0
                && current.get().seek(cursor);
        return moved ? current : found;
    }

    /** Queues what came after a file: those rotated away since, and the one at the path if its writer has begun it. */
    private void queueAfter(OpenFile file, Optional<OpenFile> current) throws IOException {
        List<OpenFile> later = rotated.since(file, current);
        files.addAll(later);
        // With too many at once, the rest is looked for when these are read.
        if (current.isPresent()
                && later.size() < RotatedFiles.MAX_OPEN
                && current.get().bytes().size() > 0) {
            files.add(current.get());
        }
    }

    /** The content of the file was replaced: what was not read yet may stand in the copy that was made before. */
    private void readCopyFirst(OpenFile file) throws IOException {
        Cursor place = file.cursor();
        repeated = null;
        restored = Optional.empty();
        file.seek(0, false);
        Optional<OpenFile> copy = place.length() == 0 ? Optional.empty() : rotated.find(place, Optional.of(file));
        if (copy.isEmpty()) {
            log.warn("truncated, and no copy of what stood after byte {} is there: {}", place.offset(), path);
            return;
        }
        List<OpenFile> later = rotated.since(copy.get(), Optional.of(file));
        for (int i = later.size() - 1; i >= 0; i--) {
            files.addFirst(later.get(i));
        }
        files.addFirst(copy.get());
    }

    /** Leaves a file that its writer has left, for the next one. Returns false if that is gone again. */
    private boolean moveOn(OpenFile file, LineSink sink) throws IOException {
        if (!file.finish(splitter, tally, sink, arrival(file), live)) {
            return true;
        }
        if (files.size() == 1) {
            // The new file first: one that is rotated away between the two steps is then found by the second.
            Optional<OpenFile> current = OpenFile.open(path);
            try {
                queueAfter(file, current);
            } finally {
                closeUnused(current);
            }
        }
        if (files.size() > 1) {
            files.removeFirst().close();
            return true;
        }
        return false;
    }

    private void closeUnused(Optional<OpenFile> file) throws IOException {
        if (file.isPresent() && !files.contains(file.get())) {
            file.get().close();
        }
    }
}
