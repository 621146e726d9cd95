package org.sipward.jail;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Notices when lines that look like failures but accuse nobody come in numbers, or are most of those that come: an attacker
 * hides, or forges lines of others.
 *
 * <p>Time is that at which lines came, in milliseconds since 1970. Memory is a count for each pattern of one filter. Not
 * thread-safe.
 */
final class HidingAlarm {
    /**
     * So many within a minute are worth a word, whatever else comes. Scanners' broken packets and a mistyped name make a
     * handful; an attacker who hides a brute force makes one with each try.
     */
    static final int MANY = 20;
    /** So many are worth a word where they are most of what looks like a failure. */
    static final int SOME = 5;

    static final long MINUTE_MILLIS = 60_000;
    /** As long the trouble is told of a jail, and not logged again. */
    static final long HOUR_MILLIS = 3_600_000;

    private final Map<String, Integer> patterns = new LinkedHashMap<>();
    private int count;
    private int accusing;
    private long minute = Long.MIN_VALUE;
    private long said;
    private String words = "";

    /** Counts a line that accuses somebody. */
    void countAccusing(long arrival) {
        begin(arrival);
        accusing++;
    }

    /** Counts a line that accuses nobody; returns what there is to say, at most once an hour. */
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
                + " see \"When somebody hides\" in the README";
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

    /** Returns what was said within the last hour. */
    Optional<String> trouble(long now) {
        return isSaid(now) ? Optional.of(words) : Optional.empty();
    }

    private boolean isSaid(long now) {
        return !words.isEmpty() && Math.abs(now - said) < HOUR_MILLIS;
    }
}
