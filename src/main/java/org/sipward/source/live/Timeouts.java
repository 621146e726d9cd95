package org.sipward.source.live;

import java.time.Duration;

/**
 * How long a source waits for the other side.
 *
 * @param answer for a connection, and for each answer while it is made
 * @param silence until the other side is asked whether it still lives, and then once more for its answer
 * @param pause that ends a message; a server writes one at once
 * @param firstPause before the second attempt; doubles with each further one
 * @param longestPause between attempts, and after one that was refused
 */
record Timeouts(Duration answer, Duration silence, Duration pause, Duration firstPause, Duration longestPause) {
    /** What serves in operation: a server that restarts is found again within seconds, one that is gone costs nothing. */
    static final Timeouts USUAL = new Timeouts(
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofMinutes(1));
}
