package org.sipward.feed;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

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

    private final Deque<Instant> taken = new ArrayDeque<>();
    private Instant heldSince = Instant.MIN;
    private Instant heldUntil = Instant.MIN;

    /** Returns how long a request must wait so that at most {@code limit} are in the window; zero if it may go now. */
    synchronized Duration wait(Instant now, int limit) {
        // A time in the future means that the clock was set back; it must not stop us for as long.
        taken.removeIf(time -> time.isAfter(now) || !time.plus(WINDOW).isAfter(now));
        Duration held =
                heldUntil.isAfter(now) && !heldSince.isAfter(now) ? Duration.between(now, heldUntil) : Duration.ZERO;
        if (taken.size() < limit) {
            return held;
        }
        Instant oldest =
                taken.stream().skip(taken.size() - (long) limit).findFirst().orElse(now);
        Duration full = Duration.between(now, oldest.plus(WINDOW));
        return full.compareTo(held) > 0 ? full : held;
    }

    /** Counts a request that goes now, and returns true; or returns false if it must wait. */
    synchronized boolean take(Instant now, int limit) {
        if (!wait(now, limit).isZero()) {
            return false;
        }
        taken.addLast(now);
        return true;
    }

    /** Holds back all requests for this long: the server reported too many. */
    synchronized void hold(Instant now, Duration time) {
        heldSince = now;
        heldUntil = now.plus(time);
    }
}
