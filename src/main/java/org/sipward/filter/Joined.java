package org.sipward.filter;

import java.io.ByteArrayOutputStream;
import org.sipward.source.Line;

/**
 * A record that a line break in a caller's text has split, as far as its lines have come. Memory is bounded by
 * {@link Filter#MAX_LINE_BYTES}. Not thread-safe.
 */
final class Joined {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final BlockPattern block;
    private final int carrier;
    private final long since;

    Joined(BlockPattern block, BlockPattern.Begin begin, Line first, long since) {
        this.block = block;
        this.carrier = begin.carrier();
        this.since = since;
        bytes.write(first.buffer(), first.from(), first.length());
    }

    BlockPattern block() {
        return block;
    }

    /** Adds the next line; returns whether it was the last one. */
    boolean add(Line line) {
        int from = Math.min(carrier, line.length());
        bytes.write('\n');
        bytes.write(line.buffer(), line.from() + from, line.length() - from);
        return block.ends(line, carrier);
    }

    /** Returns whether the caller's text has room for whole records. */
    boolean isHeld() {
        return block.isHeld();
    }

    /** Returns whether it has more bytes than a record can have: then its end was lost. */
    boolean isTooLong() {
        return bytes.size() > Filter.MAX_LINE_BYTES;
    }

    /** Returns whether its end should have come by now. */
    boolean isLate(long now) {
        return Window.isOver(since, now);
    }

    /** Returns when its first line came, in milliseconds since 1970. */
    long since() {
        return since;
    }

    /**
     * Returns the record.
     *
     * @param last its last line, which says when it came
     */
    Line line(Line last) {
        Line record = new Line();
        byte[] all = bytes.toByteArray();
        record.set(all, 0, all.length, last.arrival(), last.isLive());
        return record;
    }
}
