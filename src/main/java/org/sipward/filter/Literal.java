package org.sipward.filter;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.sipward.source.Line;
import org.sipward.stamp.DateReader;

/**
 * Text that must stand in a line, or a pattern cannot match it: the pattern's runs of plain characters outside of
 * groups, classes and repetitions. Of {@code ^Failed (?:for )?user [a-z]+ from} these are {@code "Failed "},
 * {@code "user "} and {@code " from"}, in this order.
 */
final class Literal {
    private static final int MIN_CHARS = 3;

    private final List<byte[]> runs;

    private Literal(List<String> runs) {
        this.runs = runs.stream()
                .map(run -> run.getBytes(StandardCharsets.ISO_8859_1))
                .toList();
    }

    /** Returns the literal of a regular expression. If nothing is certain, it is empty, so every line has it. */
    static Literal of(String regex) {
        if (regex.contains("(?i") || regex.contains("(?-") || regex.contains("\\Q")) {
            return new Literal(List.of());
        }
        List<String> runs = new ArrayList<>();
        StringBuilder run = new StringBuilder();
        int at = 0;
        while (at < regex.length()) {
            char c = regex.charAt(at);
            int end = at + 1;
            int plain = -1;
            if (c == '|') {
                // With an alternative at the top level, nothing is certain.
                return new Literal(List.of());
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
                runs.add(run.toString());
                run.setLength(0);
            }
            at = repeat;
        }
        runs.add(run.toString());
        runs.removeIf(text -> text.length() < MIN_CHARS);
        return new Literal(runs);
    }

    /** Returns whether the runs stand in the line, in their order. */
    boolean isIn(Line line) {
        int at = line.from();
        for (byte[] run : runs) {
            int start = find(run, line.buffer(), at, line.to());
            if (start < 0) {
                return false;
            }
            at = start + run.length;
        }
        return true;
    }

    @Override
    public String toString() {
        return runs.stream()
                .map(run -> new String(run, StandardCharsets.ISO_8859_1))
                .collect(Collectors.joining("*"));
    }

    private static int find(byte[] run, byte[] buffer, int from, int to) {
        byte first = run[0];
        int last = to - run.length;
        for (int i = from; i <= last; i++) {
            if (buffer[i] == first && matchesAt(run, buffer, i)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean matchesAt(byte[] run, byte[] buffer, int at) {
        for (int i = 1; i < run.length; i++) {
            if (buffer[at + i] != run[i]) {
                return false;
            }
        }
        return true;
    }

    /** Returns the index behind the escape that begins here: of a character, a number in hex or octal, or a class. */
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
        // As the first character, a closing bracket stands for itself.
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
