package org.sipward.source;

import java.io.IOException;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Moves the beginning of reading back by the window of a {@link Backfill}, into the newest rotated file too if the log
 * itself is younger than the window and that file is not compressed yet.
 */
final class WarmUp {
    private final RotatedFiles rotated;
    private final Backfill backfill;
    private final LineSplitter splitter;

    WarmUp(RotatedFiles rotated, Backfill backfill, LineSplitter splitter) {
        this.rotated = rotated;
        this.backfill = backfill;
        this.splitter = splitter;
    }

    /**
     * First start: goes to the first line of the window before now, at the latest behind the last whole line.
     *
     * @param files holds this file only; the predecessor is put before it
     */
    void firstStart(Deque<OpenFile> files, OpenFile file, long now) throws IOException {
        long size = file.bytes().size();
        int back = (int) Math.min(size, LineSplitter.MAX_LINE_BYTES + 1L);
        int begin = file.bytes().read(size - back, splitter.buffer(), back);
        while (begin > 0 && splitter.buffer()[begin - 1] != '\n') {
            begin--;
        }
        boolean withinLongLine = begin == 0 && back > LineSplitter.MAX_LINE_BYTES;
        long end = withinLongLine ? size : size - back + begin;
        long oldest = now - backfill.window().toMillis();
        long from = firstLine(file, end, oldest);
        file.seek(from, withinLongLine && from == end);
        if (from == 0) {
            predecessor(files, file, OptionalLong.of(oldest));
        }
    }

    /**
     * Later start: goes to the first line of the window before the cursor's last line.
     *
     * @param files begins with this file, which is at the cursor; the predecessor is put before it
     * @param atPath whether the file is the log itself, so that the newest rotated file is its predecessor
     * @return whether lines before the cursor will be read again
     */
    boolean restart(Deque<OpenFile> files, OpenFile file, Cursor cursor, boolean atPath) throws IOException {
        if (file.isGzip() || backfill.maxBytes() == 0) {
            return false;
        }
        OptionalLong oldest = before(lastStamp(file, cursor.offset()));
        if (oldest.isPresent()) {
            long from = firstLine(file, cursor.offset(), oldest.getAsLong());
            file.seek(from, from == cursor.offset() && cursor.skipping());
        }
        if (file.offset() == 0 && atPath) {
            predecessor(files, file, oldest);
        }
        return file.offset() < cursor.offset() || files.getFirst() != file;
    }

    /** Puts the predecessor first, from {@code oldest} on, or from the window before its own last line. */
    private void predecessor(Deque<OpenFile> files, OpenFile file, OptionalLong oldest) throws IOException {
        Optional<OpenFile> newest = backfill.maxBytes() == 0 ? Optional.empty() : rotated.newest(file);
        if (newest.isEmpty()) {
            return;
        }
        OpenFile older = newest.get();
        files.addFirst(older);
        long end = older.bytes().size();
        OptionalLong from = oldest.isPresent() ? oldest : before(lastStamp(older, end));
        older.seek(from.isPresent() ? firstLine(older, end, from.getAsLong()) : end, false);
    }

    private OptionalLong before(OptionalLong stamp) {
        return stamp.isPresent()
                ? OptionalLong.of(stamp.getAsLong() - backfill.window().toMillis())
                : stamp;
    }

    private long firstLine(OpenFile file, long end, long oldest) throws IOException {
        return search(file).firstLine(file.bytes(), end, oldest);
    }

    private OptionalLong lastStamp(OpenFile file, long end) throws IOException {
        return search(file).lastStamp(file.bytes(), end);
    }

    private TimeSearch search(OpenFile file) {
        return new TimeSearch(splitter, backfill, file.modified().toMillis());
    }
}
