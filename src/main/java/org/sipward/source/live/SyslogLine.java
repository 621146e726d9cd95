package org.sipward.source.live;

import java.io.ByteArrayOutputStream;
import java.util.Optional;

/**
 * Turns one syslog message into one line, as rsyslog would write it to a file: control characters become {@code #012},
 * and the priority is removed from the front of an RFC 3164 or ISO date. An RFC 5424 message keeps its priority.
 */
final class SyslogLine {
    private SyslogLine() {}

    /** Returns the line, or empty if the message is empty. */
    static Optional<byte[]> of(byte[] bytes, int from, int to) {
        int end = to;
        while (end > from && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r' || bytes[end - 1] == 0)) {
            end--;
        }
        int start = behindPriority(bytes, from, end);
        if (start == end) {
            return Optional.empty();
        }
        ByteArrayOutputStream line = new ByteArrayOutputStream(end - start);
        Escape.message(line, bytes, start, end);
        return Optional.of(line.toByteArray());
    }

    private static int behindPriority(byte[] bytes, int from, int to) {
        int at = from + 1;
        while (at < to && at < from + 4 && bytes[at] >= '0' && bytes[at] <= '9') {
            at++;
        }
        boolean priority = at > from + 1 && at < to && bytes[from] == '<' && bytes[at] == '>';
        boolean rfc5424 = priority && at + 2 < to && bytes[at + 1] == '1' && bytes[at + 2] == ' ';
        return priority && !rfc5424 ? at + 1 : from;
    }
}
