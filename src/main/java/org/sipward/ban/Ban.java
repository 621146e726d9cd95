package org.sipward.ban;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.sipward.net.Network;

/**
 * A ban: nothing of this network gets through from {@code since} until {@code until}.
 *
 * @param network a host, the /64 of an IPv6 host, or a prefix that the operator or a feed named or that a campaign came from
 * @param origin who asked for it
 * @param since the time of the deciding failure, or of the command or listing, to the millisecond
 * @param until when it ends, to the millisecond; {@link #FOREVER} for never
 * @param count how often this network has been banned by its own doing, this time included; 1 for feeds and the operator,
 *     0 for a ban that does not count: what it is for proves little, or its address is trusted
 * @param reason in words, without anything that an attacker wrote
 */
public record Ban(Network network, Origin origin, Instant since, Instant until, int count, String reason) {
    /** The end of a ban that has none: late enough for any clock, and an exact time in every store. */
    public static final Instant FOREVER = Instant.parse("9999-12-31T00:00:00Z");

    public Ban {
        since = since.truncatedTo(ChronoUnit.MILLIS);
        until = until.isAfter(FOREVER) ? FOREVER : until.truncatedTo(ChronoUnit.MILLIS);
    }

    /** Returns the ban that begins at another time and lasts as long. */
    public Ban beginningAt(Instant time) {
        Instant end = until.equals(FOREVER) ? FOREVER : until.plus(Duration.between(since, time));
        return new Ban(network, origin, time, end, count, reason);
    }

    /** Returns whether the ban is over at this time. */
    public boolean isOver(Instant now) {
        return !until.isAfter(now);
    }
}
