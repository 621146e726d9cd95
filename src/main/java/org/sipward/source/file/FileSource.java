package org.sipward.source.file;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Supplier;
import org.sipward.source.Backfill;
import org.sipward.source.Counts;
import org.sipward.source.LineSink;
import org.sipward.source.LineSplitter;
import org.sipward.source.LogSource;
import org.sipward.source.SourceState;
import org.sipward.source.UnreadableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the log at one path for ever, whatever rotates or truncates it.
 *
 * <p><b>Rotation.</b> A renamed file is read on, for its writer may still have it open, until another one with content
 * stands at the path, or was rotated away after it, and nothing is left to read in the old one: then the writer has moved
 * on. An unfinished last line is handed out at that moment. Files that came and went in between are read too. A file whose
 * content was replaced under the same inode (copytruncate) is read from its beginning, after the rest of the copy that was
 * made of it, if one is found. What cannot be saved: lines that a copytruncate did not copy, and lines that several
 * writers of one log add to the old file after one of them has begun the new one.
 *
 * <p><b>Removal.</b> A file that was removed keeps its disk space for as long as it is open. It is closed when nobody has
 * written to it for {@value #HOLD_SECONDS} seconds. What a writer adds to it later is lost, here as for everybody else.
 *
 * <p><b>Restart.</b> The cursor finds its file again by inode, first and last bytes, also renamed, copied or gzipped; lines
 * of the {@link Backfill} window before it are handed out once more, so that counters start warm; see {@link #isRepeating}.
 * A crash repeats lines, it never skips them.
 *
 * <p>Not thread-safe: one thread polls. Memory is a few kilobytes besides the splitter's buffer, and some 200 KiB while
 * a gzipped file is read.
 */
public final class FileSource implements LogSource {
    private static final Logger log = LoggerFactory.getLogger(FileSource.class);
    private static final int HOLD_SECONDS = 10;

    private final Path path;
    private final Clock clock;
    private final LineSplitter splitter;
    private final Succession succession;
    private final Deque<OpenFile> files;
    private final Beginning beginning;
    private final Counts tally = new Counts();
    private OpenLogs openLogs = OpenLogs.UNLIMITED;
    private boolean missing;
    private boolean live;
    private boolean repeating;
    private boolean polled;
    private boolean isAtPath;
    /** What the path showed when the file was closed to spare its descriptor; empty if it was not. */
    private Optional<PathState> closedAt = Optional.empty();
    /** When nothing had come for a while from a file that is not at the path any more, and what had come by then. */
    private long quietSince;

    private long quietBytes = -1;

    private FileSource(Path path, Backfill backfill, Clock clock, LineSplitter splitter, Optional<FileCursor> start) {
        this.path = path.toAbsolutePath();
        this.clock = clock;
        this.splitter = splitter;
        this.succession = new Succession(this.path);
        this.files = succession.files();
        WarmUp warmUp = new WarmUp(succession.rotated(), backfill, splitter);
        this.beginning = new Beginning(this.path, succession, warmUp, splitter, start);
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
        Optional<FileCursor> start = given.flatMap(FileCursor::parse);
        if (given.isPresent() && start.isEmpty()) {
            log.warn("the stored cursor of {} is damaged; starting as if there were none", path);
        }
        return new FileSource(path, backfill, clock, splitter, start);
    }

    /** Makes a source of a log that was written while the program watched for it: read from its first byte. */
    public static FileSource appeared(Path path, Clock clock, LineSplitter splitter) {
        FileSource source = new FileSource(path, Backfill.NONE, clock, splitter, Optional.empty());
        source.beginning.await();
        source.live = true;
        return source;
    }

    /**
     * Sets what it shares with others that the same thread polls. To be called before the first poll.
     *
     * @param shared how many logs may be open
     * @param others the sources whose lines go to the same readers; what one of them reads is not read here under another
     *     name. May hold this one
     */
    public FileSource among(OpenLogs shared, Supplier<? extends Collection<FileSource>> others) {
        openLogs = shared;
        beginning.beside(new Siblings(this, others));
        return this;
    }

    @Override
    public String name() {
        return path.toString();
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
    public SourceState state() {
        SourceState found = beginning.isHeld() ? SourceState.READ_ELSEWHERE : SourceState.FOLLOWING;
        return missing ? SourceState.NOT_THERE : found;
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
        polled = true;
        missing = false;
        if (closedAt.isPresent() && closedAt.get().equals(PathState.at(path))) {
            return false;
        }
        // Looked at before reading: whatever the old file got before the new one was begun, is then read.
        Optional<FileStat> atPath = files.isEmpty()
                ? FileStat.of(path)
                : FileStat.of(path, files.getFirst().stat());
        missing = atPath.isEmpty();
        if (files.isEmpty() && !begin()) {
            return beginning.isYielding();
        }
        isAtPath = atPath.filter(files.getFirst()::is).isPresent();
        if (isAtPath) {
            atPath.ifPresent(files.getFirst()::seen);
            boolean unread = files.size() == 1 && beginning.repeated().isEmpty();
            isAtPath = !unread || !succession.cameAndWent(files.getFirst());
        }
        OpenFile file = files.getFirst();
        boolean left = succession.isLeft(file, atPath);
        openLogs.use(this);
        return switch (read(file, sink)) {
            case MORE -> true;
            case REPLACED -> {
                readCopyFirst(file);
                yield true;
            }
            case END -> {
                live |= !left;
                yield left ? moveOn(file, sink) : isForsaken() && letGo(file, sink);
            }
        };
    }

    @Override
    public String cursor() {
        if (beginning.repeated().isPresent() || files.isEmpty()) {
            return beginning
                    .cursor()
                    .or(succession::lastLeft)
                    .map(FileCursor::text)
                    .orElse("");
        }
        return files.getFirst().cursor().text();
    }

    @Override
    public void close() throws IOException {
        openLogs.forget(this);
        beginning.beside(Siblings.NONE);
        succession.leaveAll();
    }

    /** Returns whether it holds no file open. */
    boolean isClosed() {
        return files.isEmpty();
    }

    /** Returns whether it has a cursor to go on at, and was not asked to yet. */
    boolean isToGoOn() {
        return beginning.start().isPresent() && !polled;
    }

    /** Returns how many first bytes of a file that a sibling has opened are read here, or {@link Siblings#HELD}. */
    long known(OpenFile asked) throws IOException {
        if (closedAt.map(PathState::key).filter(asked.stat().key()::equals).isPresent()) {
            return Siblings.HELD;
        }
        long known = 0;
        for (OpenFile file : files) {
            if (file.is(asked.stat())) {
                return Siblings.HELD;
            }
            known = Math.max(known, Siblings.common(file, asked));
        }
        Optional<FileCursor> start = files.isEmpty() ? beginning.start() : Optional.empty();
        known = Math.max(known, start.isPresent() ? Siblings.common(start.get(), asked) : 0);
        for (FileCursor left : succession.left()) {
            known = Math.max(known, Siblings.common(left, asked));
        }
        return known;
    }

    /**
     * Closes the file to spare its descriptor, if it can be found again at its path; the next poll opens it when something
     * was written.
     *
     * @return whether it was closed
     */
    boolean rest() throws IOException {
        if (files.size() != 1 || !isAtPath || beginning.repeated().isPresent() || isAmid()) {
            return false;
        }
        FileCursor place = files.getFirst().cursor();
        PathState now = PathState.at(path);
        beginning.goOnAt(Optional.of(place));
        // What was written since the last poll must be seen by the next one.
        closedAt = Optional.of(now.size() == place.offset() ? now : PathState.NOTHING);
        succession.close();
        return true;
    }

    private OpenFile.Outcome read(OpenFile file, LineSink sink) throws IOException {
        repeating = beginning.repeated().isPresent();
        try {
            OpenFile.Outcome outcome = file.read(splitter, tally, sink, beginning.limit(file), arrival(file), live);
            beginning.reached(file);
            return outcome;
        } catch (IOException e) {
            // Found again from the cursor by the next poll.
            beginning.goOnAt(FileCursor.parse(cursor()));
            live = false;
            succession.close();
            throw UnreadableException.of(file.path(), e);
        }
    }

    private boolean begin() throws IOException {
        boolean begun = beginning.begin(closedAt.isPresent(), clock.millis());
        closedAt = begun ? Optional.empty() : closedAt;
        live |= beginning.isAwaited();
        return begun;
    }

    /** A backlog is said to have come when its file was last written to, so that a year is guessed rightly. */
    private long arrival(OpenFile file) {
        return live ? clock.millis() : Math.min(clock.millis(), file.modified().toMillis());
    }

    /** The content of the file was replaced: what was not read yet may stand in the copy that was made before. */
    private void readCopyFirst(OpenFile file) throws IOException {
        FileCursor place = file.cursor();
        beginning.endRepeating();
        file.seek(0, false);
        if (place.length() > 0 && !succession.putCopyFirst(file, place)) {
            log.warn("truncated, and no copy of what stood after byte {} is there: {}", place.offset(), path);
        }
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
                boolean free = current.isPresent() && beginning.skipKnown(current.get());
                if (!succession.queueAfter(file, current, free)) {
                    return true;
                }
            } finally {
                succession.closeUnused(current);
            }
        }
        if (files.size() > 1) {
            succession.leave();
            return true;
        }
        return false;
    }

    /** Returns whether the file that is read to its end is not at the path, and nothing has come from it for a while. */
    private boolean isForsaken() {
        long now = clock.millis();
        if (isAtPath || quietBytes != tally.bytes || quietSince > now) {
            quietBytes = isAtPath ? -1 : tally.bytes;
            quietSince = now;
        }
        return now - quietSince >= Duration.ofSeconds(HOLD_SECONDS).toMillis();
    }

    /** Closes a file that was removed, so that its disk space is free. Returns whether there may be more to be read. */
    private boolean letGo(OpenFile file, LineSink sink) throws IOException {
        quietBytes = -1;
        if (!Descriptors.isRemoved(file)) {
            return false;
        }
        if (!file.finish(splitter, tally, sink, arrival(file), live)) {
            return true;
        }
        log.warn(
                "the file that was read was removed, and nobody has written to it for {} s: it is closed, and its disk space "
                        + "is free unless the server still has it open; then have the server open its log again: {}",
                HOLD_SECONDS,
                path);
        succession.leave();
        beginning.await();
        live = true;
        return true;
    }
}
