package org.sipward.source.file;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.sipward.source.Backfill;
import org.sipward.source.LineSplitter;

/**
 * Finds the first line of a given time in a gzipped log. Binary search is impossible there, so the log is read once
 * from its beginning, remembering the offset and time of the first stamped line in every 64 KiB.
 *
 * <p>Gives up on a file that contains more than {@value #MOST} times as much as may be read of a log's past: the file
 * may be a zip bomb, and a start must not take minutes. Uses the splitter's buffer, and leaves nothing in it. Not
 * thread-safe.
 */
final class GzipSearch {
    private static final int MOST = 8;

    private final LineSplitter splitter;
    private final Backfill backfill;
    private final TimeSearch lines;

    GzipSearch(LineSplitter splitter, Backfill backfill, TimeSearch lines) {
        this.splitter = splitter;
        this.backfill = backfill;
        this.lines = lines;
    }

    /**
     * Finds the first line that is not older than {@code oldest}; without {@code oldest}, the first line of the window
     * before the last line.
     *
     * @param end where to stop; must be the start of a line, or be after the file's end
     * @return empty if the file contains too much, or no stamps
     */
    Optional<Found> find(LogBytes bytes, long end, OptionalLong oldest) throws IOException {
        long most = MOST * backfill.maxBytes();
        List<Stamped> blocks = new ArrayList<>();
        OptionalLong last = OptionalLong.empty();
        long offset = 0;
        while (offset < end) {
            int count = bytes.read(offset, splitter.buffer(), (int) Math.min(LineSplitter.BUFFER_BYTES, end - offset));
            if (count == 0) {
                break;
            }
            int from = 0;
            boolean first = true;
            for (int lf = splitter.indexOfLf(0, count); lf >= 0; lf = splitter.indexOfLf(from, count)) {
                OptionalLong stamp = lines.stamp(from, lf);
                if (stamp.isPresent() && first) {
                    blocks.add(new Stamped(offset + from, stamp.getAsLong()));
                    first = false;
                }
                last = stamp.isPresent() ? stamp : last;
                from = lf + 1;
            }
            offset += from == 0 ? count : from;
            if (offset > most) {
                return Optional.empty();
            }
        }
        if (last.isEmpty()) {
            return Optional.empty();
        }
        long since = oldest.orElse(last.getAsLong() - backfill.window().toMillis());
        long start = start(blocks, since, offset - backfill.maxBytes());
        return Optional.of(new Found(firstLine(bytes, start, offset, since), offset, since));
    }

    /** Returns the offset of the last block that begins too early, but no earlier than {@code low}. */
    private static long start(List<Stamped> blocks, long since, long low) {
        long start = blocks.get(0).offset();
        for (Stamped block : blocks) {
            boolean first = start < low;
            start = first || block.stamp() < since ? block.offset() : start;
        }
        return start;
    }

    private long firstLine(LogBytes bytes, long start, long end, long since) throws IOException {
        long offset = start;
        while (offset < end) {
            int count = bytes.read(offset, splitter.buffer(), (int) Math.min(LineSplitter.BUFFER_BYTES, end - offset));
            int from = 0;
            for (int lf = splitter.indexOfLf(0, count); lf >= 0; lf = splitter.indexOfLf(from, count)) {
                OptionalLong stamp = lines.stamp(from, lf);
                if (stamp.isPresent() && stamp.getAsLong() >= since) {
                    return offset + from;
                }
                from = lf + 1;
            }
            if (count == 0) {
                break;
            }
            offset += from == 0 ? count : from;
        }
        return end;
    }

    /**
     * The result of a search.
     *
     * @param offset the line's offset, or the end if no line is recent enough
     * @param end where the search ended: at the file's end, or where it had to stop
     * @param oldest the time that was searched for
     */
    record Found(long offset, long end, long oldest) {}

    private record Stamped(long offset, long stamp) {}
}
