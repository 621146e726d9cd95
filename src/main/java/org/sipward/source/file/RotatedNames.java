package org.sipward.source.file;

import java.math.BigInteger;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Knows the names that logrotate, syslog daemons and the servers' own rotation give to a log's older files:
 * {@code messages.1}, {@code messages.2.gz}, {@code messages-20261122}, {@code messages-20261122.log},
 * {@code freeswitch.log.2026-11-22-10-55-01.1}, {@code full.old}.
 */
final class RotatedNames {
    private static final Pattern COMPRESSED = Pattern.compile(".+\\.(?:gz|xz|bz2|zst|lz4|lzma|zip|Z)");

    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,40}");

    private static final Pattern DIGITS_OR_NOT = Pattern.compile("[0-9]+|[^0-9]+");

    private final String stem;
    private final Pattern rotated;

    /** Takes the log's name, without its directory. */
    RotatedNames(String name) {
        int dot = name.lastIndexOf('.');
        stem = dot > 0 ? name.substring(0, dot) : name;
        String extension = dot > 0 ? name.substring(dot) : "";
        String numbered = Pattern.quote(name) + "(?:[._-]\\d[\\w.:+-]*|\\.old)";
        // Eight digits at least, so that app-1.log is not taken for an older app.log.
        String dated = Pattern.quote(stem) + "[._-]?\\d{4}-?\\d\\d-?\\d\\d[\\w.:+-]*" + Pattern.quote(extension);
        rotated = Pattern.compile("(?:" + numbered + "|" + dated + ")(?:\\.gz)?");
    }

    /** Returns whether this is the name of an older file of the log, plain or gzipped. */
    boolean match(String name) {
        return name.startsWith(stem) && rotated.matcher(name).matches();
    }

    /** Returns whether this is the name of a compressed file; no server writes its log to such a file. */
    static boolean isCompressed(String name) {
        return COMPRESSED.matcher(name).matches();
    }

    /** Returns whether this is the name of an older file of any log that {@code isLog} knows. */
    static boolean isOlder(String name, Predicate<String> isLog) {
        int dot = name.lastIndexOf('.');
        String extension = dot > 0 ? name.substring(dot) : "";
        for (int i = 1; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '.' || c == '-' || c == '_' || Character.isDigit(c)) {
                String stem = name.substring(0, i);
                for (String log : List.of(stem, stem + extension)) {
                    if (!log.equals(name) && isLog.test(log) && new RotatedNames(log).match(name)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /**
     * Compares names of one log's older files by the numbers in them, as numbers: {@code messages.9} is before
     * {@code messages.10}, {@code messages-20261122} before {@code messages-20261123.gz}.
     */
    static int compare(String one, String other) {
        Matcher ones = DIGITS.matcher(one);
        Matcher others = DIGITS.matcher(other);
        while (true) {
            boolean more = ones.find();
            if (!more || !others.find()) {
                return more ? 1 : others.find() ? -1 : 0;
            }
            int difference = new BigInteger(ones.group()).compareTo(new BigInteger(others.group()));
            if (difference != 0) {
                return difference;
            }
        }
    }

    /** Returns a pattern for the names that differ from this name in numbers only, such as a date. */
    static Pattern sameButForDigits(String name) {
        StringBuilder regex = new StringBuilder();
        Matcher part = DIGITS_OR_NOT.matcher(name);
        while (part.find()) {
            regex.append(Character.isDigit(part.group().charAt(0)) ? "\\d+" : Pattern.quote(part.group()));
        }
        return Pattern.compile(regex.toString());
    }
}
