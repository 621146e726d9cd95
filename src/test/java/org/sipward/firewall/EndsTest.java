package org.sipward.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.sipward.ban.Ban;
import org.sipward.net.IpAddress;

class EndsTest {
    private final Ends ends = new Ends();

    @Test
    void agreesWithAMap() {
        Random random = new Random(1);
        Map<IpAddress, Instant> expected = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            IpAddress address = address(random);
            Instant until = i % 5 == 0 ? Ban.FOREVER : Instant.ofEpochMilli(1_800_000_000_000L + random.nextInt());
            ends.put(address, until);
            expected.put(address, until);
        }
        for (int i = 0; i < 20_000; i++) {
            IpAddress address = address(random);
            assertThat(ends.holds(address)).isEqualTo(expected.containsKey(address));
        }

        int number = 0;
        for (IpAddress address : expected.keySet()) {
            if (number++ % 2 == 0) {
                ends.tickOff(address);
            }
        }

        number = 0;
        for (Map.Entry<IpAddress, Instant> entry : expected.entrySet()) {
            assertThat(ends.of(entry.getKey())).isEqualTo(entry.getValue());
            assertThat(ends.isTickedOff(entry.getKey())).isEqualTo(number++ % 2 == 0);
        }
    }

    private static IpAddress address(Random random) {
        int number = random.nextInt(20_000);
        return number % 2 == 0 ? IpAddress.v4(number) : new IpAddress(0x2001_0db8_0000_0000L + number, 0);
    }
}
