package org.sipward.ban;

import java.time.Duration;

/**
 * How long a jail's bans last.
 *
 * @param first the length of an address's first ban
 * @param increment whether each further one lasts twice as long as the one before
 * @param max the longest; not below {@code first}
 */
public record BanTime(Duration first, boolean increment, Duration max) {
    public BanTime {
        if (first.isNegative() || first.isZero() || max.compareTo(first) < 0) {
            throw new IllegalArgumentException("ban time is " + first + ", at most " + max);
        }
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
