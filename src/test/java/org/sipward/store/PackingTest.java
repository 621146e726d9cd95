package org.sipward.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.sipward.ban.Ban;
import org.sipward.ban.BanStore.Past;
import org.sipward.ban.Origin;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;

class PackingTest {
    private final Random random = new Random(20261128);

    @Test
    void unpacksTheBansThatWerePacked() {
        for (int round = 0; round < 300; round++) {
            List<Past> bans = randomBans(random.nextInt(40));

            byte[] packed = Packing.pack(bans);

            assertThat(Packing.unpack(packed)).isEqualTo(bans);
            Head head = Packing.head(packed);
            assertThat(head.size()).isEqualTo(bans.size());
            assertThat(head.keys())
                    .isSorted()
                    .containsExactlyInAnyOrder(bans.stream()
                            .mapToInt(past -> Packing.key(past.ban().network()))
                            .toArray());
            assertThat(bans.stream().map(past -> past.ban().since().toEpochMilli()))
                    .allMatch(since -> since >= head.first() && since <= head.last());
        }
    }

    @Test
    void takesTwentyBytesForABanThatSharesItsReason() {
        List<Past> bans = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            Instant since = Samples.START.plusMillis(random.nextInt(10_000));
            Network host = Network.host(IpAddress.v4(random.nextInt()));
            bans.add(new Past(
                    new Ban(host, Samples.JAIL, since, since.plusSeconds(86_400), 1, "5 request-failed"),
                    Optional.empty()));
        }

        assertThat(Packing.pack(bans)).hasSizeLessThan(21 * 1_000);
    }

    /** Stores contain these keys, so they must never change. */
    @Test
    void givesANetworkTheSameKeyForEver() {
        assertThat(Packing.key(Samples.network("203.0.113.7"))).isEqualTo(-357_722_610);
        assertThat(Packing.key(Samples.network("2001:db8::/48"))).isEqualTo(-1_299_824_537);
    }

    @Test
    void refusesDamagedBytes() {
        byte[] packed = Packing.pack(randomBans(20));
        for (int round = 0; round < 500; round++) {
            byte[] damaged = packed.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));

            assertThatThrownBy(() -> Packing.unpack(damaged)).isInstanceOf(IllegalArgumentException.class);
        }
        for (int length = 0; length < packed.length; length++) {
            byte[] cut = Arrays.copyOf(packed, length);

            assertThatThrownBy(() -> Packing.head(cut)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private List<Past> randomBans(int count) {
        List<Past> bans = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            IpAddress address = random.nextBoolean()
                    ? IpAddress.v4(random.nextInt())
                    : new IpAddress(random.nextLong(), random.nextLong());
            Network network = new Network(address, random.nextInt(address.bits() + 1));
            Origin origin = random.nextInt(5) == 0 ? Origin.OPERATOR : Origin.jail("jail" + random.nextInt(3));
            Instant since = time();
            Instant until = random.nextInt(5) == 0 ? Ban.FOREVER : time();
            String reason = "\u20ac".repeat(random.nextInt(3)) + random.nextInt(4);
            bans.add(new Past(
                    new Ban(network, origin, since, until, random.nextInt(1 << random.nextInt(31)), reason),
                    random.nextBoolean() ? Optional.empty() : Optional.of(time())));
        }
        return bans;
    }

    private Instant time() {
        return Instant.ofEpochMilli(random.nextLong() >>> (20 + random.nextInt(44)));
    }
}
