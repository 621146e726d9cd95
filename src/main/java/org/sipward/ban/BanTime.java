package org.sipward.ban;

import java.time.Duration;
import java.time.Instant;

/**
 * How long a jail's bans last.
 *
 * @param first how long the first ban of an address lasts
 * @param increment whether each further ban lasts twice as long as the ban before it
 * @param max the longest time of a ban; not below {@code first}
 */
public record BanTime(Duration first, boolean increment, Duration max) {
    private static final Duration PERMANENT = Duration.ofDays(36_500);

    public BanTime {
        if (first.isNegative() || first.isZero() || max.compareTo(first) < 0) {
            throw new IllegalArgumentException("ban time is " + first + ", at most " + max);
        }
    }

    /** Returns the end of a {@code count}-th ban; {@link Ban#FOREVER} if it lasts a hundred years or more. */
    public Instant end(Instant since, int count) {
        Duration time = of(count);
        return time.compareTo(PERMANENT) < 0 ? since.plus(time) : Ban.FOREVER;
    }

    /** Returns how long the {@code count}-th ban of an address lasts; the first is number 1. */
    public Duration of(int count) {
        Duration time = first;
        for (int i = 1; increment && i < count && time.compareTo(max) < 0; i++) {
            time = time.multipliedBy(2);
        }
        return time.compareTo(max) < 0 ? time : max;
    }
}
