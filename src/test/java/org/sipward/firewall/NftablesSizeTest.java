package org.sipward.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipward.firewall.Bans.NOW;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sipward.ban.Ban;

class NftablesSizeTest {
    /** More than 65,536, the size at which an ipset is full and reports no error. */
    private static final int MANY = 70_000;

    @Test
    void blocksManyAtOnceAndLosesNone() throws IOException {
        Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
        try (NetworkNamespace namespace = NetworkNamespace.open()) {
            Flows flows = new Flows(namespace.command("conntrack"), Path.of("/nonexistent"), clock);
            Nftables firewall =
                    new Nftables(List.of(), clock, namespace.command("nft"), flows, ForeignChanges.unheard());
            List<Ban> bans = Bans.many(MANY);
            firewall.enforce(List.of(), List.of(), NOW);

            firewall.block(bans, NOW);
            firewall.block(bans, NOW);
            assertThat(firewall.compare(bans, List.of(), NOW).missing()).isEmpty();

            firewall.unblock(bans.subList(0, MANY / 2));
            assertThat(firewall.compare(bans, List.of(), NOW).missing()).hasSize(MANY / 2);

            firewall.enforce(bans, List.of(), NOW);
            assertThat(firewall.compare(bans, List.of(), NOW).missing()).isEmpty();
            assertThat(firewall.change(bans.subList(0, 1_000), false, List.of(), NOW))
                    .isEmpty();
        }
    }
}
