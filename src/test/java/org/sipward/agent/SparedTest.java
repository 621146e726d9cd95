package org.sipward.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.sipward.ban.Ban;
import org.sipward.ban.Origin;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;
import org.sipward.status.ListedAddress;
import org.sipward.testing.MovableClock;

class SparedTest {
    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

    private final MovableClock clock = new MovableClock(START);
    private final Spared spared = new Spared(clock);

    @Test
    void remembersWhatIsListedAndNotBannedUntilItIs() {
        Ban ban = listed("45.91.1.7");

        spared.listed(List.of(ban, listed("45.91.1.8")), Map.of(ban, "allowlist 45.91.1.7"));
        assertThat(of("45.91.1.7")).extracting(ListedAddress::reason).containsExactly("allowlist 45.91.1.7");
        assertThat(of("45.91.1.8")).isEmpty();
        spared.listed(List.of(ban), Map.of());

        assertThat(of("45.91.1.7")).isEmpty();
    }

    @Test
    void remembersWhatAFeedListsWithAPrefix() {
        spared.ended(List.of(listed("45.91.1.0/24")), "unbanned by command", true);

        assertThat(of("45.91.1.7")).hasSize(1);
        assertThat(of("45.91.2.7")).isEmpty();
    }

    @Test
    void forgetsWhatAListHasNotShownForTwoDays() {
        Ban ban = listed("45.91.1.7");
        spared.listed(List.of(ban), Map.of(ban, "allowlist"));
        clock.move(Duration.ofHours(30));
        spared.listed(List.of(ban), Map.of(ban, "allowlist"));
        clock.move(Duration.ofHours(40));
        assertThat(of("45.91.1.7")).extracting(ListedAddress::since).containsExactly(START);

        clock.move(Duration.ofHours(10));

        assertThat(of("45.91.1.7")).isEmpty();
    }

    @Test
    void staysSmallHoweverLongTheListIs() {
        List<Ban> bans = new ArrayList<>();
        for (int i = 0; i < 3 * Spared.MAX; i++) {
            bans.add(listed("45." + i / 250 + "." + i % 250 + ".1"));
        }

        spared.listed(bans, bans.stream().collect(Collectors.toMap(ban -> ban, ban -> "allowlist")));

        assertThat(bans.stream()
                        .filter(ban -> !spared.of(ban.network().address()).isEmpty()))
                .hasSize(Spared.MAX);
    }

    private List<ListedAddress> of(String address) {
        return spared.of(IpAddress.parse(address).orElseThrow());
    }

    private Ban listed(String network) {
        Instant now = clock.instant();
        return new Ban(
                Network.parse(network).orElseThrow(),
                Origin.feed("apiban"),
                now,
                now.plus(Duration.ofDays(7)),
                1,
                "listed");
    }
}
