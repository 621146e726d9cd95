package org.sipward.time;

import java.time.Duration;
import java.time.Instant;

/**
 * The time at which a task is due: a pause after it was done last. If the clock was set back to before the pause began,
 * the task is due at once; otherwise an hour set back would add an hour to the pause.
 *
 * <p>Immutable and thread-safe.
 *
 * @param since when the pause began
 * @param pause how long it lasts
 */
public record Due(Instant since, Duration pause) {
    /** The time of a task that was never done: always due. */
    public static final Due NOW = new Due(Instant.EPOCH, Duration.ZERO);

    /** Returns whether the pause is over. */
    public boolean hasCome(Instant now) {
        return left(now).isZero();
    }

    /** Returns how long the pause still lasts; zero once it is over. */
    public Duration left(Instant now) {
        Duration passed = Duration.between(since, now);
        boolean early = !passed.isNegative() && passed.compareTo(pause) < 0;
        return early ? pause.minus(passed) : Duration.ZERO;
    }
}
