package org.sipward.fail2ban;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The time stamps that a filter of fail2ban recognises, as a regular expression.
 *
 * <p>Our own {@link #FORMATS} read most of them. The others are only skipped, by {@link #any}; such a line counts at
 * the time when it arrives.
 */
final class DatePattern {
    /** Our formats, the frequent first; the last one is for lines without a stamp, or with a skipped one. */
    static final List<String> FORMATS = List.of("syslog", "iso8601", "asterisk", "rfc5424", "none");

    private static final String TIME = "\\d{1,2}:\\d{2}:\\d{2}(?:[.,]\\d+)?";
    private static final String MONTH = "[A-Z][a-z]{2}";

    /** The stamps that fail2ban knows by default. */
    private static final List<String> USUAL = List.of(
            "\\d{4}[-/.]\\d{2}[-/.]\\d{2}(?:T|  ?)" + TIME + "(?:\\s*(?:Z|[+-]\\d{2}:?\\d{2}))?",
            "(?:(?:[A-Z]{3,4}|[+-]\\d{2}:?\\d{2}) )?(?:" + MONTH + " )?" + MONTH + " [ \\d]\\d (?:\\d{4} )?" + TIME
                    + "(?: \\d{4})?",
            "\\d{1,2}[-/](?:\\d{2}|" + MONTH + ")[-/](?:\\d{4}|\\d{2})[ :]?" + TIME + "(?: [+-]\\d{4})?",
            "\\d{10,11}\\b(?:\\.\\d{3,6})?",
            "\\d{6}  ?" + TIME,
            MONTH + " \\d{1,2}, \\d{4} " + TIME + " [AP]M",
            MONTH + "-\\d{2}-\\d{2} " + TIME,
            "\\d{8}(?:T|  ?)\\d{6}(?:[.,]\\d+)?",
            "<\\d{2}/\\d{2}/\\d{2}@" + TIME + ">",
            "@[0-9a-f]{24}",
            TIME);

    private static final Map<Character, String> DIRECTIVES = Map.ofEntries(
            Map.entry('Y', "\\d{4}"),
            Map.entry('y', "\\d{2}"),
            Map.entry('m', "\\d{1,2}"),
            Map.entry('d', "[ \\d]?\\d"),
            Map.entry('b', "[A-Za-z]{3}"),
            Map.entry('B', "[A-Za-z]{3,9}"),
            Map.entry('a', "[A-Za-z]{3}"),
            Map.entry('A', "[A-Za-z]{6,9}"),
            Map.entry('H', "\\d{1,2}"),
            Map.entry('I', "\\d{1,2}"),
            Map.entry('k', "[ \\d]?\\d"),
            Map.entry('l', "[ \\d]?\\d"),
            Map.entry('M', "\\d{1,2}"),
            Map.entry('S', "\\d{1,2}"),
            Map.entry('f', "\\d{1,9}"),
            Map.entry('p', "[AaPp][Mm]"),
            Map.entry('z', "(?:Z|[+-]\\d{2}:?\\d{2})"),
            Map.entry('Z', "[A-Z]{3,5}"),
            Map.entry('j', "\\d{3}"),
            Map.entry('s', "\\d{10}"));

    private static final Pattern GROUP = Pattern.compile("(?<!\\\\)\\((?!\\?)");

    private DatePattern() {}

    /** Returns a pattern, in Python's syntax, for the stamps of this {@code datepattern}, and for the usual ones. */
    static String any(String datepattern) {
        List<String> all = new ArrayList<>();
        for (String line : datepattern.lines().toList()) {
            String plain = line.strip()
                    .replaceFirst("^\\{(?:\\^LN-BEG|UNB|NONE)\\}", "")
                    .replaceFirst("^\\^", "");
            boolean own = plain.contains("%") || plain.contains("{");
            if (own && !plain.matches("\\{(?i:DATE|DEFAULT)\\}")) {
                all.add(directives(cut(plain)));
            }
        }
        all.addAll(USUAL);
        return "(?:" + String.join("|", all) + ")";
    }

    /** Returns the group of the pattern, if it has one: fail2ban cuts only that out of the line. */
    private static String cut(String pattern) {
        String text = pattern.replace("()**", "").replace("**", "");
        Matcher group = GROUP.matcher(text);
        int depth = 0;
        for (int i = group.find() ? group.start() : text.length(); i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '(') {
                depth++;
            } else if (c == ')' && --depth == 0) {
                return text.substring(group.start() + 1, i);
            }
        }
        return text;
    }

    private static String directives(String pattern) {
        StringBuilder out = new StringBuilder();
        String usual = "(?:" + String.join("|", USUAL) + ")";
        String text = pattern.replaceAll("(?<!\\\\)\\((?!\\?)", "(?:");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%' && i + 1 < text.length()) {
                i += text.startsWith("%Ex", i) && i + 3 < text.length() ? 3 : 1;
                out.append(DIRECTIVES.getOrDefault(text.charAt(i), "\\S+"));
            } else if (text.regionMatches(true, i, "{DATE}", 0, 6)) {
                out.append(usual);
                i += 5;
            } else if (text.regionMatches(true, i, "{EPOCH}", 0, 7) || text.regionMatches(true, i, "{LEPOCH}", 0, 8)) {
                out.append("\\d{10,16}(?:\\.\\d{3,6})?");
                i = text.indexOf('}', i);
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }
}
