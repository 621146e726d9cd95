package org.sipward.filter;

import org.sipward.source.Line;
import org.sipward.stamp.DateReader;

/**
 * What {@code docker compose logs} prints: each line of a service behind its name, in colours on a terminal.
 *
 * <pre>
 * asterisk-1  | [2026-11-22 10:24:17] NOTICE[18089]: text
 * </pre>
 *
 * <p>Behind the name stands what the service printed, byte for byte, so the line is read as if it stood alone; with all that
 * is doubted there. Other services print into the same log, so only names of the filter's server count.
 */
final class ComposeLog {
    private static final int MAX_NAME = 100;
    private static final char ESCAPE = 0x1b;

    private ComposeLog() {}

    /** Returns what the server printed; any other line as it is. */
    static Line unwrap(Line line, ProgramName program) {
        int name = behindColour(line, 0);
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
        return line.rest(behindColour(line, bar + 2));
    }

    private static boolean isName(char c) {
        return c < 0x80 && (Character.isLetterOrDigit(c) || c == '-' || c == '_' || c == '.');
    }

    /** Returns the index behind an ESC sequence for a colour, or the same if there is none. */
    private static int behindColour(Line line, int at) {
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
