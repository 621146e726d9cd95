package org.sipward.filter;

import java.nio.charset.StandardCharsets;
import org.sipward.source.Line;

/**
 * Text that every line holds that a pattern can match: its longest run of plain characters outside of groups, classes
 * and repetitions. A line without it need not be shown to the pattern.
 */
final class Literal {
    private static final int MIN_CHARS = 3;

    private final byte[] bytes;

    private Literal(String text) {
        this.bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Returns the literal of a regular expression; empty text, which every line holds, where none is certain. */
    static Literal of(String regex) {
        if (regex.contains("(?i") || regex.contains("(?-") || regex.contains("\\Q")) {
            return new Literal("");
        }
        String best = "";
        StringBuilder run = new StringBuilder();
        int at = 0;
        while (at < regex.length()) {
            char c = regex.charAt(at);
            int end = at + 1;
            int plain = -1;
            if (c == '|') {
                // An alternative at the top level: nothing is certain.
                return new Literal("");
            } else if (c == '(') {
                end = closing(regex, at);
            } else if (c == '[') {
                end = closingClass(regex, at);
            } else if (c == '\\') {
                end = escapeEnd(regex, at);
                char escaped = at + 1 < regex.length() ? regex.charAt(at + 1) : 'z';
                plain = Character.isLetterOrDigit(escaped) ? -1 : escaped;
            } else if (".^$".indexOf(c) < 0) {
                plain = c;
            }
            int repeat = repetition(regex, end);
            if (plain >= 0 && repeat == end) {
                run.append((char) plain);
            } else {
                best = longer(best, run);
                run.setLength(0);
            }
            at = repeat;
        }
        best = longer(best, run);
        return new Literal(best.length() < MIN_CHARS ? "" : best);
    }

    /** Returns whether the line holds the literal. */
    boolean isIn(Line line) {
        if (bytes.length == 0) {
            return true;
        }
        byte[] buffer = line.buffer();
        byte first = bytes[0];
        int last = line.to() - bytes.length;
        for (int i = line.from(); i <= last; i++) {
            if (buffer[i] == first && matchesAt(buffer, i)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private boolean matchesAt(byte[] buffer, int at) {
        for (int i = 1; i < bytes.length; i++) {
            if (buffer[at + i] != bytes[i]) {
                return false;
            }
        }
        return true;
    }

    private static String longer(String best, StringBuilder run) {
        return run.length() > best.length() ? run.toString() : best;
    }

    /** Returns the index behind the escape that begins here: a character, a number in hex or octal, or a class. */
    private static int escapeEnd(String regex, int at) {
        char kind = at + 1 < regex.length() ? regex.charAt(at + 1) : 'z';
        int end = at + 2;
        if (kind == 'x' || kind == 'p' || kind == 'P') {
            int brace = regex.startsWith("{", end) ? regex.indexOf('}', end) : -1;
            return brace > 0 ? brace + 1 : end + (kind == 'x' ? 2 : 1);
        }
        while (DateReader.isDigit(kind) && end < regex.length() && DateReader.isDigit(regex.charAt(end))) {
            end++;
        }
        return end;
    }

    /** Returns the index behind the group that opens here. */
    private static int closing(String regex, int open) {
        int depth = 0;
        int at = open;
        while (at < regex.length()) {
            char c = regex.charAt(at);
            if (c == '\\') {
                at++;
            } else if (c == '[') {
                at = closingClass(regex, at) - 1;
            } else if (c == '(') {
                depth++;
            } else if (c == ')' && --depth == 0) {
                return at + 1;
            }
            at++;
        }
        return regex.length();
    }

    /** Returns the index behind the character class that opens here. */
    private static int closingClass(String regex, int open) {
        int at = open + 1;
        if (at < regex.length() && regex.charAt(at) == '^') {
            at++;
        }
        // A bracket that comes first stands for itself.
        int first = at;
        while (at < regex.length()) {
            char c = regex.charAt(at);
            if (c == '\\') {
                at++;
            } else if (c == '[' && regex.startsWith("[:", at)) {
                at = Math.max(at, regex.indexOf(":]", at) + 1);
            } else if (c == ']' && at > first) {
                return at + 1;
            }
            at++;
        }
        return regex.length();
    }

    /** Returns the index behind the repetition that may stand here. */
    private static int repetition(String regex, int at) {
        int end = at;
        if (end < regex.length() && "*+?".indexOf(regex.charAt(end)) >= 0) {
            end++;
        } else if (end < regex.length() && regex.charAt(end) == '{') {
            end = Math.max(end, regex.indexOf('}', end)) + 1;
        }
        return end > at && end < regex.length() && regex.charAt(end) == '?' ? end + 1 : end;
    }
}
