package org.sipward.source;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One line of a log, without its LF, as a window on the buffer it was read into. One object serves all lines of a
 * source: it is valid only until the call that it was handed to returns.
 *
 * <p>As a {@code CharSequence} it has one char per byte, with the byte's value, whatever the encoding: no byte that a
 * stranger wrote can swallow its neighbours, and no line costs a String before it hits.
 *
 * <p>Not thread-safe.
 */
public final class Line implements CharSequence {
    private byte[] buffer = new byte[0];
    private int from;
    private int to;
    private long arrival;
    private boolean live;
    private Part part = Part.WHOLE;

    /** Which part of a line of the log this is. */
    public enum Part {
        /** All of it. */
        WHOLE,
        /** The first bytes of one that is too long, one more than a whole one can have. */
        BEGIN,
        /** Some bytes that follow those. */
        MIDDLE,
        /** The bytes up to its LF, which may be none. */
        END
    }

    /** Returns a line of these characters, each taken as one byte; for text that does not come from a file. */
    public static Line of(String text, long arrival, boolean live) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        Line line = new Line();
        line.set(bytes, 0, bytes.length, arrival, live);
        return line;
    }

    /**
     * Moves the window, onto a whole line.
     *
     * @param arrival milliseconds since 1970 when the line was read, or when its file was last written to if that was
     *     long ago
     * @param live whether the line was written just now: the source had been read to its end before
     */
    public void set(byte[] buffer, int from, int to, long arrival, boolean live) {
        this.buffer = buffer;
        this.from = from;
        this.to = to;
        this.arrival = arrival;
        this.live = live;
        this.part = Part.WHOLE;
    }

    /** Moves the window, onto a part of a line that is too long. */
    void set(Part which, byte[] buffer, int from, int to, long arrival, boolean live) {
        set(buffer, from, to, arrival, live);
        this.part = which;
    }

    /** Returns which part of a line this is. */
    public Part part() {
        return part;
    }

    /** Returns the buffer that the line lies in, from {@link #from} to {@link #to}. */
    public byte[] buffer() {
        return buffer;
    }

    /** Returns the index of the line's first byte. */
    public int from() {
        return from;
    }

    /** Returns the index behind the line's last byte. */
    public int to() {
        return to;
    }

    /** Returns the milliseconds since 1970 at which the line came, by this machine's clock. */
    public long arrival() {
        return arrival;
    }

    /** Returns whether the line was written just now, so that a time stamp far from {@link #arrival} is wrong. */
    public boolean isLive() {
        return live;
    }

    /** Returns what stands from this index on, as a whole line that lies in the same buffer. */
    public Line rest(int index) {
        Line rest = new Line();
        rest.set(buffer, from + index, to, arrival, live);
        return rest;
    }

    /** Returns whether the line begins with these bytes. */
    public boolean startsWith(byte[] start) {
        // Nearly all differ in the first byte.
        return length() >= start.length
                && (start.length == 0 || buffer[from] == start[0])
                && Arrays.equals(buffer, from, from + start.length, start, 0, start.length);
    }

    @Override
    public int length() {
        return to - from;
    }

    @Override
    public char charAt(int index) {
        return (char) (buffer[from + index] & 0xff);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return new String(buffer, from + start, end - start, StandardCharsets.ISO_8859_1);
    }

    /** Returns the bytes of the line as a string, one char each. */
    @Override
    public String toString() {
        return new String(buffer, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
