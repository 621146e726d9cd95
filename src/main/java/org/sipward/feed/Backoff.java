package org.sipward.feed;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * The waits after failures in a row. A wait doubles up to a limit, and is up to a quarter longer at random, so that
 * many machines do not retry together.
 */
final class Backoff {
    /** The longest wait that a server can ask for. */
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
     * @param asked the server's {@code Retry-After}; it counts if it is longer, up to an hour
     */
    Duration next(Optional<Duration> asked) {
        Duration wait = next;
        next = shorter(next.multipliedBy(2), most);
        Duration wanted = asked.map(time -> shorter(time, LONGEST_ASKED)).orElse(wait);
        return stretch(wanted.compareTo(wait) > 0 ? wanted : wait);
    }

    /** Starts again with the first wait, after a success. */
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
