package org.sipward.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {
    @ParameterizedTest
    @CsvSource({
        "203.0.113.7, 203.0.113.7",
        "0.0.0.0, 0.0.0.0",
        "255.255.255.255, 255.255.255.255",
        "::ffff:203.0.113.7, 203.0.113.7",
        "::FFFF:cb00:7107, 203.0.113.7",
        "2001:DB8:BAD:0:0:0:0:5, 2001:db8:bad::5",
        "2001:db8:bad::5:5060, 2001:db8:bad::5:5060",
        "2001:db8::1:0:0:1, 2001:db8::1:0:0:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "1:2:3:4:5:6:7:8, 1:2:3:4:5:6:7:8",
        "1::, 1::",
        "::, ::",
        "::1, ::1",
        "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
        "::2:3:4:5:6:7:8, 0:2:3:4:5:6:7:8",
        "64:ff9b::203.0.113.7, 64:ff9b::cb00:7107",
        "1:2:3:4:5:6:1.2.3.4, 1:2:3:4:5:6:102:304"
    })
    void readsEverySpellingAndWritesOne(String text, String canonical) {
        assertThat(IpAddress.parse(text)).map(IpAddress::toString).contains(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1.2.3",
                "1.2.3.4.5",
                "1.2.3.",
                ".1.2.3",
                "1.2.3.256",
                "01.2.3.4",
                "1.2.3.04",
                "1.2.3.4:5060",
                "[::1]",
                "fe80::1%eth0",
                "1.2.3.4/32",
                " 1.2.3.4",
                "1.2.3.4 ",
                "localhost",
                "a.b",
                ":",
                ":::",
                "1::2::3",
                "1:2:3:4:5:6:7",
                "1:2:3:4:5:6:7:8:9",
                "1:2:3:4:5:6:7:",
                ":1:2:3:4:5:6:7",
                "::1:2:3:4:5:6:7:8",
                "12345::",
                "g::1",
                "1:2:3:4:5:6:7:1.2.3.4",
                "::1.2.3",
                "::1.2.3.4:5",
                "1.2.3.4::",
                "１.2.3.4",
                "0x1.2.3.4",
                "1.2.3.4\n",
                "1.2.3.4\u0000"
            })
    void refusesTextThatIsNotExactlyAnAddress(String text) {
        assertThat(IpAddress.parse(text)).isEmpty();
    }

    @Test
    void agreesWithJavaOnRandomAddresses() throws Exception {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 20_000; i++) {
            // Many groups are zero, so that the short form with :: is tested.
            long high = random.nextLong() & mask(random);
            long low = random.nextLong() & mask(random);
            IpAddress address = new IpAddress(high, low);

            IpAddress back = IpAddress.parse(address.toString()).orElseThrow();

            assertThat(back).isEqualTo(address);
            assertThat(IpAddress.of(InetAddress.getByName(address.toString()))).isEqualTo(address);
        }
    }

    @Test
    void neverThrowsOnRandomBytes() {
        SplittableRandom random = new SplittableRandom(8);
        String alphabet = "0123456789abcdefABCDEF:.::..%[]/ g";
        for (int i = 0; i < 200_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(48); length > 0; length--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }

            IpAddress.parse(text.toString())
                    .ifPresent(address ->
                            assertThat(IpAddress.parse(address.toString())).contains(address));
        }
    }

    private static long mask(SplittableRandom random) {
        long mask = 0;
        for (int group = 0; group < 4; group++) {
            mask = (mask << 16) | (random.nextBoolean() ? 0xffff : 0);
        }
        return mask;
    }
}
