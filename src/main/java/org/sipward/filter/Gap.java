package org.sipward.filter;

import org.sipward.source.Line;

/**
 * The lines in doubt behind a line that could not be read, because it is too long, or because a second message begins
 * on it. A message may have begun on that line, and the next lines may be part of it. They are in doubt until as many
 * bytes have come as a message can have, or no line came for {@value Window#PAUSE_MILLIS} ms. Not thread-safe.
 */
final class Gap {
    /** Asterisk's longest message, without its end. */
    static final int MESSAGE_BYTES = 8_191;

    /**
     * Bytes of a line that do not count, because a carrier may have written them. So many short lines do not end the
     * doubt.
     */
    private static final int CARRIER_BYTES = 128;

    private long left;
    private long since;

    /** Notes that a line could not be read, and that a message can have so many bytes behind it. */
    void open(int bytes, long now) {
        left = Math.max(left, bytes);
        since = now;
    }

    /** Returns whether the next line is in doubt. */
    boolean isOpen() {
        return left > 0;
    }

    /** Counts the bytes of the next line. */
    void pass(Line line) {
        if (!isOpen()) {
            return;
        }
        // No carrier begins with a bracket.
        boolean bare = line.length() > 0 && line.charAt(0) == '[';
        left -= bare ? line.length() + 1 : Math.max(1, line.length() - CARRIER_BYTES);
    }

    /** Ends the doubt if it began a while ago. Call it only when the log was read to its end. */
    void settle(long now) {
        if (Window.isOver(since, now)) {
            left = 0;
        }
    }
}
