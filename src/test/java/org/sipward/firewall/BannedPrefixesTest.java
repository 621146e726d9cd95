package org.sipward.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipward.firewall.Bans.DAY;
import static org.sipward.firewall.Bans.NOW;
import static org.sipward.firewall.Bans.network;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.sipward.ban.Ban;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;

class BannedPrefixesTest {
    private static final Duration TWO_DAYS = Duration.ofDays(2);

    private static List<String> elements(KernelSet set, Ban... bans) {
        return BannedPrefixes.none().with(List.of(bans)).elements(set, NOW).stream()
                .map(element -> element.network() + " "
                        + Duration.between(NOW, element.until()).toDays())
                .toList();
    }

    @Test
    void keepsFamiliesApart() {
        Ban v4 = Bans.operator("10.0.0.0/8", DAY);
        Ban v6 = Bans.operator("::/0", DAY);

        assertThat(elements(KernelSet.NET4, v4, v6)).containsExactly("10.0.0.0/8 1");
        assertThat(elements(KernelSet.NET6, v4, v6)).containsExactly("::/0 1");
    }

    @Test
    void leavesOutAPrefixThatAnotherOneCoversForAsLong() {
        assertThat(elements(
                        KernelSet.NET4,
                        Bans.operator("10.1.0.0/16", DAY),
                        Bans.operator("10.0.0.0/8", DAY),
                        Bans.feed("11.0.0.0/8", DAY)))
                .containsExactly("10.0.0.0/8 1", "11.0.0.0/8 1");
    }

    @Test
    void cutsAPrefixAroundAnInnerOneThatLastsLonger() {
        assertThat(elements(
                        KernelSet.NET6,
                        Bans.operator("2001:db8::/46", DAY),
                        Bans.operator("2001:db8:1::/48", TWO_DAYS),
                        Bans.operator("2001:db8:1::1", DAY)))
                .containsExactly("2001:db8::/48 1", "2001:db8:1::/48 2", "2001:db8:2::/47 1");
    }

    @Test
    void usesTheLaterEndIfTwoBansAreOfOnePrefix() {
        assertThat(elements(KernelSet.NET4, Bans.operator("10.0.0.0/8", DAY), Bans.feed("10.0.0.0/8", TWO_DAYS)))
                .containsExactly("10.0.0.0/8 2");
    }

    @Test
    void returnsTheSameObjectIfNoPrefixChanges() {
        BannedPrefixes prefixes = BannedPrefixes.none().with(List.of(Bans.operator("10.0.0.0/8", DAY)));
        List<Ban> hosts = List.of(Bans.jail("203.0.113.7", DAY), Bans.jail("2001:db8:1:2::/64", DAY));

        assertThat(prefixes.with(hosts)).isSameAs(prefixes);
        assertThat(prefixes.without(hosts)).isSameAs(prefixes);
    }

    @Test
    void knowsThatSeveralPartsTogetherCoverANetwork() {
        TreeSet<Network> held =
                new TreeSet<>(List.of(network("10.0.0.0/9"), network("10.128.0.0/10"), network("10.192.0.0/10")));

        assertThat(BannedPrefixes.isCovered(network("10.0.0.0/8"), held)).isTrue();
        assertThat(BannedPrefixes.isCovered(network("10.5.5.5"), held)).isTrue();
        assertThat(BannedPrefixes.isCovered(network("10.0.0.0/7"), held)).isFalse();
        assertThat(BannedPrefixes.isCovered(network("10.0.0.0/8"), held.headSet(network("10.192.0.0/10"), false)))
                .isFalse();
        assertThat(BannedPrefixes.isCovered(network("::/0"), held)).isFalse();
    }

    @Test
    void blocksExactlyTheUnionAtEveryMoment() {
        Random random = new Random(20_261_122);
        for (int round = 0; round < 300; round++) {
            List<Ban> bans = new ArrayList<>();
            for (int i = random.nextInt(8); i >= 0; i--) {
                Network network = new Network(IpAddress.v4(0x0a00_0000 | random.nextInt(256)), 24 + random.nextInt(8));
                bans.add(Bans.operator(network.toString(), Duration.ofHours(1 + random.nextInt(5))));
            }
            BannedPrefixes prefixes = BannedPrefixes.none().with(bans);
            List<Element> elements = prefixes.elements(KernelSet.NET4, NOW);

            for (int last = 0; last < 256; last++) {
                IpAddress address = IpAddress.v4(0x0a00_0000 | last);
                assertThat(elements.stream()
                                .filter(element -> element.network().contains(address))
                                .map(Element::until))
                        .as("%s in %s", address, bans)
                        .containsExactlyElementsOf(latest(bans, address));
            }
        }
    }

    /** If one network has two bans, the later one in the list counts. */
    private static List<Instant> latest(List<Ban> bans, IpAddress address) {
        Map<Network, Instant> ends = new HashMap<>();
        bans.forEach(ban -> ends.put(ban.network(), ban.until()));
        return ends.entrySet().stream()
                .filter(entry -> entry.getKey().contains(address))
                .map(Map.Entry::getValue)
                .max(Instant::compareTo)
                .stream()
                .toList();
    }
}
