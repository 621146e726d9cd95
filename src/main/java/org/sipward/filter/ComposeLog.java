package org.sipward.filter;

import org.sipward.source.Line;
import org.sipward.stamp.DateReader;

/**
 * Unwraps the lines of {@code docker compose logs}, which puts the name of a service in front of each line, in colours
 * if it prints on a terminal.
 *
 * <pre>
 * asterisk-1  | [2026-11-22 10:24:17] NOTICE[18089]: text
 * </pre>
 *
 * <p>Other services print into the same log, so only names of the filter's server count. Behind the name stands exactly
 * what the server printed: it is read, and doubted, as in a log of that server alone.
 */
final class ComposeLog {
    private static final int MAX_NAME = 100;
    private static final char ESCAPE = 0x1b;

    private ComposeLog() {}

    /** Returns what the server printed. Returns any other line as it is. */
    static Line unwrap(Line line, ProgramName program) {
        int name = afterColour(line, 0);
        int end = name;
        while (end < line.length() && end - name < MAX_NAME && isName(line.charAt(end))) {
            end++;
        }
        int bar = end;
        while (bar < line.length() && bar - name < MAX_NAME && line.charAt(bar) == ' ') {
            bar++;
        }
        boolean isPrefix = end > name
                && bar > end
                && bar + 1 < line.length()
                && line.charAt(bar) == '|'
                && line.charAt(bar + 1) == ' ';
        if (!isPrefix || !program.isNamed(line.subSequence(name, end).toString())) {
            return line;
        }
        return line.rest(afterColour(line, bar + 2));
    }

    private static boolean isName(char c) {
        return c < 0x80 && (Character.isLetterOrDigit(c) || c == '-' || c == '_' || c == '.');
    }

    /** Returns the index after an ESC sequence for a colour, or the same index if there is no such sequence. */
    private static int afterColour(Line line, int at) {
        if (at + 1 >= line.length() || line.charAt(at) != ESCAPE || line.charAt(at + 1) != '[') {
            return at;
        }
        int end = at + 2;
        while (end < line.length() && (DateReader.isDigit(line.charAt(end)) || line.charAt(end) == ';')) {
            end++;
        }
        return end < line.length() && line.charAt(end) == 'm' ? end + 1 : at;
    }
}
