package org.sipward.ban;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;

class PackedBansTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00.123Z");
    private static final Origin JAIL = Origin.jail("asterisk");
    private static final Origin FEED = Origin.feed("apiban");

    private final PackedBans bans = new PackedBans();

    @Test
    void returnsTheBansThatWerePut() {
        Ban host = ban("203.0.113.7", JAIL, NOW.plusSeconds(60), "5 auth-failed");
        Ban prefix = ban("198.51.100.0/24", Origin.OPERATOR, Ban.FOREVER, "called at night");
        Ban subscriber = ban("2001:db8:1:2::/64", FEED, NOW, "listed");
        Ban all = ban("0.0.0.0/0", JAIL, NOW, "");
        Ban old = new Ban(network("::/0"), JAIL, Instant.parse("1900-01-01T00:00:00Z"), NOW, Integer.MAX_VALUE, "x");

        for (Ban ban : new Ban[] {host, prefix, subscriber, all, old}) {
            bans.put(ban);
        }

        assertThat(bans).containsExactlyInAnyOrder(host, prefix, subscriber, all, old);
        assertThat(bans.get(host.network(), false)).contains(host);
        assertThat(bans.get(host.network(), true)).isEmpty();
        assertThat(bans.get(network("203.0.113.8"), false)).isEmpty();
        assertThat(bans.networks(FEED)).containsExactly(subscriber.network());
    }

    @Test
    void removesOnlyExactlyThisBan() {
        Ban ban = ban("203.0.113.7", JAIL, NOW, "");
        bans.put(ban);

        bans.remove(ban("203.0.113.7", JAIL, NOW.plusSeconds(1), ""));
        assertThat(bans).containsExactly(ban);

        bans.remove(ban);
        assertThat(bans).isEmpty();
    }

    @Test
    void findsBansThatAreOver() {
        Ban first = ban("203.0.113.1", JAIL, NOW.plusSeconds(1), "");
        Ban second = ban("203.0.113.2", FEED, NOW.plusSeconds(2), "");
        Ban third = ban("203.0.113.3", JAIL, NOW.plusSeconds(3), "");
        bans.put(first);
        bans.put(second);
        bans.put(third);

        assertThat(bans.over(NOW, 9)).isEmpty();
        assertThat(bans.over(NOW.plusSeconds(1), 9)).containsExactly(first);
        assertThat(bans.over(NOW.plusSeconds(2), 9)).containsExactly(first, second);
        assertThat(bans.live(NOW.plusSeconds(2))).hasSize(1).containsExactly(third);
    }

    /**
     * {@code of} finds bans by their possible keys, in the order of their rows. The test compares it with a full
     * search.
     */
    @Test
    void findsAllBansThatContainAnAddress() {
        Random random = new Random(2);
        for (int i = 0; i < 4_000; i++) {
            Network network = randomNetwork(random);
            bans.put(new Ban(network, i % 2 == 0 ? JAIL : FEED, NOW, NOW.plusSeconds(i % 3), i, ""));
        }
        for (String wide : new String[] {"0.0.0.0/0", "80.0.0.0/8", "::/0", "2001:db8::/48"}) {
            bans.put(ban(wide, FEED, NOW.plusSeconds(9), ""));
            bans.put(ban(wide, JAIL, NOW.plusSeconds(9), ""));
        }

        for (Network network : List.copyOf(bans.networks(FEED))) {
            IpAddress address = network.address();
            List<Ban> expected = bans.live(NOW).stream()
                    .filter(ban -> ban.network().contains(address))
                    .toList();
            assertThat(expected).hasSizeGreaterThan(1);
            assertThat(bans.of(address, NOW)).isEqualTo(expected);
        }
    }

    /** Chunks, index and shared causes grow and shrink many times. The test compares the bans with a plain map. */
    @Test
    void agreesWithAMapAfterManyRandomChanges() {
        Random random = new Random(1);
        Map<Map.Entry<Network, Boolean>, Ban> expected = new HashMap<>();
        for (int step = 0; step < 60_000; step++) {
            // First the bans become more, then fewer.
            boolean put = random.nextInt(100) < (step < 30_000 ? 70 : 30);
            Network network = randomNetwork(random);
            Origin origin = random.nextBoolean() ? JAIL : FEED;
            Map.Entry<Network, Boolean> key = Map.entry(network, origin.isFeed());
            if (put) {
                Ban ban =
                        new Ban(network, origin, NOW, NOW.plusMillis(random.nextInt(1000)), step, "reason " + step % 7);
                bans.put(ban);
                expected.put(key, ban);
            } else {
                bans.remove(network, origin.isFeed());
                expected.remove(key);
            }
            assertThat(bans.size()).isEqualTo(expected.size());
        }

        assertThat(bans).containsExactlyInAnyOrderElementsOf(expected.values());
        expected.forEach(
                (key, ban) -> assertThat(bans.get(key.getKey(), key.getValue())).contains(ban));
        assertThat(bans.count(Rank.LISTED)).isEqualTo((int)
                expected.keySet().stream().filter(Map.Entry::getValue).count());
        expected.values().forEach(bans::remove);
        assertThat(bans).isEmpty();
        assertThat(bans.count(Rank.PROVEN)).isZero();
    }

    @Test
    void sharedValuesLastAsLongAsTheyAreUsed() {
        Shared<String> shared = new Shared<>();
        int first = shared.use("a");
        int second = shared.use("b");
        assertThat(shared.use("a")).isEqualTo(first);

        shared.release(first);
        assertThat(shared.value(first)).isEqualTo("a");
        shared.release(first);

        assertThat(shared.size()).isEqualTo(1);
        assertThat(shared.use("c")).isEqualTo(first);
        assertThat(shared.value(first)).isEqualTo("c");
        assertThat(shared.value(second)).isEqualTo("b");
    }

    private static Network randomNetwork(Random random) {
        int number = random.nextInt(4000);
        return number % 3 == 0
                ? Network.ofOffender(new IpAddress(0x2001_0db8_0000_0000L + number, 0))
                : new Network(IpAddress.v4(0x5000_0000 + number * 256), number % 3 == 1 ? 32 : 24);
    }

    private static Ban ban(String network, Origin origin, Instant until, String reason) {
        return new Ban(network(network), origin, NOW, until, 1, reason);
    }

    private static Network network(String text) {
        return Network.parse(text).orElseThrow();
    }
}
