package org.sipward.source;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Cuts bytes into lines, at LF only. An attacker can get a bare CR, a NUL or a Unicode line separator into a log, but
 * cannot start a new line with it.
 *
 * <p>Lines of more than {@value #MAX_LINE_BYTES} bytes are dropped, because Asterisk cuts a message at 8,191 bytes,
 * its LF included. The next record then starts on the same line, and the address in that record is not the attacker's.
 * A sender's line breaks can only be among the first 600 of those bytes. A line that is too long is handed out in
 * {@linkplain Line#part parts} as they are read, because it may change what the lines before and after it mean.
 *
 * <p>Holds no bytes from one call of {@link #split} to the next. So one splitter, with its one buffer of 64 KiB, may
 * serve all sources that one thread polls. A sink must not poll a source that shares the splitter. Not thread-safe.
 */
public final class LineSplitter {
    public static final int BUFFER_BYTES = 1 << 16;
    /** The most bytes that a line may have to be handed out whole. */
    public static final int MAX_LINE_BYTES = 7_000;

    /** Reads eight bytes of an array as one little-endian number. */
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long LFS = 0x0a0a0a0a0a0a0a0aL;
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;

    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final Line line = new Line();
    private long arrival;
    private boolean live;
    private boolean skipping;

    /** Returns the buffer to fill before a split. */
    public byte[] buffer() {
        return buffer;
    }

    /** Returns the line that moves over the buffer, for callers that look at lines without handing them out. */
    public Line line() {
        return line;
    }

    /** Sets what is true of the lines of the next split. */
    public void begin(boolean skipping, long arrival, boolean live) {
        this.skipping = skipping;
        this.arrival = arrival;
        this.live = live;
    }

    /**
     * Returns whether the bytes split so far end within a line that is too long; the rest of that line is to be
     * dropped too.
     */
    public boolean isSkipping() {
        return skipping;
    }

    /**
     * Hands out the whole lines in the buffer.
     *
     * @return the index after the last byte that was used; an unfinished line starts there
     */
    public int split(int from, int to, LineCounter counter, LineSink sink) {
        int start = from;
        for (int lf = indexOfLf(start, to); lf >= 0; lf = indexOfLf(start, to)) {
            if (skipping) {
                skipping = false;
                hand(Line.Part.END, start, lf, sink);
            } else if (lf - start > MAX_LINE_BYTES) {
                counter.dropped++;
                hand(Line.Part.END, begin(start, sink), lf, sink);
            } else {
                handOut(start, lf, counter, sink);
            }
            start = lf + 1;
        }
        if (!skipping && to - start <= MAX_LINE_BYTES) {
            return start;
        }
        if (!skipping) {
            skipping = true;
            counter.dropped++;
            start = begin(start, sink);
        }
        if (start < to) {
            hand(Line.Part.MIDDLE, start, to, sink);
        }
        return to;
    }

    /** Hands out the first bytes of a line that is too long; returns the index after them. */
    private int begin(int start, LineSink sink) {
        int end = start + MAX_LINE_BYTES + 1;
        hand(Line.Part.BEGIN, start, end, sink);
        return end;
    }

    private void hand(Line.Part part, int from, int to, LineSink sink) {
        line.set(part, buffer, from, to, arrival, live);
        sink.accept(line);
    }

    /** Hands out one line that has no LF because its file ends there. */
    public void handOut(int from, int to, LineCounter counter, LineSink sink) {
        counter.lines++;
        line.set(buffer, from, to, arrival, live);
        sink.accept(line);
    }

    /** Returns the index of the first LF, or -1. */
    public int indexOfLf(int from, int to) {
        byte[] bytes = buffer;
        int i = from;
        for (; i <= to - Long.BYTES; i += Long.BYTES) {
            // An LF becomes 0, and subtracting 1 sets its high bit. Only the first bit found is reliable.
            long word = (long) LONGS.get(bytes, i) ^ LFS;
            long found = (word - ONES) & ~word & HIGH_BITS;
            if (found != 0) {
                return i + Long.numberOfTrailingZeros(found) / Byte.SIZE;
            }
        }
        for (; i < to; i++) {
            if (bytes[i] == '\n') {
                return i;
            }
        }
        return -1;
    }
}
