package org.sipward.source.live;

import java.time.Duration;

/**
 * Sets how long a source waits for the other side.
 *
 * @param answer for a connection, and for each answer during login
 * @param silence until the other side is asked whether it is still alive, and then as long again for its answer
 * @param pause after which a message is complete; a server writes a message in one go
 * @param firstPause before the second attempt; it doubles with each further attempt
 * @param longestPause the longest pause between attempts; also the pause after a refusal
 */
record Timeouts(Duration answer, Duration silence, Duration pause, Duration firstPause, Duration longestPause) {
    /**
     * The values for normal use: a server that restarts is found again within seconds, and a dead one costs nothing.
     */
    static final Timeouts USUAL = new Timeouts(
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofMinutes(1));
}
