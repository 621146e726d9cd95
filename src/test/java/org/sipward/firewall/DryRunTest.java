package org.sipward.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipward.firewall.Bans.DAY;
import static org.sipward.firewall.Bans.NOW;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sipward.ban.Ban;
import org.sipward.ban.Firewall;

class DryRunTest {
    @Test
    void acceptsEveryCall() throws IOException {
        List<Ban> bans = List.of(Bans.jail("203.0.113.7", DAY));
        try (Firewall firewall = DryRun.open()) {
            firewall.enforce(bans, List.of(), NOW);
            firewall.block(bans, NOW);
            firewall.unblock(bans);

            assertThat(firewall.change(bans, true, List.of(), NOW)).isEmpty();
            assertThat(firewall.compare(bans, List.of(), NOW).missing()).isEmpty();
            assertThat(firewall.name()).isEqualTo("none");
        }
    }

    @Test
    void leavesTheKernelAlone() throws IOException {
        try (NetworkNamespace namespace = NetworkNamespace.open();
                Firewall firewall = DryRun.open()) {
            firewall.enforce(List.of(Bans.jail("203.0.113.7", DAY)), List.of(), NOW);

            assertThat(new KernelTable(namespace).tables()).isEmpty();
        }
    }
}
