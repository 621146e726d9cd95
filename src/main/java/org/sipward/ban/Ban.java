package org.sipward.ban;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.sipward.net.Network;

/**
 * A ban: no packet from this network gets through from {@code since} until {@code until}.
 *
 * @param network a host, the /64 of an IPv6 host, or a prefix that the operator or a feed named or that a campaign
 *     came from
 * @param origin who asked for it
 * @param since the time of the deciding failure, or of the command or listing, to the millisecond
 * @param until when the ban ends, to the millisecond; {@link #FOREVER} if it never ends
 * @param count how often this network has been banned for its own failures, this time included; 1 for feeds and the
 *     operator, 0 for a ban that does not count because its evidence is weak or its address is trusted
 * @param reason why, in words, without anything that an attacker wrote
 */
public record Ban(Network network, Origin origin, Instant since, Instant until, int count, String reason) {
    /** The end of a ban that never ends: late enough for any clock, and a time that every store holds exactly. */
    public static final Instant FOREVER = Instant.parse("9999-12-31T00:00:00Z");

    public Ban {
        since = since.truncatedTo(ChronoUnit.MILLIS);
        until = until.isAfter(FOREVER) ? FOREVER : until.truncatedTo(ChronoUnit.MILLIS);
    }

    /** Returns a ban that begins at {@code time} and lasts as long as this one. */
    public Ban beginningAt(Instant time) {
        Instant end = until.equals(FOREVER) ? FOREVER : until.plus(Duration.between(since, time));
        return new Ban(network, origin, time, end, count, reason);
    }

    /** Returns whether the ban is over at this time. */
    public boolean isOver(Instant now) {
        return !until.isAfter(now);
    }
}
