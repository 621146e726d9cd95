package org.sipward.source.file;

import java.io.IOException;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;
import org.sipward.source.Backfill;
import org.sipward.source.LineSplitter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves the start of reading back by the window of a {@link Backfill}. If the log's newer files do not cover the
 * window, it continues into rotated files, gzipped or not: a log that is rotated by its size is rotated every few
 * seconds in an attack.
 */
final class WarmUp {
    private static final Logger log = LoggerFactory.getLogger(WarmUp.class);

    private final RotatedFiles rotated;
    private final Backfill backfill;
    private final LineSplitter splitter;

    WarmUp(RotatedFiles rotated, Backfill backfill, LineSplitter splitter) {
        this.rotated = rotated;
        this.backfill = backfill;
        this.splitter = splitter;
    }

    /**
     * First start: goes to the first line of the window before now, or to the end of the last whole line if there is
     * none.
     *
     * @param files contains only this file; its predecessors are put before it
     */
    void firstStart(Deque<OpenFile> files, OpenFile file, long now) throws IOException {
        long size = file.bytes().size();
        boolean withinLongLine = file.seekLineBefore(size, splitter.buffer());
        long end = file.offset();
        long oldest = now - backfill.window().toMillis();
        long from = firstLine(file, end, oldest);
        file.seek(from, withinLongLine && from == end);
        if (from == 0) {
            predecessors(files, true, OptionalLong.of(oldest), backfill.maxBytes() - end);
        }
    }

    /**
     * Later start: goes to the first line of the window before the cursor's last line.
     *
     * @param files begins with this file, which is at the cursor; its predecessors are put before it
     * @param atPath whether the file is the log itself, so that any rotated file was written before it
     * @return whether lines before the cursor will be read again
     */
    boolean restart(Deque<OpenFile> files, OpenFile file, FileCursor cursor, boolean atPath) throws IOException {
        if (backfill.maxBytes() == 0) {
            return false;
        }
        OptionalLong oldest = OptionalLong.empty();
        if (file.isGzip()) {
            Optional<GzipSearch.Found> found = find(file, cursor.offset(), oldest);
            if (found.isPresent()) {
                file.seek(found.get().offset(), false);
                oldest = OptionalLong.of(found.get().oldest());
            }
        } else {
            oldest = before(lastStamp(file, cursor.offset()));
            if (oldest.isPresent()) {
                long from = firstLine(file, cursor.offset(), oldest.getAsLong());
                file.seek(from, from == cursor.offset() && cursor.skipping());
            }
        }
        if (file.offset() == cursor.offset()) {
            file.seek(cursor);
        }
        if (file.offset() == 0) {
            predecessors(files, atPath, oldest, backfill.maxBytes() - cursor.offset());
        }
        return file.offset() < cursor.offset() || files.getFirst() != file;
    }

    /**
     * Puts predecessors first, from {@code oldest} on; without {@code oldest}, from the window before the newest
     * file's last line.
     *
     * @param maxBytes how many of their bytes may still be read
     */
    private void predecessors(Deque<OpenFile> files, boolean atPath, OptionalLong oldest, long maxBytes)
            throws IOException {
        OptionalLong from = oldest;
        long room = maxBytes;
        boolean any = atPath;
        while (room > 0 && files.getFirst().offset() == 0 && files.size() < RotatedFiles.MAX_OPEN) {
            Optional<OpenFile> older = rotated.predecessor(files, any);
            if (older.isEmpty()) {
                return;
            }
            OpenFile file = older.get();
            any = false;
            long end;
            if (file.isGzip()) {
                Optional<GzipSearch.Found> found = find(file, Long.MAX_VALUE, from);
                if (found.isEmpty()) {
                    file.close();
                    return;
                }
                end = found.get().end();
                from = OptionalLong.of(found.get().oldest());
                file.seek(found.get().offset(), false);
            } else {
                end = file.bytes().size();
                from = from.isPresent() ? from : before(lastStamp(file, end));
                file.seek(from.isPresent() ? firstLine(file, end, from.getAsLong()) : end, false);
            }
            files.addFirst(file);
            room -= end - file.offset();
        }
    }

    private OptionalLong before(OptionalLong stamp) {
        return stamp.isPresent()
                ? OptionalLong.of(stamp.getAsLong() - backfill.window().toMillis())
                : stamp;
    }

    private long firstLine(OpenFile file, long end, long oldest) throws IOException {
        return search(file).firstLine(file.bytes(), end, oldest);
    }

    /** Searches a gzipped file. Empty also if the file is damaged; then none of its lines is repeated. */
    private Optional<GzipSearch.Found> find(OpenFile file, long end, OptionalLong oldest) {
        try {
            return new GzipSearch(splitter, backfill, search(file)).find(file.bytes(), end, oldest);
        } catch (IOException e) {
            log.debug("cannot search {} for earlier lines: {}", file.path(), e.getMessage());
            return Optional.empty();
        }
    }

    private OptionalLong lastStamp(OpenFile file, long end) throws IOException {
        return search(file).lastStamp(file.bytes(), end);
    }

    private TimeSearch search(OpenFile file) {
        return new TimeSearch(splitter, backfill, file.modified().toMillis());
    }
}
