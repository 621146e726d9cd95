package org.sipward.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NetworkSetTest {
    @Test
    void agreesWithAPlainSet() {
        Random random = new Random(1);
        Set<Network> expected = new HashSet<>();
        NetworkSet set = new NetworkSet();
        for (int i = 0; i < 5_000; i++) {
            int number = random.nextInt(3_000);
            Network network = number % 2 == 0
                    ? new Network(IpAddress.v4(number << 8), random.nextInt(33))
                    : new Network(new IpAddress((long) number << 32, number), random.nextInt(129));
            assertThat(set.contains(network)).isEqualTo(expected.contains(network));
            assertThat(set.add(network)).isEqualTo(expected.add(network));
        }

        assertThat(set).hasSameSizeAs(expected).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void tellsPrefixesOfOneAddressApart() {
        NetworkSet set = new NetworkSet();
        set.add(Network.parse("0.0.0.0/0").orElseThrow());

        assertThat(set.contains(Network.parse("0.0.0.0/8").orElseThrow())).isFalse();
        assertThat(set.contains(Network.parse("0.0.0.0/0").orElseThrow())).isTrue();
        assertThat(set.contains(Network.parse("::/0").orElseThrow())).isFalse();
    }
}
