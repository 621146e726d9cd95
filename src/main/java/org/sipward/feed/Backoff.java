package org.sipward.feed;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Waits after failures in a row: doubling, up to a limit, and up to a quarter longer by chance so that a fleet spreads. */
final class Backoff {
    /** The longest that a server may make us wait, whatever it says. */
    static final Duration LONGEST_ASKED = Duration.ofHours(1);

    private final Duration first;
    private final Duration most;
    private final RandomGenerator random;
    private Duration next;

    Backoff(Duration first, Duration most, RandomGenerator random) {
        this.first = first;
        this.most = most;
        this.random = random;
        this.next = first;
    }

    /**
     * Returns how long to wait after one more failure.
     *
     * @param asked what the server's {@code Retry-After} said; counts where it is longer, up to an hour
     */
    Duration next(Optional<Duration> asked) {
        Duration wait = next;
        next = shorter(next.multipliedBy(2), most);
        Duration wanted = asked.map(time -> shorter(time, LONGEST_ASKED)).orElse(wait);
        return stretch(wanted.compareTo(wait) > 0 ? wanted : wait);
    }

    /** Begins anew: something went well. */
    void reset() {
        next = first;
    }

    private Duration stretch(Duration wait) {
        return wait.plusMillis((long) (wait.toMillis() / 4.0 * random.nextDouble()));
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
