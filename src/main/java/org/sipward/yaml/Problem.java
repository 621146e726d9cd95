package org.sipward.yaml;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One error or warning in a file that the operator wrote.
 *
 * <p>Its texts can be printed: they hold no control or formatting characters, and long texts are cut off.
 *
 * @param file the file with the problem
 * @param line the line, from 1; 0 if it concerns the file as a whole
 * @param path the keys that lead to it, as in {@code jails.asterisk.maxretry}; empty for the file as a whole
 * @param value the value that is written there; empty if there is none, or if it could be a secret
 * @param what what is wrong
 * @param fix how to fix it
 */
public record Problem(Path file, int line, String path, String value, String what, String fix) {
    private static final int MAX_CHARS = 300;

    public Problem {
        path = printable(path);
        value = printable(value);
        what = printable(what);
        fix = printable(fix);
    }

    /**
     * Returns the parts by their names, for programs.
     *
     * @param severity {@code error} or {@code warning}
     */
    public Map<String, Object> row(String severity) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("severity", severity);
        row.put("file", file);
        row.put("line", line);
        row.put("path", path);
        row.put("value", value);
        row.put("what", what);
        row.put("fix", fix);
        return row;
    }

    /** Returns {@code FILE:LINE: PATH: VALUE: what; fix}, without the parts that are empty. */
    @Override
    public String toString() {
        String place = line > 0 ? file + ":" + line : file.toString();
        return Stream.of(place, path, value, what)
                        .filter(part -> !part.isEmpty())
                        .collect(Collectors.joining(": "))
                + (fix.isEmpty() ? "" : "; " + fix);
    }

    private static String printable(String text) {
        StringBuilder shown = new StringBuilder(Math.min(text.length(), MAX_CHARS + 1));
        for (int i = 0; i < text.length(); ) {
            if (shown.length() >= MAX_CHARS) {
                return shown.append('…').toString();
            }
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            switch (Character.getType(c)) {
                // These could move a terminal's cursor, begin a line, or reverse the direction of the text.
                case Character.CONTROL,
                        Character.FORMAT,
                        Character.SURROGATE,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR -> shown.append(String.format("\\u%04x", c));
                default -> shown.appendCodePoint(c);
            }
        }
        return shown.toString();
    }
}
