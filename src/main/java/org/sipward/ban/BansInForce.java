package org.sipward.ban;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;

/**
 * The bans of this machine and those of feeds, at most {@link BanList#MAX_BANS} of each. A network may have one of both.
 *
 * <p>Changed under {@link BanList}'s monitor only; asked by any thread, which then waits for no more than memory. Memory: see
 * {@link PackedBans}.
 */
final class BansInForce {
    private final PackedBans bans = new PackedBans();
    private boolean full;

    /** Returns this machine's ban of a network. */
    synchronized Optional<Ban> own(Network network) {
        return bans.get(network, false);
    }

    /** Returns whether a ban of this network and kind ends at the same time. */
    synchronized boolean endsLike(Ban ban) {
        return bans.holdsAsLong(ban);
    }

    /** Returns the bans whose networks satisfy the condition. */
    synchronized List<Ban> where(Predicate<Network> condition) {
        return bans.stream().filter(ban -> condition.test(ban.network())).toList();
    }

    /** Returns this feed's ban of a network. */
    synchronized Optional<Ban> listed(Origin feed, Network network) {
        return bans.get(network, true).filter(ban -> ban.origin().equals(feed));
    }

    /** Returns what this feed lists. */
    synchronized List<Network> listed(Origin feed) {
        return bans.networks(feed);
    }

    /** Returns all, also those that are over by now; made one by one, and valid until the next change: for its monitor only. */
    synchronized Collection<Ban> all() {
        return bans;
    }

    /** Returns those that are not over; made one by one, and valid until the next change: for its monitor only. */
    synchronized Collection<Ban> live(Instant now) {
        return bans.live(now);
    }

    /** Returns a copy of those that are not over. */
    synchronized List<Ban> copy(Instant now) {
        return List.copyOf(bans.live(now));
    }

    /** Returns a copy of those that are not over, as small as may be. */
    synchronized Collection<Ban> packed(Instant now) {
        PackedBans copy = new PackedBans();
        bans.live(now).forEach(copy::put);
        return copy;
    }

    /** Returns how many are not over. */
    synchronized int count(Instant now) {
        return bans.live(now).size();
    }

    /** Returns those that are not over and hit this address. */
    synchronized List<Ban> of(IpAddress address, Instant now) {
        return bans.live(now).stream()
                .filter(ban -> ban.network().contains(address))
                .toList();
    }

    /** Returns those that are over. */
    synchronized List<Ban> over(Instant now) {
        return bans.over(now);
    }

    /** Takes in a stored ban, if it is not over and there is room. */
    synchronized void restore(Ban ban, Instant now) {
        if (!ban.isOver(now) && bans.count(ban.origin().isFeed()) < BanList.MAX_BANS) {
            bans.put(ban);
        }
    }

    /** Returns those for which there is room, so that a flood from made-up addresses cannot fill the memory. */
    synchronized List<Ban> fitting(List<Ban> wanted) {
        List<Ban> fitting = new ArrayList<>();
        int ownSize = bans.count(false);
        int listedSize = bans.count(true);
        for (Ban ban : wanted) {
            boolean ofFeed = ban.origin().isFeed();
            int size = bans.holds(ban.network(), ofFeed) ? 0 : ofFeed ? listedSize++ : ownSize++;
            if (size < BanList.MAX_BANS) {
                fitting.add(ban);
            }
        }
        full = fitting.size() < wanted.size();
        return fitting;
    }

    /** Returns whether there was no room for all that was wanted last. */
    synchronized boolean isFull() {
        return full;
    }

    synchronized void put(List<Ban> begun) {
        begun.forEach(bans::put);
    }

    synchronized void remove(Collection<Ban> ended) {
        ended.forEach(bans::remove);
    }
}
