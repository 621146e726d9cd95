package org.sipward.ban;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;

class RotationTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    private final PackedBans bans = new PackedBans();
    private final Rotation rotation = new Rotation();

    private static Ban ban(Network network, Origin origin, Duration time) {
        return new Ban(network, origin, NOW, NOW.plus(time), 1, "5 failures");
    }

    private static Network host(int n) {
        return Network.host(IpAddress.v4(0x2e00_0000 + n));
    }

    private void fill(int count) {
        for (int n = 0; n < count; n++) {
            bans.put(ban(host(n), Origin.jail("test"), Duration.ofDays(1)));
        }
    }

    @Test
    void showsEveryBanInTheEnd() {
        fill(2_500);

        Set<Network> seen = new HashSet<>();
        List<Integer> sizes = new ArrayList<>();
        for (int round = 0; round < 3; round++) {
            List<Ban> some = rotation.next(bans, 1_000, NOW);
            sizes.add(some.size());
            some.forEach(ban -> seen.add(ban.network()));
        }

        assertThat(seen).hasSize(2_500);
        assertThat(sizes).containsExactly(1_000, 1_000, 1_000);
    }

    @Test
    void showsSomeOfEachKindEachTime() {
        fill(2_500);
        Network subscriber = Network.parse("2001:db8:1:2::/64").orElseThrow();
        bans.put(ban(subscriber, Origin.jail("test"), Duration.ofDays(1)));
        bans.put(ban(subscriber, Origin.feed("list"), Duration.ofDays(1)));
        bans.put(ban(host(7), Origin.feed("list"), Duration.ofDays(1)));

        for (int round = 0; round < 4; round++) {
            assertThat(rotation.next(bans, 1_000, NOW)).extracting(Ban::network).contains(subscriber, host(7));
            assertThat(rotation.next(bans, 1_000, NOW))
                    .filteredOn(ban -> ban.origin().isFeed())
                    .hasSize(2);
        }
    }

    @Test
    void skipsBansThatAreOverAndCopesWithRemovedBans() {
        fill(1_500);
        bans.put(ban(host(2_000), Origin.jail("test"), Duration.ofSeconds(1)));
        rotation.next(bans, 1_000, NOW);
        for (int n = 0; n < 1_400; n++) {
            bans.remove(host(n), false);
        }

        List<Ban> some = rotation.next(bans, 1_000, NOW.plusSeconds(2));

        assertThat(some).hasSize(100);
    }
}
