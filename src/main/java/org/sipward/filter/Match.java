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
 * @param address whom the line accuses or praises; empty only if the kind is SUSPICIOUS
 * @param time the line's own time stamp, or empty if it has none
 * @param user the account, if the pattern captures one as {@code <F-USER>}; text of the sender, never to be trusted
 */
public record Match(
        Kind kind,
        String pattern,
        int weight,
        Optional<IpAddress> address,
        Optional<Instant> time,
        Optional<String> user) {
    /** What a line can report. */
    public enum Kind {
        FAILURE,
        SUCCESS,
        /** Looks like a failure, but two addresses could be read out of it, or none: it accuses nobody. */
        SUSPICIOUS
    }
}
