package org.sipward.filter;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.sipward.source.Line;

/**
 * A line that is too long to be read, as far as it has come. It keeps the last bytes: what began on the line that goes on
 * behind it, began among them.
 *
 * <p>Memory: at most twice {@value #KEPT} bytes while such a line comes, else none. Not thread-safe.
 */
final class LongLine {
    /** Two messages of Asterisk, and what JSON adds to their bytes. */
    static final int KEPT = 24 << 10;

    /** How Asterisk's own JSON begins: in no message of that do line breaks get through. */
    private static final byte[] SERVERS_JSON = "{\"hostname\"".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes = new byte[KEPT];
    private int length;
    private boolean whole = true;
    private final int carrier;

    /**
     * Begins one.
     *
     * @param carrier how many of each line's bytes are a carrier's, or -1 if that is not known
     */
    LongLine(Line first, int carrier) {
        this.carrier = carrier;
        add(first);
    }

    /** Returns how many bytes of each line are a carrier's, or -1. */
    int carrier() {
        return carrier;
    }

    /**
     * Returns how many bytes of a line that says nothing are a carrier's, or -1 if that is not known.
     *
     * @param look at the line
     */
    static int carrier(Line line, FirstLook look) {
        int tagged = ContainerLog.carrier(line);
        char first = line.length() > 0 ? line.charAt(0) : ' ';
        boolean json = first == '{' && !line.startsWith(SERVERS_JSON);
        return tagged > 0 || (!json && (first == '[' || !look.isStamped())) ? tagged : -1;
    }

    /** Adds what follows. */
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

    /** Returns whether nothing of it was forgotten. */
    boolean isWhole() {
        return whole && length <= KEPT;
    }

    /** Returns its last bytes. */
    Line line(Line last) {
        Line line = new Line();
        line.set(bytes, Math.max(0, length - KEPT), length, last.arrival(), last.isLive());
        return line;
    }
}
