package org.sipward.source.live;

import java.io.ByteArrayOutputStream;
import java.util.Optional;

/**
 * Makes one line of one syslog message, as rsyslog would have written it to a file: without the priority in front of an
 * RFC 3164 date or an ISO one, whole where it is RFC 5424, and with control characters as {@code #012}.
 */
final class SyslogLine {
    private SyslogLine() {}

    /** Returns the line, or empty if the message is. */
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
