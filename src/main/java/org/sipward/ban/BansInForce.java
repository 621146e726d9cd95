package org.sipward.ban;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.sipward.net.Network;

/**
 * The bans of this machine and those of feeds, at most {@link BanList#MAX_BANS} of each. A network may have one of both.
 *
 * <p>Not thread-safe: {@link BanList} calls it under its monitor.
 */
final class BansInForce {
    private final Map<Network, Ban> own = new HashMap<>();
    private final Map<Network, Ban> listed = new HashMap<>();
    private boolean full;

    /** Returns this machine's ban of a network. */
    Optional<Ban> own(Network network) {
        return Optional.ofNullable(own.get(network));
    }

    /** Returns the ban of a network by the same kind of origin. */
    Optional<Ban> like(Ban ban) {
        return Optional.ofNullable(map(ban.origin()).get(ban.network()));
    }

    /** Returns this feed's ban of a network. */
    Optional<Ban> listed(Origin feed, Network network) {
        return Optional.ofNullable(listed.get(network))
                .filter(ban -> ban.origin().equals(feed));
    }

    /** Returns what this feed lists. */
    List<Network> listed(Origin feed) {
        return listed.values().stream()
                .filter(ban -> ban.origin().equals(feed))
                .map(Ban::network)
                .toList();
    }

    Stream<Ban> all() {
        return Stream.concat(own.values().stream(), listed.values().stream());
    }

    /** Takes in a stored ban, if it is not over and there is room. */
    void restore(Ban ban, Instant now) {
        Map<Network, Ban> map = map(ban.origin());
        if (!ban.isOver(now) && map.size() < BanList.MAX_BANS) {
            map.put(ban.network(), ban);
        }
    }

    /** Returns those for which there is room, so that a flood from made-up addresses cannot fill the memory. */
    List<Ban> fitting(List<Ban> wanted) {
        List<Ban> bans = new ArrayList<>();
        int ownSize = own.size();
        int listedSize = listed.size();
        for (Ban ban : wanted) {
            int size = like(ban).isPresent() ? 0 : ban.origin().isFeed() ? listedSize++ : ownSize++;
            if (size < BanList.MAX_BANS) {
                bans.add(ban);
            }
        }
        full = bans.size() < wanted.size();
        return bans;
    }

    /** Returns whether there was no room for all that was wanted last. */
    boolean isFull() {
        return full;
    }

    void put(List<Ban> bans) {
        bans.forEach(ban -> map(ban.origin()).put(ban.network(), ban));
    }

    void remove(Collection<Ban> bans) {
        bans.forEach(ban -> map(ban.origin()).remove(ban.network(), ban));
    }

    private Map<Network, Ban> map(Origin origin) {
        return origin.isFeed() ? listed : own;
    }
}
