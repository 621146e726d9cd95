package org.sipward.feed;

import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import org.sipward.ban.Ban;
import org.sipward.net.Network;

/**
 * What a {@link Feed} needs of the list of bans, and a place for its cursor. Calls come from the feed's thread, but for
 * {@link #held}, which the status asks from any.
 *
 * <p>The feed keeps no list of its own: what it added stays in force, over a restart too, until its end or
 * {@link #remove}. So the last good list stands again as soon as the bans are restored, before the first poll and
 * whether the server answers or not.
 */
public interface FeedTarget {
    /**
     * Begins these bans, or gives those that are in force their new end. All or nothing: when it returns, they survive a
     * crash.
     *
     * @param bans of this feed, each network once
     * @return how many of them were not taken, because the allowlist or this machine's own addresses forbid it
     */
    int add(Collection<Ban> bans) throws IOException;

    /** Ends this feed's bans of these networks. One that is not there is not an error. All or nothing. */
    void remove(Collection<Network> networks) throws IOException;

    /** Returns the networks that this feed's bans hold now. Before the first poll the stored bans must be restored. */
    Collection<Network> held();

    /** Returns what was saved last, in this process or an earlier one. */
    Optional<String> load() throws IOException;

    /** Keeps this text, of at most 200 characters, in place of the last. It survives a crash when it returns. */
    void save(String text) throws IOException;
}
