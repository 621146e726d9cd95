package org.sipward.ban;

import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.sipward.net.Network;

/**
 * The firewall that {@link BanList} needs. Each call is all or nothing, and may be repeated.
 *
 * <p>Each call returns or throws within some ten seconds, even if the firewall hangs.
 *
 * <p>Calls come from one thread at a time, except {@link #awaitChange}. When the agent ends, blocked networks stay
 * blocked until the ends of their bans.
 */
public interface Firewall extends Closeable {
    /**
     * Announces that a {@link #block} follows as soon as its bans are stored, so that the firewall can prepare for it
     * meanwhile. Blocks nothing, and never fails.
     */
    default void expectBlock() {}

    /**
     * Blocks these bans' networks until their ends. A network that is blocked already gets the new end.
     *
     * @param bans in force at {@code now}, at most one for a network and kind of origin (feed or not)
     * @throws java.io.InterruptedIOException if it does not answer: an immediate retry would take as long
     * @throws IOException if nothing was changed, with the reason in the operator's words
     */
    void block(Collection<Ban> bans, Instant now) throws IOException;

    /** Ends these blocks. A missing block is not an error. */
    void unblock(Collection<Ban> bans) throws IOException;

    /**
     * Makes the firewall hold exactly these bans and this allowlist. A network that is blocked before and after this
     * call is blocked at every moment of it.
     */
    void enforce(Collection<Ban> bans, List<Network> allowed, Instant now) throws IOException;

    /**
     * Returns a message about a change by somebody else, or empty if none is seen. It is called every few seconds, so
     * it is cheap and does not look at everything each time: {@link #compare} does.
     *
     * @param some bans in force: all, or a few of each kind, and different ones each time
     * @param isAll whether {@code some} are all bans in force
     * @param allowed the allowlist
     */
    Optional<String> change(Collection<Ban> some, boolean isAll, List<Network> allowed, Instant now) throws IOException;

    /**
     * Waits until somebody else changes the firewall, or may have: then {@link #change} sees it. One thread may call,
     * beside the thread that calls the other methods. {@link #close} ends the wait.
     *
     * @return false if this firewall does not hear of changes, or does not any more; then only looking finds them
     */
    default boolean awaitChange() {
        return false;
    }

    /** Returns whether {@link #change} will look at everything, since a change was heard: then it needs all bans. */
    default boolean hasHeardChange() {
        return false;
    }

    /** Returns how the firewall differs from these bans and this allowlist. Costly: only to answer an operator. */
    Difference compare(Collection<Ban> bans, List<Network> allowed, Instant now) throws IOException;

    /**
     * Passes on the bans that the firewall holds, without their origin and reason, which the firewall does not know. It
     * is called at a start where the store has lost bans, before the first {@link #enforce}, because that ends all
     * unlisted bans.
     *
     * @param to called by one thread, perhaps not the caller's; it may have received bans even if this method then
     *     throws
     */
    default void held(Instant now, Consumer<Ban> to) throws IOException {}

    /** Returns the kind of firewall, for the operator: {@code nftables} or {@code none}. */
    String name();

    /** Releases the agent's resources. Blocks stay. */
    @Override
    default void close() throws IOException {}
}
