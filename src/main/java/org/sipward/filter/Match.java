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
 * @param proven whether the address is proven to be the caller's: false if one packet with a made-up source address can
 *     cause the line
 * @param excuse why the caller may be honest, though the line reports a failure
 * @param address the caller's address, which has failed or succeeded; empty only if the kind is SUSPICIOUS
 * @param time the line's own time stamp, or empty if it has none
 * @param claims what the caller says about themselves
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
    /** The kinds of report. */
    public enum Kind {
        FAILURE,
        SUCCESS,
        /**
         * The line looks like a failure, but no single address can be read out of it, or a caller may have written it.
         */
        SUSPICIOUS
    }

    /** Reasons why a line may report a failure of an honest server or phone. */
    public enum Excuse {
        /** The line shows no such reason. */
        NONE,
        /** It may be the keep-alive of a server that is not known here: it has no password, and asks for nothing. */
        PING,
        /** It may be a phone's answer to an old challenge; the right answer follows. */
        STALE
    }

    /** Returns the same for a line that a caller may have written: it counts against no address, and for none. */
    Match disbelieved() {
        return suspicious(pattern, time, arrival, isLive);
    }

    /** Returns the same for a line that a caller may have written about themselves, from a made-up address. */
    Match unproven() {
        return new Match(kind, pattern, weight, false, excuse, address, time, claims, arrival, isLive);
    }

    static Match suspicious(String pattern, Optional<Instant> time, long arrival, boolean isLive) {
        return new Match(
                Kind.SUSPICIOUS, pattern, 0, false, Excuse.NONE, Optional.empty(), time, Claims.NONE, arrival, isLive);
    }
}
