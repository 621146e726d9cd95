package org.sipward.filter;

import java.util.Arrays;
import org.sipward.source.Line;

/**
 * A line that is too long to be read, as far as it has come. Its last bytes are kept: if a message goes on behind the
 * line, it has begun among them.
 *
 * <p>Memory: at most twice {@value #KEPT} bytes while such a line comes. Not thread-safe.
 */
final class LongLine {
    /** Room for two messages of Asterisk, in JSON too. */
    static final int KEPT = 24 << 10;

    private byte[] bytes = new byte[KEPT];
    private int length;
    private boolean whole = true;
    private final int carrier;

    /**
     * Begins a line.
     *
     * @param carrier how many bytes of each line are a carrier's, or -1 if that is not known
     */
    LongLine(Line first, int carrier) {
        this.carrier = carrier;
        add(first);
    }

    /** Returns how many bytes of each line are a carrier's, or -1 if that is not known. */
    int carrier() {
        return carrier;
    }

    /** Adds the next part of the line. */
    void add(Line part) {
        int more = Math.min(part.length(), KEPT);
        whole &= more == part.length();
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * KEPT);
        }
        if (length + more > bytes.length) {
            int kept = Math.min(length, KEPT - Math.min(more, KEPT));
            System.arraycopy(bytes, length - kept, bytes, 0, kept);
            length = kept;
            whole = false;
        }
        System.arraycopy(part.buffer(), part.to() - more, bytes, length, more);
        length += more;
    }

    /** Returns whether {@link #line} is the whole line. */
    boolean isWhole() {
        return whole && length <= KEPT;
    }

    /** Returns the line's last bytes, at most {@value #KEPT}. */
    Line line(Line last) {
        Line line = new Line();
        line.set(bytes, Math.max(0, length - KEPT), length, last.arrival(), last.isLive());
        return line;
    }
}
