package org.sipward.ban;

import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.sipward.net.Network;

/**
 * The store that {@link BanList} needs. Each call is one transaction: after the call returns, its changes survive the
 * death of the process; if the call throws, nothing was changed.
 *
 * <p>A ban in force is identified by its network and by whether its origin {@linkplain Origin#isFeed is a feed}: a jail
 * (or the operator) and a feed may ban the same host at once, but two jails may not.
 */
public interface BanStore {
    /** Passes every ban that was in force at the last stored change to the consumer. Some may be over by now. */
    void load(Consumer<Ban> consumer) throws IOException;

    /**
     * Stores these bans. Each replaces the ban with the same network and kind. The history gets those of jails and the
     * operator.
     */
    void add(Collection<Ban> bans) throws IOException;

    /** Removes these bans. The history keeps them, with the time of their end. */
    void remove(Collection<Ban> bans, Instant end) throws IOException;

    /** Returns how often and when last jails banned each of these networks; networks never banned are left out. */
    Map<Network, History> history(Collection<Network> networks) throws IOException;

    /** Returns the last bans of networks that overlap this one: the latest first, at most {@code limit}. */
    List<Past> past(Network network, int limit) throws IOException;

    /** Deletes the history before this time, so that the size of the store stays bounded. */
    void purge(Instant before) throws IOException;

    /**
     * Moves bans in the history that begin later than {@code future}, so that each begins at {@code now} and lasts as
     * long as before: they were written while the clock was ahead.
     */
    void bringBack(Instant now, Instant future) throws IOException;

    /** Stores that the operator allowed this network by command until this time. Replaces an earlier time. */
    void allow(Network network, Instant until) throws IOException;

    /** Undoes {@link #allow}. */
    void disallow(Network network) throws IOException;

    /** Returns the networks that were allowed by command, and until when each is allowed. */
    Map<Network, Instant> allowed() throws IOException;

    /** Returns messages for the operator about data that was found lost or damaged during the last day. */
    default List<String> losses() {
        return List.of();
    }

    /**
     * How often, and when last, jails banned a network.
     *
     * @param count how many bans in the history count
     * @param last the {@code since} of the latest ban
     */
    record History(int count, Instant last) {}

    /**
     * A past or present ban.
     *
     * @param ban the ban as it began
     * @param ended when the ban was ended early, if it was
     */
    record Past(Ban ban, Optional<Instant> ended) {
        /** Returns when the ban ended, or will end. */
        public Instant end() {
            return ended.orElse(ban.until());
        }
    }
}
