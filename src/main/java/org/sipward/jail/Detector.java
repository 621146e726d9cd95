package org.sipward.jail;

import java.util.Optional;
import org.sipward.filter.Match;
import org.sipward.net.IpAddress;

/**
 * Notices one kind of attack that the count of failures alone does not show.
 *
 * <p>Not thread-safe: its jail calls it under its lock. Memory is bounded, and nothing survives a crash.
 */
interface Detector {
    /**
     * Takes in a failure.
     *
     * @param offender the address that is counted: the sender's, or the first of his /64
     * @param second of the failure, by the log; since 1970
     * @return what is noticed, if this failure is the one too many
     */
    Optional<Finding> see(Match failure, IpAddress offender, long second);

    /** Forgets what was held against an address that is banned now. */
    default void forget(IpAddress offender) {}

    /** Forgets what was held against an address that logged in. */
    default void succeeded(IpAddress address) {
        forget(address);
    }

    /** Takes what another detector has seen, which then has seen nothing, if it is of the same kind and counts likewise. */
    default void inherit(Detector predecessor) {}

    /** Forgets all, and gives all memory back. */
    default void clear() {}
}
