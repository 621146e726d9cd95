package org.sipward.firewall;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.sipward.ban.Ban;
import org.sipward.ban.Difference;
import org.sipward.ban.Firewall;
import org.sipward.net.Network;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blocks nothing and reports no trouble: bans are listed as usual, and the kernel is left alone. Blocks of an earlier
 * run stay in the kernel.
 */
public final class DryRun implements Firewall {
    private static final Logger log = LoggerFactory.getLogger(DryRun.class);

    private DryRun() {}

    /** Logs that nothing will be blocked. */
    public static DryRun open() {
        log.warn("dry run: bans are listed, nothing is blocked");
        return new DryRun();
    }

    @Override
    public void block(Collection<Ban> bans, Instant now) {}

    @Override
    public void unblock(Collection<Ban> bans) {}

    @Override
    public void enforce(Collection<Ban> bans, List<Network> allowed, Instant now) {}

    @Override
    public Optional<String> change(Collection<Ban> some, boolean isAll, List<Network> allowed, Instant now) {
        return Optional.empty();
    }

    /** Returns no difference: nothing is to be blocked, so nothing is missing. */
    @Override
    public Difference compare(Collection<Ban> bans, List<Network> allowed, Instant now) {
        return Difference.NONE;
    }

    @Override
    public String name() {
        return "none";
    }
}
