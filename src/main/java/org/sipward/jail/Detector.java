package org.sipward.jail;

import java.util.Optional;
import org.sipward.filter.Match;
import org.sipward.net.IpAddress;

/**
 * Detects one kind of attack that the number of failures alone does not show.
 *
 * <p>Not thread-safe: its jail calls it under its lock. Memory is bounded, and nothing survives a crash.
 */
interface Detector {
    /**
     * Sees a failure.
     *
     * @param offender the address that is counted: the sender's, or the first of the sender's /64
     * @param second the failure's time by the log, in seconds since 1970
     * @return the attack, if this failure reaches the limit
     */
    Optional<Finding> see(Match failure, IpAddress offender, long second);

    /** Forgets everything about an address that is now banned. */
    default void forget(IpAddress offender) {}

    /** Forgets everything about an address that logged in. */
    default void succeeded(IpAddress address) {
        forget(address);
    }

    /**
     * Takes over what another detector has seen if it is of the same kind and has the same settings; the other is
     * empty then.
     */
    default void inherit(Detector predecessor) {}

    /** Forgets everything, and gives all memory back. */
    default void clear() {}
}
