package org.sipward.store;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps messages about data that was found lost when the store was opened. Logs them as errors, and shows them for a
 * day. Thread-safe.
 */
final class Losses {
    private static final Logger log = LoggerFactory.getLogger(Losses.class);
    private static final Duration SHOWN = Duration.ofDays(1);
    private static final int MOST = 10;

    private final Clock clock;
    private final List<String> words = new ArrayList<>();
    private Instant last = Instant.MIN;

    Losses(Clock clock) {
        this.clock = clock;
    }

    synchronized void add(String what) {
        log.error("store: {}", what);
        last = clock.instant();
        if (words.size() < MOST) {
            words.add(what + " (found at " + last.truncatedTo(ChronoUnit.SECONDS) + ")");
        }
    }

    /** Returns the messages, if the last loss was found within a day. */
    synchronized List<String> recent() {
        Instant now = clock.instant();
        boolean isRecent = !last.isBefore(now.minus(SHOWN)) && !last.isAfter(now.plus(SHOWN));
        return isRecent ? List.copyOf(words) : List.of();
    }
}
