package org.sipward.regex;

import java.util.Optional;

/**
 * The count of a repetition: {@code {n}}, {@code {n,}} or {@code {n,m}}.
 *
 * @param max -1 for no limit
 */
record Count(int min, int max) {
    private static final int MOST = 1000;

    /**
     * Returns the index after the count that begins with the brace at an index, or -1 if it is only a literal brace.
     */
    static int end(String regex, int brace) {
        int end = digitsEnd(regex, brace + 1);
        if (end == brace + 1) {
            return -1;
        }
        if (end < regex.length() && regex.charAt(end) == ',') {
            end = digitsEnd(regex, end + 1);
        }
        return end < regex.length() && regex.charAt(end) == '}' ? end + 1 : -1;
    }

    /** Returns the count that begins with the brace at an index, or empty if it is out of bounds. */
    static Optional<Count> read(String regex, int brace) {
        String[] counts = regex.substring(brace + 1, end(regex, brace) - 1).split(",", -1);
        int min = number(counts[0]);
        int max = counts.length == 1 ? min : counts[1].isEmpty() ? -1 : number(counts[1]);
        boolean isOrdered = max == -1 || min <= max;
        return min <= MOST && max <= MOST && isOrdered ? Optional.of(new Count(min, max)) : Optional.empty();
    }

    private static int number(String digits) {
        return digits.length() > 4 ? MOST + 1 : Integer.parseInt(digits);
    }

    private static int digitsEnd(String regex, int start) {
        int end = start;
        while (end < regex.length() && regex.charAt(end) >= '0' && regex.charAt(end) <= '9') {
            end++;
        }
        return end;
    }
}
