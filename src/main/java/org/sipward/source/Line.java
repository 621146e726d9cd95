package org.sipward.source;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One line of a log, without its LF, as a window on the buffer that it was read into. One object serves all lines of a
 * source, so a line is valid only until the call that received it returns.
 *
 * <p>As a {@code CharSequence} it has one char per byte, with the byte's value, whatever the encoding. So no byte that
 * an attacker wrote can swallow its neighbours, and no String is created for a line before it matches.
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

    /** Which part of a line in the log this object holds. */
    public enum Part {
        /** The whole line. */
        WHOLE,
        /** The first bytes of a line that is too long: one byte more than a whole line may have. */
        BEGIN,
        /** Further bytes of a line that is too long. */
        MIDDLE,
        /** The last bytes of a line that is too long, up to its LF; there may be none. */
        END
    }

    /** Returns a line of these characters, each taken as one byte. For text that does not come from a file. */
    public static Line of(String text, long arrival, boolean live) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        Line line = new Line();
        line.set(bytes, 0, bytes.length, arrival, live);
        return line;
    }

    /**
     * Moves the window onto a whole line.
     *
     * @param arrival when the line was read, in milliseconds since 1970; for a backlog, when its file was last written
     *     to
     * @param live whether the line was written just now: before it, the source had been read to its end
     */
    public void set(byte[] buffer, int from, int to, long arrival, boolean live) {
        this.buffer = buffer;
        this.from = from;
        this.to = to;
        this.arrival = arrival;
        this.live = live;
        this.part = Part.WHOLE;
    }

    /** Moves the window onto a part of a line that is too long. */
    void set(Part which, byte[] buffer, int from, int to, long arrival, boolean live) {
        set(buffer, from, to, arrival, live);
        this.part = which;
    }

    /** Returns which part of a line this is. */
    public Part part() {
        return part;
    }

    /** Returns the buffer that holds the line, from {@link #from} to {@link #to}. */
    public byte[] buffer() {
        return buffer;
    }

    /** Returns the index of the line's first byte. */
    public int from() {
        return from;
    }

    /** Returns the index after the line's last byte. */
    public int to() {
        return to;
    }

    /** Returns when the line arrived, in milliseconds since 1970 by this machine's clock. */
    public long arrival() {
        return arrival;
    }

    /** Returns whether the line was written just now, so that a time stamp far from {@link #arrival} is wrong. */
    public boolean isLive() {
        return live;
    }

    /** Returns the text from this index on, as a whole line in the same buffer. */
    public Line rest(int index) {
        Line rest = new Line();
        rest.set(buffer, from + index, to, arrival, live);
        return rest;
    }

    /** Returns whether the line begins with these bytes. */
    public boolean startsWith(byte[] start) {
        // Nearly all lines differ in the first byte.
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

    /** Returns the bytes of the line as a string, one char per byte. */
    @Override
    public String toString() {
        return new String(buffer, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
