package org.sipward.feed;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.sipward.time.Due;

/**
 * Keeps requests under APIBAN's limit of 11 in two minutes for a key: one less for polls, so that the operator can
 * still check an address.
 *
 * <p>Thread-safe. Remembers at most eleven times.
 */
final class RateLimit {
    static final int POLLS = 10;
    static final int ALL = 11;
    static final Duration WINDOW = Duration.ofMinutes(2);

    /** For each of the latest requests, the time when it no longer counts. */
    private final Deque<Due> taken = new ArrayDeque<>();

    private Due held = Due.NOW;

    /** Returns how long a request must wait so that at most {@code limit} are in the window; zero if it may go now. */
    synchronized Duration wait(Instant now, int limit) {
        taken.removeIf(due -> due.hasCome(now));
        Duration wait = held.left(now);
        if (taken.size() < limit) {
            return wait;
        }
        Due oldest =
                taken.stream().skip(taken.size() - (long) limit).findFirst().orElse(Due.NOW);
        Duration full = oldest.left(now);
        return full.compareTo(wait) > 0 ? full : wait;
    }

    /** Counts a request that goes now, and returns true; or returns false if it must wait. */
    synchronized boolean take(Instant now, int limit) {
        if (!wait(now, limit).isZero()) {
            return false;
        }
        taken.addLast(new Due(now, WINDOW));
        return true;
    }

    /** Holds back all requests for this long: the server reported too many. */
    synchronized void hold(Instant now, Duration time) {
        held = new Due(now, time);
    }
}
