package org.sipward.jail;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Notices when lines that accuse nobody come in numbers: somebody hides his failures, or forges those of others.
 *
 * <p>Time is that at which lines came, in milliseconds since 1970. Memory is a count for each pattern of one filter. Not
 * thread-safe.
 */
final class Hiding {
    /**
     * So many within a minute are worth a word. Scanners' broken packets and a mistyped name make a handful; who hides a
     * brute force makes one with each try, and slower than one in three seconds it is hardly worth hiding.
     */
    static final int MANY = 20;

    static final long MINUTE_MILLIS = 60_000;
    /** As long it is said of a jail that somebody hides, and not said again. */
    static final long HOUR_MILLIS = 3_600_000;

    private final Map<String, Integer> patterns = new LinkedHashMap<>();
    private int count;
    private long minute = Long.MIN_VALUE;
    private long said;
    private String words = "";

    /** Counts a line; returns what there is to say, at most once an hour. */
    Optional<String> count(String pattern, long arrival) {
        if (minute == Long.MIN_VALUE || Math.abs(arrival - minute) >= MINUTE_MILLIS) {
            minute = arrival;
            count = 0;
            patterns.clear();
        }
        count++;
        patterns.merge(pattern, 1, Integer::sum);
        if (count < MANY || isSaid(arrival)) {
            return Optional.empty();
        }
        said = arrival;
        words = count + " lines within a minute accuse nobody though they look like failures ("
                + patterns.entrySet().stream()
                        .map(entry -> entry.getValue() + " " + entry.getKey())
                        .collect(Collectors.joining(", "))
                + "): somebody hides, or forges lines; see \"When somebody hides\" in the README";
        return Optional.of(words);
    }

    /** Returns what was said within the last hour. */
    Optional<String> trouble(long now) {
        return isSaid(now) ? Optional.of(words) : Optional.empty();
    }

    private boolean isSaid(long now) {
        return !words.isEmpty() && Math.abs(now - said) < HOUR_MILLIS;
    }
}
