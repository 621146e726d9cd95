package org.sipward.agent;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.sipward.ban.Ban;
import org.sipward.ban.BanList;
import org.sipward.ban.BanStore;
import org.sipward.jail.Trust;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;
import org.sipward.status.AddressStatus;
import org.sipward.status.CountedAddress;

/** Collects everything that is known about one address. Thread-safe, as the parts that it asks are. */
final class Why {
    private static final int MAX_PAST = 20;

    private final BanList bans;
    private final Logs logs;
    private final Trust trust;
    private final Spared spared;
    private final Clock clock;
    private final InTime history = new InTime("sipward-history", Commands.WAIT);

    Why(BanList bans, Logs logs, Trust trust, Spared spared, Clock clock) {
        this.bans = bans;
        this.logs = logs;
        this.trust = trust;
        this.spared = spared;
        this.clock = clock;
    }

    AddressStatus about(IpAddress address) throws IOException {
        List<Ban> inForce = bans.bansOf(address);
        Instant now = clock.instant();
        Optional<List<BanStore.Past>> past = history.ask(() -> bans.past(Network.ofOffender(address), MAX_PAST))
                .map(all ->
                        all.stream().filter(one -> !inForce.contains(one.ban())).toList());
        return new AddressStatus(
                address,
                inForce,
                bans.allowlist().reason(Network.host(address)),
                spared.of(address),
                trust.at(address, now),
                counted(address),
                past);
    }

    private List<CountedAddress> counted(IpAddress address) {
        return logs.jails().stream()
                .flatMap(jail -> jail.count(address).map(count -> new CountedAddress(jail.name(), count)).stream())
                .toList();
    }
}
