package org.sipward.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipward.firewall.Bans.DAY;
import static org.sipward.firewall.Bans.NOW;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.sipward.ban.Ban;

/** Blocks and allows real packets over a veth between two namespaces. */
class NftablesTrafficTest {
    private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
    private static final String SERVER = "198.51.100.200";
    private static final String SERVER6 = "2001:db8:1:ff::1";

    private final NetworkNamespace server;
    private final NetworkNamespace internet;

    NftablesTrafficTest() throws IOException {
        server = NetworkNamespace.open();
        internet = NetworkNamespace.open();
        server.run("ip", "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", internet.name());
        address(server, SERVER + "/24", SERVER6 + "/48");
        address(internet, "198.51.100.1/24", "198.51.100.2/24", "198.51.100.3/24");
        address(internet, "2001:db8:1:1::5/48", "2001:db8:1:1::6/48", "2001:db8:1:2::5/48");
    }

    @AfterEach
    void closeNamespaces() throws IOException {
        server.close();
        internet.close();
    }

    private static void address(NetworkNamespace namespace, String... addresses) throws IOException {
        for (String address : addresses) {
            List<String> arguments = new ArrayList<>(List.of("address", "add", address, "dev", "eth0"));
            if (address.contains(":")) {
                arguments.add("nodad");
            }
            namespace.run("ip", arguments.toArray(String[]::new));
        }
        namespace.run("ip", "link", "set", "eth0", "up");
    }

    private Nftables firewall(List<Integer> ports) {
        Flows flows = new Flows(server.command("conntrack"), Path.of("/nonexistent"), CLOCK);
        return new Nftables(ports, CLOCK, server.command("nft"), flows, ForeignChanges.unheard());
    }

    /**
     * Sends a packet from each address, with the address as its text, then an end packet from the last address. Returns
     * the texts that arrived. Packets on one veth stay in order, so a packet that is not there before the end was
     * dropped.
     */
    private List<String> arriving(String to, int port, String... from) throws IOException {
        Process receiver = server.java(UdpProbe.class, "receive", String.valueOf(port));
        try (BufferedReader lines = receiver.inputReader()) {
            assertThat(lines.readLine()).isEqualTo("ready");
            List<String> arguments = new ArrayList<>(List.of("send", to, String.valueOf(port)));
            for (String address : from) {
                arguments.addAll(List.of(address, address));
            }
            arguments.addAll(List.of(from[from.length - 1], "end"));
            Process sender = internet.java(UdpProbe.class, arguments.toArray(String[]::new));
            List<String> arrived = new ArrayList<>(lines.lines().toList());
            sender.destroyForcibly();
            assertThat(arrived.remove("end")).isTrue();
            return arrived;
        } finally {
            receiver.destroyForcibly();
        }
    }

    @Test
    void letsEverybodyThroughWhileNobodyIsBanned() throws IOException {
        firewall(List.of()).enforce(List.of(), List.of(), NOW);

        assertThat(arriving(SERVER, 5060, "198.51.100.1", "198.51.100.2"))
                .containsExactly("198.51.100.1", "198.51.100.2");
    }

    @Test
    void dropsPacketsOfBlockedHostsUntilTheyAreUnblocked() throws IOException {
        Nftables firewall = firewall(List.of());
        firewall.enforce(List.of(), List.of(), NOW);
        Ban ban = Bans.jail("198.51.100.1", DAY);

        firewall.block(List.of(ban, Bans.feed("198.51.100.2", DAY)), NOW);
        assertThat(arriving(SERVER, 5060, "198.51.100.1", "198.51.100.2", "198.51.100.3"))
                .containsExactly("198.51.100.3");
        assertThat(firewall.dropped()).containsEntry("jail4", 1L).containsEntry("feed4", 1L);

        firewall.unblock(List.of(ban));
        assertThat(arriving(SERVER, 5060, "198.51.100.1", "198.51.100.2", "198.51.100.3"))
                .containsExactly("198.51.100.1", "198.51.100.3");

        firewall.enforce(List.of(ban), List.of(), NOW);
        assertThat(firewall.dropped())
                .as("counts outlive a scheduled enforce")
                .containsEntry("jail4", 1L)
                .containsEntry("feed4", 2L)
                .containsEntry("net6", 0L)
                .hasSize(6);
    }

    @Test
    void letsNothingThroughWhileTheTableOrItsContentsAreReplaced() throws IOException {
        List<Ban> bans = List.of(Bans.jail("198.51.100.1", DAY), Bans.feed("203.0.113.7", DAY));
        firewall(List.of()).enforce(bans, List.of(), NOW);
        Process receiver = server.java(UdpProbe.class, "receive", "5060");
        Process flood = internet.java(UdpProbe.class, "flood", SERVER, "5060", "198.51.100.1", "198.51.100.2");
        try (BufferedReader arrived = receiver.inputReader();
                BufferedReader flooding = flood.inputReader()) {
            assertThat(arrived.readLine()).isEqualTo("ready");
            assertThat(flooding.readLine()).isEqualTo("ready");

            Nftables firewall = firewall(List.of());
            for (int i = 0; i < 20; i++) {
                firewall.enforce(bans, List.of(), NOW);
                firewall.block(bans, NOW);
                firewall(List.of()).enforce(bans, List.of(), NOW);
            }
            flood.getOutputStream().write('\n');
            flood.getOutputStream().flush();

            assertThat(arrived.lines()).containsExactly("end");
        } finally {
            flood.destroyForcibly();
            receiver.destroyForcibly();
        }
    }

    @Test
    void letsAllowedHostsThroughEvenIfTheirAddressOrPrefixIsBlocked() throws IOException {
        Nftables firewall = firewall(List.of());
        firewall.enforce(List.of(), List.of(Bans.network("198.51.100.2"), Bans.network("198.51.100.3")), NOW);

        firewall.block(List.of(Bans.operator("198.51.100.0/24", DAY), Bans.jail("198.51.100.2", DAY)), NOW);

        assertThat(arriving(SERVER, 5060, "198.51.100.1", "198.51.100.2", "198.51.100.3"))
                .containsExactly("198.51.100.2", "198.51.100.3");
    }

    @Test
    void dropsTheWholeSixtyFourOfAnIpv6Offender() throws IOException {
        Nftables firewall = firewall(List.of());
        firewall.enforce(List.of(), List.of(), NOW);

        firewall.block(List.of(Bans.jail("2001:db8:1:1::/64", DAY)), NOW);

        assertThat(arriving(SERVER6, 5060, "2001:db8:1:1::5", "2001:db8:1:1::6", "2001:db8:1:2::5"))
                .containsExactly("2001:db8:1:2::5");
        assertThat(firewall.dropped().get("jail6")).isGreaterThanOrEqualTo(2);
    }

    @Test
    void letsBlockedHostsReachOtherPorts() throws IOException {
        Nftables firewall = firewall(List.of(5060, 5061));
        firewall.enforce(Set.of(Bans.jail("198.51.100.1", DAY)), List.of(), NOW);

        assertThat(arriving(SERVER, 5061, "198.51.100.1", "198.51.100.2")).containsExactly("198.51.100.2");
        assertThat(arriving(SERVER, 5062, "198.51.100.1", "198.51.100.2"))
                .containsExactly("198.51.100.1", "198.51.100.2");
    }
}
