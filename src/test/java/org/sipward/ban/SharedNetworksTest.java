package org.sipward.ban;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.sipward.net.IpAddress;

/**
 * A /64 that does not belong to one subscriber is never banned for one host in it: this machine's own /64, and those of
 * translators.
 */
class SharedNetworksTest extends BanListFixture {
    @Test
    void bansANeighbourAloneAndNeverTheNetworkThatThisMachineIsIn() throws IOException {
        BanList neighbours = neighbours();

        assertThat(neighbours.ban(List.of(request("2001:db8:5060::bad"))))
                .extracting(Ban::network)
                .containsExactly(network("2001:db8:5060::bad"));
        assertThat(neighbours.ban(List.of(request("2001:db8:5060::10"), request("fe80::bad"))))
                .isEmpty();
        assertThat(neighbours.ban(List.of(campaign("2001:db8:5060::/48")))).isEmpty();
        assertThat(neighbours.ban(List.of(request("2001:db8:5061::bad"))))
                .extracting(Ban::network)
                .containsExactly(network("2001:db8:5061::/64"));
    }

    @Test
    void refusesAFeedsBanOfTheNetworkThatThisMachineIsIn() throws IOException {
        BanList neighbours = neighbours();
        Instant end = START.plusSeconds(60);

        assertThat(neighbours.impose(List.of(
                        listed("2001:db8:5060::/64", end),
                        listed("2001:db8:5060::/48", end),
                        listed("2001:db8:5061::/64", end))))
                .containsOnlyKeys(listed("2001:db8:5060::/64", end), listed("2001:db8:5060::/48", end));
    }

    @Test
    void endsAStoredBanOfTheNetworkThatThisMachineIsIn() throws IOException {
        store.add(List.of(listed("2001:db8:5060::/64", START.plusSeconds(60))));

        assertThat(neighbours().bans()).isEmpty();
    }

    @Test
    void bansLinkLocalNeighboursOneByOneIfPrivateAddressesMayBeBanned() throws IOException {
        Allowlist allowlist = new Allowlist(List.of(), true, surroundings());
        allowlist.refresh();
        BanList told = new BanList(allowlist, store, firewall, clock, () -> 0, any -> Optional.empty());
        told.open();

        assertThat(told.ban(List.of(request("fe80::bad"), request("fd00:1:2:3::bad"))))
                .extracting(ban -> ban.network().toString())
                .containsExactly("fe80::bad", "fd00:1:2:3::/64");
    }

    @Test
    void bansOneHostBehindATranslatorAndNeverItsNetwork() {
        assertThat(list.ban(List.of(
                        request("64:ff9b::203.0.113.7"),
                        request("64:ff9b::10.0.0.1"),
                        request("64:ff9b::198.51.100.9"),
                        request("2001:0:808:808::34ff:8ef8"))))
                .extracting(ban -> ban.network().toString())
                .containsExactly("64:ff9b::cb00:7107", "2001:0:808:808::34ff:8ef8");
    }

    @Test
    void bansFewSingleIpv6AddressesAndEvenFewerUnprovenOnes() {
        List<BanRequest> flood = IntStream.range(0, 10_000)
                .mapToObj(i -> unproven(translated(i), START))
                .toList();
        list.ban(flood.subList(0, 50));
        list.ban(flood);
        assertThat(list.bans()).hasSize(Singles.MAX_UNPROVEN);
        for (int i = 0; i <= Singles.MAX; i++) {
            list.ban(List.of(request(translated(10_000 + i))));
        }
        assertThat(list.bans()).hasSize(Singles.MAX);

        assertThat(list.ban(List.of(request("192.0.2.77"), request("2001:db8:bad::1"))))
                .hasSize(2);
    }

    private static String translated(int number) {
        return new IpAddress(0x64_ff9b_0000_0000L, 0xcb00_0000L + number).toString();
    }

    @Test
    void allowingAnAddressEndsTheBansOfItsIpv6Forms() throws IOException {
        list.ban(
                List.of(request("2002:cb00:7107:5::1"), request("64:ff9b::203.0.113.7"), request("2002:cb00:7108::1")));

        assertThat(list.allow(network("203.0.113.7"), Ban.FOREVER))
                .extracting(ban -> ban.network().toString())
                .containsExactlyInAnyOrder("2002:cb00:7107:5::/64", "64:ff9b::cb00:7107");
        assertThat(firewall.allowed).contains(network("2002:cb00:7107::/48"), network("64:ff9b::cb00:7107"));
    }

    private BanList neighbours() throws IOException {
        Allowlist allowlist = new Allowlist(List.of(), false, surroundings());
        allowlist.refresh();
        BanList neighbours = new BanList(allowlist, store, firewall, clock, () -> 0, any -> Optional.empty());
        neighbours.open();
        return neighbours;
    }

    private OwnAddresses surroundings() {
        List<IpAddress> own = List.of(
                IpAddress.parse("2001:db8:5060::10").orElseThrow(),
                IpAddress.parse("fe80::10").orElseThrow());
        return new OwnAddresses(root, () -> own);
    }
}
