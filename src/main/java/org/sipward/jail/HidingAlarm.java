package org.sipward.jail;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Notices when many lines that look like failures, or most of them, name no usable address: an attacker hides, or
 * forges lines.
 *
 * <p>Times are arrival times, in milliseconds since 1970. Memory: one count for each pattern of one filter. Not
 * thread-safe.
 */
final class HidingAlarm {
    /**
     * This many lines within a minute raise the alarm, whatever other lines come. Scanners' broken packets and a
     * mistyped name cause a handful; an attacker who hides a brute force causes one with each try.
     */
    static final int MANY = 20;
    /** This many lines raise the alarm if they are most of the lines that look like failures. */
    static final int SOME = 5;

    static final long MINUTE_MILLIS = 60_000;
    /** How long a jail's trouble is shown, and not logged again. */
    static final long HOUR_MILLIS = 3_600_000;

    private final Map<String, Integer> patterns = new LinkedHashMap<>();
    private int count;
    private int accusing;
    private long minute = Long.MIN_VALUE;
    private long said;
    private String words = "";

    /** Counts a failure that names a usable address. */
    void countAccusing(long arrival) {
        begin(arrival);
        accusing++;
    }

    /** Counts a line that looks like a failure but names no usable address. Returns the alarm, at most once an hour. */
    Optional<String> count(String pattern, long arrival) {
        begin(arrival);
        count++;
        patterns.merge(pattern, 1, Integer::sum);
        boolean most = count >= SOME && count > accusing;
        if (!(most || count >= MANY) || isSaid(arrival)) {
            return Optional.empty();
        }
        said = arrival;
        words = count + " of " + (count + accusing)
                + " lines in one minute that look like failures name no usable address ("
                + patterns.entrySet().stream()
                        .map(entry -> entry.getValue() + " " + entry.getKey())
                        .collect(Collectors.joining(", "))
                + "): an attacker hides or forges log lines, and may not be banned; the other lines still count;"
                + " see \"When somebody hides\" in forged-lines.md";
        return Optional.of(words);
    }

    private void begin(long arrival) {
        if (minute == Long.MIN_VALUE || Math.abs(arrival - minute) >= MINUTE_MILLIS) {
            minute = arrival;
            count = 0;
            accusing = 0;
            patterns.clear();
        }
    }

    /** Returns the alarm of the last hour. */
    Optional<String> trouble(long now) {
        return isSaid(now) ? Optional.of(words) : Optional.empty();
    }

    private boolean isSaid(long now) {
        return !words.isEmpty() && Math.abs(now - said) < HOUR_MILLIS;
    }
}
