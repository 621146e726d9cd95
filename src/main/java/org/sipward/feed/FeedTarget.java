package org.sipward.feed;

import java.io.IOException;
import java.util.Collection;
import java.util.Optional;
import org.sipward.ban.Ban;
import org.sipward.net.Network;

/**
 * The part of the list of bans that a {@link Feed} needs, and a place for its cursor. Calls come from the feed's
 * thread, except {@link #held}, which the status calls from any thread.
 *
 * <p>The feed keeps no list of its own: the bans that it added stay in force, over a restart too, until their end or
 * {@link #remove}. So the last good list is in force again as soon as the bans are restored, before the first poll and
 * whether or not the server answers.
 */
public interface FeedTarget {
    /**
     * Begins these bans, or sets the new end of those already in force. All or nothing: when it returns, the bans
     * survive a crash.
     *
     * @param bans of this feed, each network once
     * @return how many of them were refused because of the allowlist or this machine's own addresses
     */
    int add(Collection<Ban> bans) throws IOException;

    /** Ends this feed's bans of these networks. A network without a ban is not an error. All or nothing. */
    void remove(Collection<Network> networks) throws IOException;

    /** Returns the networks that this feed's bans hold now. Before the first poll the stored bans must be restored. */
    Collection<Network> held();

    /** Returns the text that was saved last, by this process or an earlier one. */
    Optional<String> load() throws IOException;

    /** Replaces the saved text by this one, of at most 200 characters. When it returns, the text survives a crash. */
    void save(String text) throws IOException;
}
