package org.sipward.ban;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.sipward.net.Network;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bans of this machine and those of feeds, at most {@link BanList#MAX_BANS} of each. A network may have one of both.
 *
 * <p>Not thread-safe: {@link BanList} calls it under its monitor. Memory: see {@link PackedBans}.
 */
final class BansInForce {
    private static final Logger log = LoggerFactory.getLogger(BansInForce.class);

    private static final int CHUNK = 10_000;

    private final PackedBans bans = new PackedBans();
    private final Rotation rotation = new Rotation();
    private boolean full;

    /** Returns this machine's ban of a network. */
    Optional<Ban> own(Network network) {
        return bans.get(network, false);
    }

    /** Returns whether a ban of this network and kind ends at the same time. */
    boolean endsLike(Ban ban) {
        return bans.holdsAsLong(ban);
    }

    /** Returns the bans whose networks satisfy the condition. */
    List<Ban> where(Predicate<Network> condition) {
        return bans.stream().filter(ban -> condition.test(ban.network())).toList();
    }

    /** Returns this feed's ban of a network. */
    Optional<Ban> listed(Origin feed, Network network) {
        return bans.get(network, true).filter(ban -> ban.origin().equals(feed));
    }

    /** Returns what this feed lists. */
    List<Network> listed(Origin feed) {
        return bans.networks(feed);
    }

    /** Returns all, also those that are over by now; made one by one, and valid until the next change. */
    Collection<Ban> all() {
        return bans;
    }

    /** Returns those that are not over; made one by one, and valid until the next change. */
    Collection<Ban> live(Instant now) {
        return bans.live(now);
    }

    /** Returns whether there are more than these. */
    boolean isMoreThan(int count) {
        return bans.size() > count;
    }

    /** Returns some that are not over, others at each call. */
    List<Ban> some(int count, Instant now) {
        return rotation.next(bans, count, now);
    }

    /** Returns those that are over. */
    List<Ban> over(Instant now) {
        return bans.over(now);
    }

    /** Takes in a stored ban, if it is not over and there is room. */
    void restore(Ban ban, Instant now) {
        if (!ban.isOver(now) && bans.count(ban.origin().isFeed()) < BanList.MAX_BANS) {
            bans.put(ban);
        }
    }

    /** Puts another ban of the same network and kind in the place of each, if it is another, some at a time. */
    void change(UnaryOperator<Ban> other, Consumer<List<Ban>> before) {
        List<Ban> changed = new ArrayList<>();
        for (int row = 0; row < bans.size(); row++) {
            Ban ban = bans.ban(row);
            Ban next = other.apply(ban);
            if (!next.equals(ban)) {
                changed.add(next);
            }
            if (changed.size() == CHUNK || (row == bans.size() - 1 && !changed.isEmpty())) {
                before.accept(List.copyOf(changed));
                changed.forEach(bans::put);
                changed.clear();
            }
        }
    }

    /** Takes in those of networks and kinds that have no ban here. Returns them. */
    List<Ban> takeOver(List<Ban> held, Instant now) {
        List<Ban> taken = held.stream()
                .filter(ban -> !bans.holds(ban.network(), ban.origin().isFeed()))
                .toList();
        taken.forEach(ban -> restore(ban, now));
        if (!taken.isEmpty()) {
            log.warn("{} bans that the store has lost were found in the kernel and stay in force", taken.size());
        }
        return taken;
    }

    /** Returns those for which there is room, so that a flood from made-up addresses cannot fill the memory. */
    List<Ban> fitting(List<Ban> wanted) {
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
    boolean isFull() {
        return full;
    }

    void put(List<Ban> begun) {
        begun.forEach(bans::put);
    }

    void remove(Collection<Ban> ended) {
        ended.forEach(bans::remove);
    }
}
