package org.sipward.source.file;

import java.io.IOException;
import java.util.OptionalLong;
import org.sipward.source.Backfill;
import org.sipward.source.Line;
import org.sipward.source.LineSplitter;

/**
 * Finds the first line of a given time by binary search, so that a log of gigabytes costs a few reads: at most 32 KiB
 * for each halving of at most {@link Backfill#maxBytes}. Assumes that a log's stamps never decrease; if they do, the
 * place it finds is rather too early than too late.
 *
 * <p>Uses the splitter's buffer, and leaves nothing in it. Not thread-safe.
 */
final class TimeSearch {
    private static final int PROBE_BYTES = 1 << 15;

    private final LineSplitter splitter;
    private final Backfill backfill;
    private final long arrival;

    /** Searches with {@code arrival} as the {@link Line#arrival} of all lines. */
    TimeSearch(LineSplitter splitter, Backfill backfill, long arrival) {
        this.splitter = splitter;
        this.backfill = backfill;
        this.arrival = arrival;
    }

    /** Returns the stamp of the last stamped line in the 32 KiB before {@code end}. */
    OptionalLong lastStamp(LogBytes bytes, long end) throws IOException {
        long start = Math.max(0, end - PROBE_BYTES);
        int to = bytes.read(start, splitter.buffer(), (int) (end - start));
        OptionalLong last = OptionalLong.empty();
        int from = start == 0 ? 0 : behindLf(0, to);
        for (int lf = splitter.indexOfLf(from, to); lf >= 0; lf = splitter.indexOfLf(from, to)) {
            OptionalLong stamp = stamp(from, lf);
            last = stamp.isPresent() ? stamp : last;
            from = lf + 1;
        }
        return last;
    }

    /**
     * Returns the offset of the first line that is not older than {@code oldest}, or {@code end} if there is no such
     * line before it or no stamp can be read.
     *
     * @param end where to stop; must be the start of a line
     */
    long firstLine(LogBytes bytes, long end, long oldest) throws IOException {
        long low = Math.max(0, end - backfill.maxBytes());
        boolean lowBeginsLine = low == 0;
        long high = end;
        boolean stamped = false;
        while (high - low > PROBE_BYTES) {
            long middle = low + (high - low) / 2;
            Probe probe = probe(bytes, middle, false, end, Long.MIN_VALUE);
            stamped |= probe.found();
            if (probe.found() && probe.stamp() < oldest) {
                low = probe.offset();
                lowBeginsLine = true;
            } else {
                high = middle;
            }
        }
        Probe line = probe(bytes, low, lowBeginsLine, end, oldest);
        if (line.found()) {
            return line.offset();
        }
        // Not found before the end: a long stretch without stamps is in the way, so that is read too.
        return line.end() < end && (stamped || line.stamped()) ? line.begin() : end;
    }

    /** Reads once from {@code start} and looks for a line that is not older than {@code oldest}. */
    private Probe probe(LogBytes bytes, long start, boolean beginsLine, long end, long oldest) throws IOException {
        int length = oldest == Long.MIN_VALUE ? PROBE_BYTES : LineSplitter.BUFFER_BYTES;
        int to = bytes.read(start, splitter.buffer(), (int) Math.min(length, end - start));
        int first = beginsLine ? 0 : behindLf(0, to);
        boolean stamped = false;
        int from = first;
        for (int lf = splitter.indexOfLf(from, to); lf >= 0; lf = splitter.indexOfLf(from, to)) {
            OptionalLong stamp = stamp(from, lf);
            stamped |= stamp.isPresent();
            if (stamp.isPresent() && stamp.getAsLong() >= oldest) {
                return new Probe(true, true, stamp.getAsLong(), start + from, start + first, start + to);
            }
            from = lf + 1;
        }
        return new Probe(false, stamped, 0, 0, start + first, start + to);
    }

    /** Returns the stamp of the line between these indexes of the splitter's buffer. */
    OptionalLong stamp(int from, int to) {
        if (to - from > LineSplitter.MAX_LINE_BYTES) {
            return OptionalLong.empty();
        }
        Line line = splitter.line();
        line.set(splitter.buffer(), from, to, arrival, false);
        return backfill.stamps().stamp(line);
    }

    private int behindLf(int from, int to) {
        int lf = splitter.indexOfLf(from, to);
        return lf < 0 ? to : lf + 1;
    }

    /**
     * The result of one read.
     *
     * @param found whether there is a line of the wanted time; if so, {@code stamp} and {@code offset} are that line's
     * @param stamped whether any line had a stamp
     * @param begin the offset of the first whole line
     * @param end the offset at which the read ended
     */
    private record Probe(boolean found, boolean stamped, long stamp, long offset, long begin, long end) {}
}
