package org.sipward.firewall;

import java.time.Instant;
import java.util.function.Consumer;
import org.sipward.ban.Ban;
import org.sipward.ban.Origin;
import org.sipward.net.Network;

/**
 * Turns the elements of the sets back into bans. The kernel does not know the origin and reason of a ban: jails and the
 * operator become {@code jail:kernel}, feeds {@code feed:kernel}, and the ban does not make later bans longer.
 */
final class KernelBans implements TableListing.Elements {
    private static final String NAME = "kernel";
    private static final String REASON = "found in the kernel after the store was damaged";

    private final Instant now;
    private final Consumer<Ban> to;

    KernelBans(Instant now, Consumer<Ban> to) {
        this.now = now;
        this.to = to;
    }

    @Override
    public void take(KernelSet set, Network network, long seconds) {
        if (set.isAllowed()) {
            return;
        }
        Network banned = set.isInterval() ? network : Network.ofOffender(network.address());
        boolean ofFeed = set == KernelSet.FEED4 || set == KernelSet.FEED6;
        Instant until = seconds == TableListing.NO_END ? Ban.FOREVER : now.plusSeconds(seconds);
        to.accept(new Ban(banned, ofFeed ? Origin.feed(NAME) : Origin.jail(NAME), now, until, 0, REASON));
    }
}
