package org.sipward.ban;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;

class BanListTest extends BanListFixture {
    @Test
    void storesAndBlocksAWholeBurstInOneCallEach() {
        List<Ban> bans = list.ban(List.of(request("203.0.113.7"), request("203.0.113.8"), request("203.0.113.7")));

        assertThat(bans).extracting(ban -> ban.network().toString()).containsExactly("203.0.113.7", "203.0.113.8");
        assertThat(firewall.calls).containsExactly("block 2");
        assertThat(store.bans).hasSize(2);
        assertThat(list.bans()).containsExactlyInAnyOrderElementsOf(bans);
    }

    @Test
    void bansFromTheTimeOfTheDecidingFailure() {
        clock.move(Duration.ofMinutes(10));

        Ban ban = list.ban(List.of(request("203.0.113.7"))).get(0);

        assertThat(ban.since()).isEqualTo(START);
        assertThat(ban.until()).isEqualTo(START.plus(Duration.ofHours(1)));
    }

    @Test
    void skipsABanThatWouldBeOverAlready() {
        clock.move(Duration.ofHours(2));

        assertThat(list.ban(List.of(request("203.0.113.7")))).isEmpty();
        assertThat(firewall.calls).isEmpty();
    }

    @Test
    void bansTwiceAsLongEachTimeUpToTheMaximum() {
        for (long hours : new long[] {1, 2, 3, 3}) {
            Ban ban = list.ban(List.of(request("203.0.113.7", clock.instant()))).get(0);
            assertThat(Duration.between(ban.since(), ban.until())).isEqualTo(Duration.ofHours(hours));
            clock.move(Duration.ofHours(4));
            list.tend();
        }
        assertThat(store.history.values()).extracting(Ban::count).containsExactly(1, 2, 3, 4);
    }

    @Test
    void doesNotChangeABanWhenItsAddressGoesOnFailing() {
        list.ban(List.of(request("203.0.113.7")));

        assertThat(list.ban(List.of(request("203.0.113.7", START.plusSeconds(1)))))
                .isEmpty();
        assertThat(store.history.values()).hasSize(1);
    }

    @Test
    void bansTheSubscriberOfAnIpv6Address() {
        Ban ban = list.ban(List.of(request("2001:db8:bad:1:2:3:4:5"))).get(0);

        assertThat(ban.network()).hasToString("2001:db8:bad:1::/64");
        assertThat(list.bansOf(IpAddress.parse("2001:db8:bad:1::9").orElseThrow()))
                .containsExactly(ban);
    }

    @Test
    void neverBansAllowlistedPrivateOrOwnAddresses() {
        assertThat(list.ban(List.of(
                        request("198.51.100.9"),
                        request("10.20.0.5"),
                        request("100.64.0.30"),
                        request("127.0.0.1"),
                        request("0.0.0.0"),
                        request("224.0.0.1"),
                        request("fe80::1"))))
                .isEmpty();
        assertThat(firewall.blocked).isEmpty();
    }

    @Test
    void bansPrivateAddressesIfConfigured() throws IOException {
        BanList told = new BanList(
                allowlist(true),
                new FakeStore(),
                firewall,
                clock,
                () -> clock.millis() * 1_000_000,
                any -> Optional.empty());
        told.open();

        assertThat(told.ban(List.of(request("10.20.0.5")))).hasSize(1);
        assertThat(told.ban(List.of(request("127.0.0.1")))).isEmpty();
    }

    @Test
    void bansForEverIfConfigured() {
        BanTime forever = new BanTime(Duration.ofDays(36_500), false, Duration.ofDays(36_500));
        IpAddress address = IpAddress.parse("203.0.113.7").orElseThrow();

        Ban ban = list.ban(List.of(new BanRequest(address, Origin.jail("test"), START, forever, "5 failed")))
                .get(0);

        assertThat(ban.until()).isEqualTo(Ban.FOREVER);
    }

    @Test
    void unbansAllWithinANetwork() {
        list.ban(List.of(request("203.0.113.7"), request("203.0.113.8"), request("192.0.2.1")));

        List<Ban> ended = list.unban(ban -> network("203.0.113.0/24").contains(ban.network()));

        assertThat(ended).hasSize(2);
        assertThat(firewall.blocked).containsExactly(network("192.0.2.1"));
        assertThat(store.bans).hasSize(1);
    }

    @Test
    void keepsAFeedsBanWhenAJailsBanOfTheSameAddressEnds() {
        list.impose(List.of(listed("203.0.113.7", START.plus(Duration.ofDays(7)))));
        list.ban(List.of(request("203.0.113.7")));
        assertThat(list.bans()).hasSize(2);

        clock.move(Duration.ofHours(2));
        list.tend();

        assertThat(list.bans()).extracting(Ban::origin).containsExactly(FEED);
    }

    @Test
    void refusesAFeedsBanThatTheAllowlistCovers() {
        Map<Ban, String> refused = list.impose(List.of(
                listed("198.51.100.9", START.plusSeconds(60)),
                listed("10.0.0.1", START.plusSeconds(60)),
                listed("203.0.113.7", START.plusSeconds(60))));

        assertThat(refused.values()).containsExactly("allowlist 198.51.100.0/24", "private or local address");
        assertThat(firewall.blocked).containsExactly(network("203.0.113.7"));
    }

    @Test
    void endsOnlyTheFeedsOwnBansWhenItNoLongerListsThem() {
        list.impose(List.of(listed("203.0.113.7", START.plusSeconds(60))));
        list.ban(List.of(request("203.0.113.7")));

        list.unlist(Origin.feed("other"), List.of(network("203.0.113.7")));
        assertThat(list.heldBy(FEED)).hasSize(1);
        list.unlist(FEED, List.of(network("203.0.113.7")));

        assertThat(list.bans()).extracting(Ban::origin).containsExactly(Origin.jail("test"));
    }

    @Test
    void allowingANetworkEndsTheBansWithinIt() throws IOException {
        list.ban(List.of(request("203.0.113.7")));

        List<Ban> ended = list.allow(network("203.0.113.0/24"), START.plus(Duration.ofHours(1)));

        assertThat(ended).hasSize(1);
        assertThat(firewall.blocked).isEmpty();
        assertThat(firewall.allowed).contains(network("203.0.113.0/24"));
        assertThat(list.ban(List.of(request("203.0.113.7", START.plusSeconds(5)))))
                .isEmpty();
    }

    @Test
    void anAllowanceEndsWithItsTime() throws IOException {
        list.allow(network("203.0.113.7"), START.plus(Duration.ofHours(1)));
        clock.move(Duration.ofHours(1));

        list.tend();

        assertThat(firewall.allowed).doesNotContain(network("203.0.113.7"));
        assertThat(list.ban(List.of(request("203.0.113.7", clock.instant())))).hasSize(1);
    }

    @Test
    void doesNotCountAnUnprovenBanForTheLengthOfTheNext() {
        BanRequest unproven = unproven("203.0.113.7", START);

        List<Ban> first = list.ban(List.of(unproven));
        clock.move(Duration.ofHours(2));
        List<Ban> second = list.ban(List.of(request("203.0.113.7", clock.instant())));

        assertThat(first).singleElement().extracting(Ban::count).isEqualTo(0);
        assertThat(second).singleElement().extracting(Ban::count).isEqualTo(1);
    }

    @Test
    void replacesAnUnprovenBanByAFullOne() {
        list.ban(List.of(unproven("203.0.113.7", START)));

        assertThat(list.ban(List.of(unproven("203.0.113.7", START.plusSeconds(5)))))
                .isEmpty();
        assertThat(list.ban(List.of(request("203.0.113.7", START.plusSeconds(10)))))
                .hasSize(1);
        assertThat(list.bans()).singleElement().extracting(Ban::count).isEqualTo(1);
    }

    @Test
    void refusesAFeedsBanOfAnAddressThatLoggedInHere() {
        Network phone = network("203.0.113.7");
        BanList trusting = new BanList(
                allowlist(false),
                store,
                firewall,
                clock,
                () -> clock.millis() * 1_000_000,
                address -> phone.contains(address)
                        ? Optional.of(new Trusted(phone, START, START.plusSeconds(60)))
                        : Optional.empty());
        Ban ban = listed("203.0.113.7", START.plusSeconds(600));

        assertThat(trusting.impose(List.of(ban, listed("203.0.113.8", START.plusSeconds(600)))))
                .containsOnlyKeys(ban);
        assertThat(trusting.ban(List.of(request("203.0.113.7")))).hasSize(1);
    }

    @Test
    void refusesMoreBansOfFeedsThanItHasRoomFor() {
        List<Ban> many = new ArrayList<>();
        for (int i = 0; i <= BanList.MAX_BANS; i++) {
            Network host = Network.host(IpAddress.v4((11 << 24) + i));
            many.add(new Ban(host, FEED, START, START.plusSeconds(60), 1, "listed"));
        }

        list.impose(many);

        assertThat(list.bans()).hasSize(BanList.MAX_BANS);
        assertThat(list.trouble()).singleElement().asString().contains("by feeds");
        assertThat(list.ban(List.of(request("203.0.113.7")))).hasSize(1);
    }

    @Test
    void bansTheNetworkOfACampaign() {
        assertThat(list().ban(List.of(campaign("203.0.113.0/24"))))
                .extracting(Ban::network)
                .containsExactly(network("203.0.113.0/24"));
    }

    @Test
    void neverBansANetworkThatContainsAnAllowedAddress() throws IOException {
        BanList guarded = list("203.0.113.200", "2001:db8:bad:7::1");
        guarded.allow(network("192.0.2.77"), START.plusSeconds(60));

        assertThat(guarded.ban(List.of(campaign("203.0.113.0/24")))).isEmpty();
        assertThat(guarded.ban(List.of(campaign("2001:db8:bad::/48")))).isEmpty();
        assertThat(guarded.ban(List.of(campaign("192.0.2.0/24")))).isEmpty();
        assertThat(guarded.ban(List.of(campaign("203.0.112.0/24")))).hasSize(1);
    }

    @Test
    void bansASingleAddressNextToAnAllowedOne() {
        assertThat(list("203.0.113.200").ban(List.of(request("203.0.113.7")))).hasSize(1);
    }
}
