package org.sipward.source.file;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sipward.source.LineSplitter;
import org.sipward.source.UnreadableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides where the reading of a log begins: at its end, at a cursor, in its past, or after the part that a sibling
 * has read. Knows up to which place lines are only repeated.
 *
 * <p>Not thread-safe.
 */
final class Beginning {
    private static final Logger log = LoggerFactory.getLogger(Beginning.class);

    private final Path path;
    private final Succession succession;
    private final Deque<OpenFile> files;
    private final WarmUp warmUp;
    private final LineSplitter splitter;
    private Siblings siblings = Siblings.NONE;

    private Optional<FileCursor> start;
    private boolean warm = true;
    private boolean awaited;
    private boolean yielding;
    private boolean held;
    /** The file of the restored cursor, while lines before that cursor are handed out again. */
    private @Nullable OpenFile repeated;

    private Optional<FileCursor> restored = Optional.empty();

    Beginning(Path path, Succession succession, WarmUp warmUp, LineSplitter splitter, Optional<FileCursor> start) {
        this.path = path;
        this.succession = succession;
        this.files = succession.files();
        this.warmUp = warmUp;
        this.splitter = splitter;
        this.start = start;
    }

    void beside(Siblings others) {
        siblings = others;
    }

    /** Makes a file that appears at the path be read from its first byte. */
    void await() {
        awaited = true;
    }

    boolean isAwaited() {
        return awaited;
    }

    /** Returns whether it let a sibling go first; it is to be retried at once. */
    boolean isYielding() {
        return yielding;
    }

    /** Returns whether a sibling is reading the same file. */
    boolean isHeld() {
        return held;
    }

    /** Returns where to continue; empty once reading has continued there. */
    Optional<FileCursor> start() {
        return start;
    }

    /** Makes reading continue at this cursor, without repeating anything. */
    void goOnAt(Optional<FileCursor> cursor) {
        start = cursor;
        warm = false;
        endRepeating();
    }

    /** Returns the cursor to store while nothing is read, or while lines before the cursor are repeated. */
    Optional<FileCursor> cursor() {
        return restored.or(() -> start);
    }

    Optional<OpenFile> repeated() {
        return Optional.ofNullable(repeated);
    }

    /** Returns the offset at which repeating ends in this file. */
    long limit(OpenFile file) {
        return file == repeated ? restored.map(FileCursor::offset).orElse(Long.MAX_VALUE) : Long.MAX_VALUE;
    }

    /** Notes that the file was read up to its current offset. */
    void reached(OpenFile file) {
        if (file == repeated && file.offset() >= limit(file)) {
            endRepeating();
        }
    }

    void endRepeating() {
        repeated = null;
        restored = Optional.empty();
    }

    /**
     * Opens the first file to read. Returns false if there is no file yet.
     *
     * @param again whether the file was only closed for a while
     */
    boolean begin(boolean again, long now) throws IOException {
        yielding = false;
        Optional<OpenFile> current = OpenFile.open(path);
        boolean begun = false;
        try {
            if (current.isPresent() && current.get().isGzip()) {
                throw UnreadableException.compressed(path);
            }
            yielding = current.isPresent() && start.isEmpty() && siblings.areToGoFirst();
            begun = !yielding && (start.isPresent() ? resume(start.get(), current) : beginAnew(current, now));
            if (begun && !again) {
                current.filter(files::contains).ifPresent(succession::beginAt);
            }
        } finally {
            if (!begun) {
                succession.close();
            }
            succession.closeUnused(current);
        }
        return begun;
    }

    private boolean beginAnew(Optional<OpenFile> current, long now) throws IOException {
        held = false;
        if (current.isEmpty()) {
            awaited = true;
            return false;
        }
        OpenFile file = current.get();
        long known = siblings.known(file);
        held = known == Siblings.HELD;
        if (held) {
            return false;
        }
        files.add(file);
        if (!awaited) {
            warmUp.firstStart(files, file, now);
        }
        if (known > file.offset()) {
            succession.only(file);
            file.seekLineBefore(known, splitter.buffer());
        }
        return true;
    }

    /** Continues at a cursor, in the file that it was made in. Returns false if there is no file at all. */
    private boolean resume(FileCursor cursor, Optional<OpenFile> current) throws IOException {
        Optional<OpenFile> found = find(cursor, current);
        Optional<OpenFile> any = found.or(() -> current);
        if (any.isEmpty()) {
            return false;
        }
        OpenFile file = any.get();
        boolean isCurrent = file == current.orElse(null);
        if (found.isEmpty() && !skipKnown(file)) {
            return false;
        }
        files.add(file);
        if (found.isEmpty()) {
            log.warn(
                    "the file that was read before is gone; anything written to it after byte {} is lost; "
                            + "reading the new file from its first byte: {}",
                    cursor.offset(),
                    path);
        } else if (warm && warmUp.restart(files, file, cursor, isCurrent)) {
            repeated = file;
            restored = start;
        }
        if (!isCurrent) {
            succession.queueAfter(file, current, true);
        }
        start = Optional.empty();
        return true;
    }

    /** Skips the part of a file that a sibling has read. Returns false if the sibling has this very file open. */
    boolean skipKnown(OpenFile file) throws IOException {
        long known = siblings.known(file);
        held = known == Siblings.HELD;
        if (known > 0) {
            file.seekLineBefore(known, splitter.buffer());
        }
        return !held;
    }

    /** Finds the file that the cursor was made in, and goes to the cursor in it. */
    private Optional<OpenFile> find(FileCursor cursor, Optional<OpenFile> current) throws IOException {
        if (current.isPresent()
                && current.get().hasInodeOf(cursor)
                && current.get().seek(cursor)) {
            return current;
        }
        Optional<OpenFile> found = succession.rotated().find(cursor, current);
        // The same content under another inode means that the log was moved to another disk, or saved again by an
        // editor.
        boolean moved = found.isEmpty()
                && current.isPresent()
                && cursor.length() > 0
                && current.get().seek(cursor);
        return moved ? current : found;
    }
}
