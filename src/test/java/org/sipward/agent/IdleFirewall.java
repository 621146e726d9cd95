package org.sipward.agent;

import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.sipward.ban.Ban;
import org.sipward.ban.Difference;
import org.sipward.ban.Firewall;
import org.sipward.net.Network;

/** A firewall that does nothing. A test replaces what it is about. */
class IdleFirewall implements Firewall {
    @Override
    public void block(Collection<Ban> added, Instant now) throws IOException {}

    @Override
    public void unblock(Collection<Ban> ended) {}

    @Override
    public void enforce(Collection<Ban> all, List<Network> allowed, Instant now) {}

    @Override
    public Optional<String> change(Collection<Ban> some, boolean isAll, List<Network> allowed, Instant now) {
        return Optional.empty();
    }

    @Override
    public Difference compare(Collection<Ban> all, List<Network> allowed, Instant now) throws IOException {
        return Difference.NONE;
    }

    @Override
    public String name() {
        return "idle";
    }
}
