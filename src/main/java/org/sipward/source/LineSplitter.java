package org.sipward.source;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Cuts bytes into lines, at LF only: a stranger can have a bare CR, a NUL or a Unicode line separator written into a
 * log, but not begin a line with it.
 *
 * <p>Lines of more than {@value #MAX_LINE_BYTES} bytes are dropped, because Asterisk cuts a message at 8,191 bytes, its LF
 * included, and the next record then stands on the same line: its address is not that of the offender. Of those bytes
 * a sender's line breaks stand among the first 600. Such a line is handed out in {@linkplain Line#part parts}, as they
 * come: what stands before it and behind it may mean something else for that.
 *
 * <p>Holds no bytes from one call of {@link #split} to the next. One splitter, and so one buffer of 64 KiB, may
 * therefore serve all sources that one thread polls; a sink must not poll a source that shares it. Not thread-safe.
 */
public final class LineSplitter {
    public static final int BUFFER_BYTES = 1 << 16;
    /** The most bytes of a line that is handed out whole. */
    public static final int MAX_LINE_BYTES = 7_000;

    /** Takes eight bytes of an array for one number, of which the first byte is the lowest. */
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long LFS = 0x0a0a0a0a0a0a0a0aL;
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;

    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final Line line = new Line();
    private long arrival;
    private boolean live;
    private boolean skipping;

    /** Returns the buffer to read into before a split. */
    public byte[] buffer() {
        return buffer;
    }

    /** Returns the line that moves over the buffer, for those who look at lines without handing them out. */
    public Line line() {
        return line;
    }

    /** Says what is true of the lines of the next split. */
    public void begin(boolean skipping, long arrival, boolean live) {
        this.skipping = skipping;
        this.arrival = arrival;
        this.live = live;
    }

    /** Returns whether the bytes split so far end within a line that is too long, whose rest is to be dropped too. */
    public boolean isSkipping() {
        return skipping;
    }

    /**
     * Hands out the whole lines of the buffer.
     *
     * @return the index behind the last byte that is done with; from there on stands an unfinished line
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

    /** Hands out the first bytes of a line that is too long; returns the index behind them. */
    private int begin(int start, LineSink sink) {
        int end = start + MAX_LINE_BYTES + 1;
        hand(Line.Part.BEGIN, start, end, sink);
        return end;
    }

    private void hand(Line.Part part, int from, int to, LineSink sink) {
        line.set(part, buffer, from, to, arrival, live);
        sink.accept(line);
    }

    /** Hands out one line that has no LF, because its file ends. */
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
            // An LF becomes 0, which borrows its high bit; behind the first one the bits may lie.
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
