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
 * What {@link BanList} needs of a firewall. Each call is all or nothing, and may be repeated.
 *
 * <p>Each call ends, be it with an exception, within some ten seconds, whatever the firewall does.
 *
 * <p>Calls come from one thread at a time. What is blocked stays blocked when the agent ends, until its time is over.
 */
public interface Firewall extends Closeable {
    /**
     * Says that a {@link #block} follows as soon as its bans are stored: what can be made ready is made ready meanwhile.
     * Blocks nothing, and never fails.
     */
    default void expectBlock() {}

    /**
     * Blocks these bans' networks until their ends. A network that is blocked already gets the new end.
     *
     * @param bans in force at {@code now}, at most one for a network and kind of origin (feed or not)
     * @throws java.io.InterruptedIOException if it does not answer: to ask again at once would take as long
     * @throws IOException if nothing was changed, with the reason in the operator's words
     */
    void block(Collection<Ban> bans, Instant now) throws IOException;

    /** Ends these blocks. One that is not there is not an error. */
    void unblock(Collection<Ban> bans) throws IOException;

    /**
     * Makes the firewall hold exactly these bans and this allowlist, whatever it held before, without a moment in which
     * less is blocked than before and after.
     */
    void enforce(Collection<Ban> bans, List<Network> allowed, Instant now) throws IOException;

    /**
     * Returns, cheaply, what somebody else has changed, in the operator's words; empty if nothing is seen. Asked every
     * few seconds, so not everything is seen each time: {@link #compare} sees all.
     *
     * @param some bans in force: all, or a few of each kind and others each time
     * @param isAll whether there are no more
     * @param allowed the allowlist
     */
    Optional<String> change(Collection<Ban> some, boolean isAll, List<Network> allowed, Instant now) throws IOException;

    /** Returns how the firewall differs from these bans and this allowlist. Costly: only for an operator's question. */
    Difference compare(Collection<Ban> bans, List<Network> allowed, Instant now) throws IOException;

    /**
     * Hands over the bans that the firewall holds, as far as it knows them: who asked and why is lost. For a start after
     * which the store has not all that was in force; before the first {@link #enforce}, which ends what is not listed.
     *
     * @param to called by one thread, perhaps another one than the caller's; also before a call that fails
     */
    default void held(Instant now, Consumer<Ban> to) throws IOException {}

    /** Returns what this is, for the operator: {@code nftables}, or {@code none}. */
    String name();

    /** Lets go of the agent's resources. Blocks stay. */
    @Override
    default void close() throws IOException {}
}
