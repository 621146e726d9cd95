package org.sipward.jail;

import java.time.Duration;
import org.sipward.filter.Match;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides when the lines of a jail's logs were written: by their time stamps, if these can be believed. Not
 * thread-safe: the jail holds the budget's monitor.
 */
final class Stamps {
    /** How far a time stamp may differ from this machine's clock. */
    static final Duration ABSURD = Duration.ofMinutes(5);

    private static final long ABSURD_MILLIS = ABSURD.toMillis();
    private static final Logger log = LoggerFactory.getLogger(Stamps.class);

    private final String jail;
    private boolean trusted;
    private boolean absurdSaid;

    /** Takes the name of the jail, for messages. */
    Stamps(String jail) {
        this.jail = jail;
    }

    /** Believes every stamp from now on. */
    void trust() {
        trusted = true;
    }

    /** Returns whether every stamp is believed. */
    boolean areTrusted() {
        return trusted;
    }

    /** Returns when a line was written, in milliseconds since 1970. */
    long millis(Match match) {
        long arrival = match.arrival();
        if (match.time().isEmpty()) {
            return arrival;
        }
        long stamp = match.time().get().toEpochMilli();
        boolean absurd = stamp - arrival > ABSURD_MILLIS || (match.isLive() && arrival - stamp > ABSURD_MILLIS);
        if (!absurd || trusted) {
            return stamp;
        }
        if (!absurdSaid) {
            absurdSaid = true;
            log.warn(
                    "jail {}: time stamps differ from this machine's clock by {} s; lines are judged by their arrival; "
                            + "set timezone, or fix the clock",
                    jail,
                    Math.floorDiv(stamp - arrival, 1000L));
        }
        return arrival;
    }
}
