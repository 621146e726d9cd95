package org.sipward.filter;

import java.time.Instant;
import java.util.Optional;
import org.sipward.net.IpAddress;

/**
 * What a filter read out of a line.
 *
 * @param kind what the line reports
 * @param pattern the name of the pattern that matched
 * @param weight how many failures it counts as; 0 unless the kind is FAILURE
 * @param proven whether the address is proven to be the sender's: false where one packet with a made-up source address can
 *     bring the line about
 * @param excuse what speaks for an honest sender, though the line reports a failure
 * @param address whom the line accuses or praises; empty only if the kind is SUSPICIOUS
 * @param time the line's own time stamp, or empty if it has none
 * @param claims what the sender says of himself
 * @param arrival milliseconds since 1970 at which the line came, see {@link org.sipward.source.Line#arrival}
 * @param isLive whether the line was written just now, see {@link org.sipward.source.Line#isLive}
 */
public record Match(
        Kind kind,
        String pattern,
        int weight,
        boolean proven,
        Excuse excuse,
        Optional<IpAddress> address,
        Optional<Instant> time,
        Claims claims,
        long arrival,
        boolean isLive) {
    /** What a line can report. */
    public enum Kind {
        FAILURE,
        SUCCESS,
        /** Looks like a failure, but two addresses could be read out of it, or none: it accuses nobody. */
        SUSPICIOUS
    }

    /** What honest servers and phones do that a line reports as a failure. */
    public enum Excuse {
        /** Nothing that the line tells. */
        NONE,
        /** It may be a keep-alive of a server that is not known here: it names no password, and asks for nothing. */
        PING,
        /** It may be a phone's answer to a challenge of before, which is followed by the right one. */
        STALE
    }

    /** Returns the same for a line that may have been written by a sender: it accuses nobody, and praises nobody. */
    Match disbelieved() {
        return suspicious(pattern, time, arrival, isLive);
    }

    /** Returns the same for a line that a sender may have written of himself, from whatever address. */
    Match unproven() {
        return new Match(kind, pattern, weight, false, excuse, address, time, claims, arrival, isLive);
    }

    static Match suspicious(String pattern, Optional<Instant> time, long arrival, boolean isLive) {
        return new Match(
                Kind.SUSPICIOUS, pattern, 0, false, Excuse.NONE, Optional.empty(), time, Claims.NONE, arrival, isLive);
    }
}
