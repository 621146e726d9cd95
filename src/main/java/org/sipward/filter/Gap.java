package org.sipward.filter;

import org.sipward.source.Line;

/**
 * What lies behind a line that could not be read, because it is too long, or because a second message begins on it: a
 * message may have begun there of which the next lines are part. All that they say is in doubt, until so many bytes have passed
 * as a message can have, or nothing more came for a second. Not thread-safe.
 */
final class Gap {
    /** Asterisk's longest message, without its end. */
    static final int MESSAGE_BYTES = 8_191;

    /** What a carrier may have put before a line; it does not count, so that nobody gets farther by many short lines. */
    private static final int CARRIER_BYTES = 128;

    private long left;
    private long since;

    /** Notes that such a line was read, behind which a message can have so many bytes. */
    void open(int bytes, long now) {
        left = Math.max(left, bytes);
        since = now;
    }

    /** Returns whether the next line is in doubt. */
    boolean isOpen() {
        return left > 0;
    }

    /** Notes that a line was read. */
    void pass(Line line) {
        if (!isOpen()) {
            return;
        }
        // No carrier begins with a bracket.
        boolean bare = line.length() > 0 && line.charAt(0) == '[';
        left -= bare ? line.length() + 1 : Math.max(1, line.length() - CARRIER_BYTES);
    }

    /** Forgets it if it began a while ago. Call it only when all was read that there is. */
    void settle(long now) {
        if (Window.isOver(since, now)) {
            left = 0;
        }
    }
}
