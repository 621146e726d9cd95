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
import org.sipward.source.LineCounter;
import org.sipward.source.LineSink;
import org.sipward.source.LineSplitter;
import org.sipward.source.LogSource;
import org.sipward.source.SourceState;
import org.sipward.source.UnreadableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the log at one path for ever, however it is rotated or truncated.
 *
 * <p><b>Rotation.</b> A renamed file is still read, because its writer may still have it open. The writer has moved on
 * when another file with content is at the path, or was rotated away later, and nothing is left to read in the old
 * file; then an unfinished last line is handed out. Files that came and went in between are read too. If a file's
 * content was replaced under the same inode (copytruncate), the rest of the copy is read first, if a copy is found, and
 * then the new content from its beginning. Two kinds of lines are lost: lines that copytruncate did not copy, and, if
 * several programs write one log, lines that one adds to the old file after another has begun the new file.
 *
 * <p><b>Removal.</b> A removed file keeps its disk space while it is open. It is closed when nothing was written to it
 * for {@value #HOLD_SECONDS} seconds. Lines that are added to it later are lost, as for every other reader.
 *
 * <p><b>Restart.</b> The cursor finds its file again by inode and by its first and last bytes, also if it was renamed,
 * copied or gzipped. Lines in the {@link Backfill} window before the cursor are handed out once more, so that counters
 * do not start from zero; see {@link #isRepeating}. A crash repeats lines and never skips any.
 *
 * <p>Not thread-safe: one thread polls. Memory: a few kilobytes, and some 200 KiB while a gzipped file is read.
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
    private final LineCounter counter = new LineCounter();
    /** How long nothing has come from a file that is no longer at the path. */
    private final QuietTime quiet = new QuietTime(Duration.ofSeconds(HOLD_SECONDS));

    private OpenLogs openLogs = OpenLogs.UNLIMITED;
    private boolean missing;
    private boolean live;
    private boolean repeating;
    private boolean polled;
    private boolean isAtPath;
    /** The state of the path when the file was closed to save a descriptor; empty if it was not closed. */
    private Optional<PathState> closedAt = Optional.empty();

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
     * Returns a source for the log at this path, which need not exist yet; nothing is opened before the first poll.
     *
     * @param cursor where to continue; without a cursor, at the log's end, or as far before it as the backfill goes. A
     *     log that does not exist at the first poll is later read from its first byte
     * @param splitter may be shared by all sources of the polling thread
     */
    public static FileSource open(
            Path path, Optional<String> cursor, Backfill backfill, Clock clock, LineSplitter splitter) {
        Optional<String> given = cursor.filter(text -> !text.isEmpty());
        Optional<FileCursor> start = given.flatMap(FileCursor::parse);
        if (given.isPresent() && start.isEmpty()) {
            log.warn("the stored cursor of {} is damaged; starting as at the first run", path);
        }
        return new FileSource(path, backfill, clock, splitter, start);
    }

    /** Returns a source for a log that appeared while the program watched for it. It is read from its first byte. */
    public static FileSource appeared(Path path, Clock clock, LineSplitter splitter) {
        FileSource source = new FileSource(path, Backfill.NONE, clock, splitter, Optional.empty());
        source.beginning.await();
        source.live = true;
        return source;
    }

    /**
     * Sets what this source shares with others that the same thread polls. Call it before the first poll.
     *
     * @param shared how many logs may be open
     * @param others the sources with the same readers, perhaps including this one. Their files are not read here again
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

    /** Returns false: the file system shows when to poll. */
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
        if (missing) {
            return SourceState.NOT_THERE;
        }
        return beginning.isHeld() ? SourceState.READ_ELSEWHERE : SourceState.FOLLOWING;
    }

    /** Returns nothing: a poll throws instead. */
    @Override
    public String trouble() {
        return "";
    }

    @Override
    public Counts counts() {
        return counter.counts();
    }

    @Override
    public boolean poll(LineSink sink) throws IOException {
        polled = true;
        missing = false;
        if (closedAt.isPresent() && closedAt.get().equals(PathState.at(path))) {
            return false;
        }
        // Checked before reading, so that everything the old file got before the new file was begun is read.
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

    /** Returns whether the source has no file open. */
    boolean isClosed() {
        return files.isEmpty();
    }

    /** Returns whether the source has a cursor to continue at, and was not polled yet. */
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
     * Closes the file to save a descriptor, if it can be found again at its path. The next poll opens it if something
     * was written. Returns whether the file was closed.
     */
    boolean rest() throws IOException {
        if (files.size() != 1 || !isAtPath || beginning.repeated().isPresent() || isAmid()) {
            return false;
        }
        FileCursor place = files.getFirst().cursor();
        PathState now = PathState.at(path);
        beginning.goOnAt(Optional.of(place));
        // The next poll must see anything that was written since the last poll.
        closedAt = Optional.of(now.size() == place.offset() ? now : PathState.NOTHING);
        succession.close();
        return true;
    }

    private OpenFile.Outcome read(OpenFile file, LineSink sink) throws IOException {
        repeating = beginning.repeated().isPresent();
        try {
            OpenFile.Outcome outcome = file.read(splitter, counter, sink, beginning.limit(file), arrival(file), live);
            beginning.reached(file);
            return outcome;
        } catch (IOException e) {
            // The next poll finds the file again by the cursor.
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

    /** Returns when lines arrived; for a backlog the file's last write, so that a missing year is guessed correctly. */
    private long arrival(OpenFile file) {
        return live ? clock.millis() : Math.min(clock.millis(), file.modified().toMillis());
    }

    /** Handles a file whose content was replaced: its unread part may be in a copy that was made before. */
    private void readCopyFirst(OpenFile file) throws IOException {
        FileCursor place = file.cursor();
        beginning.endRepeating();
        file.seek(0, false);
        if (place.length() > 0 && !succession.putCopyFirst(file, place)) {
            log.warn("truncated, and no copy was found; anything after byte {} is lost: {}", place.offset(), path);
        }
    }

    /** Moves from a file that its writer has left to the next file. Returns false if the next file is gone again. */
    private boolean moveOn(OpenFile file, LineSink sink) throws IOException {
        if (!file.finish(splitter, counter, sink, arrival(file), live)) {
            return true;
        }
        if (files.size() == 1) {
            // The new file is opened first: if it is rotated away before the next step, that step finds it.
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

    /** Returns whether the file, read to its end, is not at the path and nothing has come from it for a while. */
    private boolean isForsaken() {
        if (isAtPath) {
            quiet.end();
            return false;
        }
        return quiet.isLong(counter.bytes, clock.millis());
    }

    /** Closes a removed file, so that its disk space is freed. Returns whether there may be more to read. */
    private boolean letGo(OpenFile file, LineSink sink) throws IOException {
        quiet.end();
        if (!Descriptors.isRemoved(file)) {
            return false;
        }
        if (!file.finish(splitter, counter, sink, arrival(file), live)) {
            return true;
        }
        log.warn(
                "removed, and not written to for {} s; it was closed, and its disk space is free unless the server "
                        + "still has it open; if so, make the server reopen its log: {}",
                HOLD_SECONDS,
                path);
        succession.leave();
        beginning.await();
        live = true;
        return true;
    }
}
