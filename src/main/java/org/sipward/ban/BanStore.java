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
 * What {@link BanList} needs of a store. Each call is one transaction: after it returns, what it changed survives the
 * death of the process; if it throws, nothing was changed.
 *
 * <p>A ban in force is identified by its network and its origin's {@linkplain Origin#isFeed kind}: a host may be banned
 * by a jail (or the operator) and by a feed at once, but not by two jails.
 */
public interface BanStore {
    /** Hands every ban that was in force when the last change was stored to the consumer; some may be over by now. */
    void load(Consumer<Ban> consumer) throws IOException;

    /** Stores these bans, each in place of one with its network and kind, and writes those of jails and the operator to the history. */
    void add(Collection<Ban> bans) throws IOException;

    /** Removes these bans. The history keeps them, with their end. */
    void remove(Collection<Ban> bans, Instant end) throws IOException;

    /** Returns, for those of the networks that jails have banned before, how often and when last. */
    Map<Network, History> history(Collection<Network> networks) throws IOException;

    /** Returns the last bans of networks that overlap this one, latest first, at most {@code limit}. */
    List<Past> past(Network network, int limit) throws IOException;

    /** Forgets history older than this; keeps the store's size bounded. */
    void purge(Instant before) throws IOException;

    /**
     * Lets what the history holds of bans that began later than {@code future} begin now, and end as long after: they were
     * written down while the clock was ahead.
     */
    void bringBack(Instant now, Instant future) throws IOException;

    /** Stores a network that the operator allowed by command, until then; in place of an earlier one. */
    void allow(Network network, Instant until) throws IOException;

    /** Takes back {@link #allow}. */
    void disallow(Network network) throws IOException;

    /** Returns what was allowed by command, with its end. */
    Map<Network, Instant> allowed() throws IOException;

    /** Returns what was found lost or damaged during the last day, in the operator's words. */
    default List<String> losses() {
        return List.of();
    }

    /**
     * How often jails banned a network before.
     *
     * @param count the number of bans in the history that count
     * @param last the {@code since} of the latest
     */
    record History(int count, Instant last) {}

    /**
     * A ban of the past or present.
     *
     * @param ban as it was given
     * @param ended when it was taken back, if it was
     */
    record Past(Ban ban, Optional<Instant> ended) {
        /** Returns when it ended, or ends. */
        public Instant end() {
            return ended.orElse(ban.until());
        }
    }
}
