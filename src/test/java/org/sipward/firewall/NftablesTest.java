package org.sipward.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.sipward.firewall.Bans.DAY;
import static org.sipward.firewall.Bans.NOW;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sipward.ban.Ban;
import org.sipward.net.Network;

/** Nftables with the real nft, in a network namespace of its own. */
class NftablesTest {
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

    private final NetworkNamespace namespace;
    private final KernelTable kernel;
    private final Nftables firewall;

    NftablesTest() throws IOException {
        namespace = NetworkNamespace.open();
        kernel = new KernelTable(namespace);
        firewall = on(List.of());
        firewall.enforce(List.of(), List.of(), NOW);
    }

    @AfterEach
    void closeNamespace() throws IOException {
        namespace.close();
    }

    private Nftables on(List<Integer> ports) {
        Flows flows = new Flows(namespace.command("conntrack"), Path.of("/nonexistent"), CLOCK);
        return new Nftables(ports, CLOCK, namespace.command("nft"), flows, ForeignChanges.unheard());
    }

    @Test
    void createsTheTableAsDesigned() throws IOException {
        assertThat(kernel.tables()).containsExactly("inet sipward");
        assertThat(kernel.sets())
                .isEqualTo(Map.of(
                        "allow4", "ipv4_addr [interval]",
                        "allow6", "ipv6_addr [interval]",
                        "jail4", "ipv4_addr [timeout]",
                        "jail6", "ipv6_addr [timeout]",
                        "feed4", "ipv4_addr [timeout]",
                        "feed6", "ipv6_addr [timeout]",
                        "net4", "ipv4_addr [interval, timeout]",
                        "net6", "ipv6_addr [interval, timeout]"));
        assertThat(kernel.chains()).containsExactly("guard filter prerouting -300 accept");
        assertThat(kernel.rules())
                .containsExactly(
                        "ip saddr @allow4 accept",
                        "ip6 saddr @allow6 accept",
                        "ip saddr @jail4 counter drop",
                        "ip6 saddr & ffff:ffff:ffff:ffff:: == @jail6 counter drop",
                        "ip saddr @feed4 counter drop",
                        "ip6 saddr & ffff:ffff:ffff:ffff:: == @feed6 counter drop",
                        "ip saddr @net4 counter drop",
                        "ip6 saddr @net6 counter drop");
    }

    @Test
    void dropsOnlyPacketsToTheConfiguredPorts() throws IOException {
        on(List.of(5061, 5060, 5060)).enforce(List.of(), List.of(), NOW);

        assertThat(kernel.rules())
                .contains("ip saddr @jail4 meta l4proto { tcp, udp, sctp } th dport { 5060, 5061 } counter drop")
                .filteredOn(rule -> rule.contains("th dport { 5060, 5061 }"))
                .hasSize(6);
    }

    @Test
    void putsEachKindOfBanIntoItsSet() throws IOException {
        firewall.block(
                List.of(
                        Bans.jail("203.0.113.7", DAY),
                        Bans.operator("203.0.113.8", DAY),
                        Bans.feed("203.0.113.7", Duration.ofHours(1)),
                        Bans.jail("2001:db8:1:2::/64", DAY),
                        Bans.feed("2001:db8:1:3::/64", DAY),
                        Bans.operator("198.51.100.0/24", DAY),
                        Bans.feed("198.51.101.0/24", DAY),
                        Bans.operator("2001:db8:2::/48", DAY),
                        Bans.operator("2001:db8:3::1", DAY)),
                NOW);

        assertThat(kernel.set("jail4")).isEqualTo(Map.of("203.0.113.7", 86_400, "203.0.113.8", 86_400));
        assertThat(kernel.set("feed4")).isEqualTo(Map.of("203.0.113.7", 3_600));
        assertThat(kernel.set("jail6")).isEqualTo(Map.of("2001:db8:1:2::", 86_400));
        assertThat(kernel.set("feed6")).isEqualTo(Map.of("2001:db8:1:3::", 86_400));
        assertThat(kernel.set("net4")).isEqualTo(Map.of("198.51.100.0/24", 86_400, "198.51.101.0/24", 86_400));
        assertThat(kernel.set("net6")).isEqualTo(Map.of("2001:db8:2::/48", 86_400, "2001:db8:3::1", 86_400));
    }

    @Test
    void changesNothingWhenItGetsReady() throws IOException {
        firewall.block(List.of(Bans.jail("203.0.113.7", DAY)), NOW);
        firewall.expectBlock();
        firewall.expectBlock();

        assertThat(kernel.set("jail4")).hasSize(1);
        firewall.close();
        assertThat(kernel.set("jail4")).hasSize(1);
    }

    @Test
    void blocksInTheTableAsItIsWhenItBlocksAndNotWhenItGotReady() throws IOException {
        firewall.expectBlock();
        on(List.of()).enforce(List.of(Bans.jail("203.0.113.7", DAY), Bans.jail("203.0.113.9", DAY)), List.of(), NOW);

        firewall.block(List.of(Bans.jail("203.0.113.7", Duration.ofHours(1)), Bans.jail("203.0.113.8", DAY)), NOW);

        assertThat(kernel.set("jail4"))
                .isEqualTo(Map.of("203.0.113.7", 3_600, "203.0.113.8", 86_400, "203.0.113.9", 86_400));
    }

    @Test
    void setsTimeoutsThatCountFromNow() throws IOException {
        firewall.block(
                List.of(Bans.jail("203.0.113.7", DAY)),
                NOW.plus(Duration.ofHours(23)).plusMillis(1));

        assertThat(kernel.set("jail4")).isEqualTo(Map.of("203.0.113.7", 3_600));
    }

    @Test
    void neverEndsABanThatHasNoEnd() throws IOException {
        firewall.block(List.of(Bans.forever("203.0.113.7"), Bans.forever("198.51.100.0/24")), NOW);

        assertThat(kernel.set("jail4")).isEqualTo(Map.of("203.0.113.7", 0));
        assertThat(kernel.set("net4")).isEqualTo(Map.of("198.51.100.0/24", 0));
    }

    @Test
    void acceptsVeryLongBans() throws IOException {
        firewall.block(
                List.of(
                        Bans.jail("203.0.113.1", Duration.ofDays(28)),
                        Bans.jail("203.0.113.2", Duration.ofSeconds(99_999_999)),
                        Bans.jail("203.0.113.3", Duration.ofSeconds(100_000_000)),
                        Bans.jail("203.0.113.4", Duration.ofDays(1_000_000))),
                NOW);

        assertThat(kernel.set("jail4"))
                .isEqualTo(Map.of(
                        "203.0.113.1", 2_419_200,
                        "203.0.113.2", 99_999_999,
                        "203.0.113.3", 1_158 * 86_400,
                        "203.0.113.4", 0));
    }

    @Test
    void skipsBansThatAreOver() throws IOException {
        Instant then = NOW.plus(DAY);

        firewall.block(List.of(Bans.jail("203.0.113.7", DAY), Bans.operator("198.51.100.0/24", DAY)), then);
        firewall.enforce(
                List.of(Bans.jail("203.0.113.7", DAY), Bans.operator("198.51.100.0/24", DAY)), List.of(), then);

        assertThat(kernel.set("jail4")).isEmpty();
        assertThat(kernel.set("net4")).isEmpty();
    }

    @Test
    void givesABlockedNetworkItsNewEnd() throws IOException {
        firewall.block(List.of(Bans.jail("203.0.113.7", DAY), Bans.operator("198.51.100.0/24", DAY)), NOW);

        firewall.block(
                List.of(
                        Bans.jail("203.0.113.7", Duration.ofHours(1)),
                        Bans.operator("198.51.100.0/24", Duration.ofHours(2))),
                NOW);

        assertThat(kernel.set("jail4")).isEqualTo(Map.of("203.0.113.7", 3_600));
        assertThat(kernel.set("net4")).isEqualTo(Map.of("198.51.100.0/24", 7_200));
    }

    @Test
    void unblocksPresentAndMissingElements() throws IOException {
        Ban host = Bans.jail("203.0.113.7", DAY);
        Ban subscriber = Bans.jail("2001:db8:1:2::/64", DAY);
        Ban prefix = Bans.operator("198.51.100.0/24", DAY);
        Ban stays = Bans.jail("203.0.113.8", DAY);
        firewall.block(List.of(host, subscriber, prefix, stays), NOW);
        namespace.run("nft", "flush", "set", "inet", "sipward", "jail6");

        firewall.unblock(List.of(host, subscriber, prefix, Bans.feed("203.0.113.9", DAY)));
        firewall.unblock(List.of(host, subscriber, prefix));

        assertThat(kernel.set("jail4")).containsOnlyKeys("203.0.113.8");
        assertThat(kernel.set("jail6")).isEmpty();
        assertThat(kernel.set("net4")).isEmpty();
    }

    @Test
    void keepsAFeedsBanWhenTheJailsBanEnds() throws IOException {
        Ban host = Bans.jail("203.0.113.7", DAY);
        Ban prefix = Bans.operator("198.51.100.0/24", Duration.ofDays(2));
        firewall.block(List.of(host, prefix, Bans.feed("203.0.113.7", DAY), Bans.feed("198.51.100.0/24", DAY)), NOW);

        firewall.unblock(List.of(host, prefix));

        assertThat(kernel.set("jail4")).isEmpty();
        assertThat(kernel.set("feed4")).containsOnlyKeys("203.0.113.7");
        assertThat(kernel.set("net4")).isEqualTo(Map.of("198.51.100.0/24", 86_400));
    }

    @Test
    void acceptsOverlappingPrefixesInOneCallAndInSeveral() throws IOException {
        firewall.block(List.of(Bans.operator("10.0.0.0/8", DAY), Bans.feed("10.1.0.0/16", DAY)), NOW);
        firewall.block(List.of(Bans.feed("10.2.0.0/16", DAY), Bans.feed("10.2.3.0/24", Duration.ofHours(1))), NOW);
        assertThat(kernel.set("net4")).isEqualTo(Map.of("10.0.0.0/8", 86_400));

        firewall.block(List.of(Bans.feed("10.0.0.0/10", Duration.ofDays(2))), NOW);
        assertThat(kernel.set("net4"))
                .isEqualTo(Map.of("10.0.0.0/10", 172_800, "10.64.0.0/10", 86_400, "10.128.0.0/9", 86_400));

        firewall.unblock(List.of(Bans.operator("10.0.0.0/8", DAY), Bans.feed("10.0.0.0/10", DAY)));
        assertThat(kernel.set("net4")).isEqualTo(Map.of("10.1.0.0/16", 86_400, "10.2.0.0/16", 86_400));
    }

    @Test
    void acceptsTheWholeAddressSpaceAndItsEnds() throws IOException {
        firewall.block(List.of(Bans.operator("0.0.0.0/0", DAY), Bans.operator("::/0", DAY)), NOW);
        assertThat(kernel.set("net4")).containsOnlyKeys("0.0.0.0/0");
        assertThat(kernel.set("net6")).containsOnlyKeys("::/0");

        firewall.unblock(List.of(Bans.operator("0.0.0.0/0", DAY), Bans.operator("::/0", DAY)));
        firewall.block(
                List.of(
                        Bans.operator("255.255.255.0/24", DAY),
                        Bans.operator("0.0.0.0/24", DAY),
                        Bans.operator("ffff::/16", DAY),
                        Bans.operator("255.255.254.0/24", Duration.ofHours(1))),
                NOW);
        assertThat(kernel.set("net4")).containsOnlyKeys("0.0.0.0/24", "255.255.254.0/24", "255.255.255.0/24");
        assertThat(kernel.set("net6")).containsOnlyKeys("ffff::/16");
    }

    @Test
    void changesNothingIfOneElementIsBad() throws IOException {
        Ban good = Bans.jail("203.0.113.7", DAY);
        firewall.block(List.of(good), NOW);
        // The kernel refuses an element with a timeout in a set without timeouts.
        namespace.feed(
                "nft",
                "flush chain inet sipward guard; delete set inet sipward feed4;"
                        + " add set inet sipward feed4 { type ipv4_addr; }",
                "-f",
                "-");

        assertThatThrownBy(() -> firewall.block(
                        List.of(
                                Bans.jail("203.0.113.7", Duration.ofHours(1)),
                                Bans.jail("203.0.113.8", DAY),
                                Bans.feed("203.0.113.9", DAY),
                                Bans.operator("198.51.100.0/24", DAY)),
                        NOW))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("nft failed: Error: ");

        assertThat(kernel.set("jail4")).isEqualTo(Map.of("203.0.113.7", 86_400));
        assertThat(kernel.set("net4")).isEmpty();
        firewall.enforce(List.of(good), List.of(), NOW);
        assertThat(kernel.set("net4")).isEmpty();
    }

    @Test
    void reportsBansThatTheKernelLacks() throws IOException {
        Ban host = Bans.jail("203.0.113.7", DAY);
        Ban subscriber = Bans.feed("2001:db8:1:2::/64", DAY);
        Ban outer = Bans.operator("10.0.0.0/8", DAY);
        Ban inner = Bans.feed("10.1.0.0/16", Duration.ofDays(2));
        Ban single = Bans.forever("2001:db8:3::1");
        firewall.block(List.of(host, subscriber, outer, inner, single), NOW);
        Ban absentHost = Bans.jail("203.0.113.8", DAY);
        Ban otherSet = Bans.feed("203.0.113.7", DAY);
        Ban absentPrefix = Bans.operator("198.51.100.0/24", DAY);
        List<Ban> all = List.of(host, subscriber, outer, inner, single, absentHost, otherSet, absentPrefix);

        assertThat(firewall.compare(all, List.of(), NOW).missing())
                .containsExactlyInAnyOrder(absentHost, otherSet, absentPrefix);

        namespace.run("nft", "flush", "ruleset");
        assertThat(firewall.compare(all, List.of(), NOW).missing()).containsExactlyInAnyOrderElementsOf(all);
    }

    @Test
    void omitsAllowlistEntriesThatAnotherEntryCovers() throws IOException {
        List<Network> allowed = List.of(
                Bans.network("198.51.100.200"),
                Bans.network("198.51.100.0/24"),
                Bans.network("198.51.101.0/24"),
                Bans.network("2001:db8::/48"),
                Bans.network("2001:db8:0:1::/64"),
                Bans.network("2001:db8:7::1"));

        firewall.enforce(List.of(), allowed, NOW);

        assertThat(kernel.set("allow4")).isEqualTo(Map.of("198.51.100.0/24", 0, "198.51.101.0/24", 0));
        assertThat(kernel.set("allow6")).isEqualTo(Map.of("2001:db8::/48", 0, "2001:db8:7::1", 0));
    }
}
