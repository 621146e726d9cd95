package org.sipward.time;

import java.time.Duration;
import java.time.Instant;

/**
 * The time when something is due again: a pause after it was last done. If the clock was set back to before the pause
 * began, it is due at once; otherwise a clock set back by an hour would make the pause an hour longer.
 *
 * <p>Immutable and thread-safe.
 *
 * @param since when the pause began
 * @param pause how long it lasts
 */
public record Due(Instant since, Duration pause) {
    /** For something that was never done: always due. */
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
