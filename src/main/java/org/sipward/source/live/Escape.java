package org.sipward.source.live;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Writes text that a caller chose so that it cannot leave its field, or its line. */
final class Escape {
    private static final String HEX = "0123456789ABCDEF";

    private Escape() {}

    /**
     * Appends {@code NAME="VALUE"}, with quotes and control characters of the value as {@code %XX}, so that the value
     * cannot end its field or begin another.
     *
     * @param value one char per byte
     * @param most the most characters of the escaped value to write
     */
    static void field(StringBuilder line, String name, String value, int most) {
        line.append(name).append("=\"");
        int start = line.length();
        for (int i = 0; i < value.length() && line.length() - start < most; i++) {
            char c = value.charAt(i);
            if (c < ' ' || c == 0x7f || c == '"') {
                line.append('%').append(HEX.charAt(c >> 4 & 15)).append(HEX.charAt(c & 15));
            } else {
                line.append(c);
            }
        }
        line.append('"');
    }

    /** Appends a message with its control characters as rsyslog writes them, such as {@code #012} for an LF. */
    static void message(ByteArrayOutputStream line, byte[] message, int from, int to) {
        for (int i = from; i < to; i++) {
            int c = message[i] & 0xff;
            if (c < ' ' || c == 0x7f) {
                line.write('#');
                line.write('0' + (c >> 6));
                line.write('0' + (c >> 3 & 7));
                line.write('0' + (c & 7));
            } else {
                line.write(c);
            }
        }
    }

    /** Returns the beginning of another program's text, in printable ASCII, to quote it in one of our messages. */
    static String shown(String text) {
        int most = 120;
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < text.length() && i < most; i++) {
            char c = text.charAt(i);
            shown.append(c < ' ' || c > '~' ? '?' : c);
        }
        return shown.toString();
    }

    static byte[] bytes(CharSequence line) {
        return line.toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
