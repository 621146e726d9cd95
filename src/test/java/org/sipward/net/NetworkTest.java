package org.sipward.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {
    @ParameterizedTest
    @CsvSource({
        "198.51.100.7/24, 198.51.100.0/24",
        "198.51.100.7/32, 198.51.100.7",
        "198.51.100.7, 198.51.100.7",
        "0.0.0.0/0, 0.0.0.0/0",
        "2001:db8:1:2:3::/64, 2001:db8:1:2::/64",
        "2001:db8::1/128, 2001:db8::1",
        "2001:db8:ffff::/33, 2001:db8:8000::/33",
        "::/0, ::/0"
    })
    void clearsTheBitsAfterThePrefix(String text, String canonical) {
        assertThat(Network.parse(text)).map(Network::toString).contains(canonical);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "1.2.3.4/",
                "1.2.3.4/33",
                "1.2.3.4/-1",
                "1.2.3.4/+8",
                "::/129",
                "::ffff:1.2.3.4/120",
                "a/8",
                "1.2.3.4/1/2"
            })
    void refusesTextThatIsNotANetwork(String text) {
        assertThat(Network.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "198.51.100.0/24, 198.51.100.255, true",
        "198.51.100.0/24, 198.51.101.0, false",
        "0.0.0.0/0, 203.0.113.7, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "::/0, 203.0.113.7, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::1, false"
    })
    void knowsWhichAddressesItContains(String network, String address, boolean expected) {
        assertThat(parse(network).contains(IpAddress.parse(address).orElseThrow()))
                .isEqualTo(expected);
    }

    @Test
    void countsAnIpv6OffenderByItsSubscriber() {
        assertThat(Network.ofOffender(IpAddress.parse("2001:db8:bad:1:2:3:4:5").orElseThrow()))
                .isEqualTo(parse("2001:db8:bad:1::/64"));
        assertThat(Network.ofOffender(IpAddress.parse("203.0.113.7").orElseThrow()))
                .isEqualTo(parse("203.0.113.7"));
    }

    @Test
    void overlapsNetworksInsideAndAroundIt() {
        assertThat(parse("10.0.0.0/8").overlaps(parse("10.1.0.0/16"))).isTrue();
        assertThat(parse("10.1.0.0/16").overlaps(parse("10.0.0.0/8"))).isTrue();
        assertThat(parse("10.1.0.0/16").overlaps(parse("10.2.0.0/16"))).isFalse();
    }

    @Test
    void refusesAPrefixThatItsFamilyCannotHave() {
        IpAddress address = IpAddress.parse("203.0.113.7").orElseThrow();

        assertThatThrownBy(() -> new Network(address, 33)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "10.20.0.5, true",
        "192.168.1.1, true",
        "172.31.0.1, true",
        "172.32.0.1, false",
        "100.64.0.30, true",
        "127.0.0.1, true",
        "0.0.0.0, true",
        "224.0.0.1, true",
        "255.255.255.255, true",
        "169.254.1.1, true",
        "203.0.113.7, false",
        "8.8.8.8, false",
        "64:ff9b::8.8.8.8, false",
        "64:ff9b::10.0.0.1, true",
        "64:ff9b:1::8.8.8.8, true",
        "64:ff9b::/64, true",
        "2002:808:808::/48, false",
        "2002:a00:1::1, true",
        "2002::/16, true",
        "2001::f7f7:f7f7, false",
        "2001::f5ff:fffe, true",
        "2001::/32, false",
        "::1, true",
        "::, true",
        "fe80::1, true",
        "fd00::1, true",
        "ff02::1, true",
        "2001:db8:bad::1, false",
        "2a00::1, false",
        "0.0.0.0/0, true",
        "8.0.0.0/6, true"
    })
    void tellsLocalFromGlobal(String network, boolean local) {
        assertThat(Reach.isLocal(parse(network))).isEqualTo(local);
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.7, true",
        "203.0.113.0/24, false",
        "203.0.113.6/31, false",
        "2001:db8:bad:1::/64, true",
        "64:ff9b::203.0.113.7, true",
        "64:ff9b::/64, false",
        "64:ff9b:1::203.0.113.7, true",
        "2001:0:808:808:0:1234:34ff:8ef8, true",
        "2001:0:808:808::/64, false",
        "2002:cb00:7107:1::/64, true",
        "2001:db8:bad:1::, false",
        "2001:db8:bad::/48, false"
    })
    void knowsWhetherItIsTheNetworkOfOneOffender(String network, boolean offender) {
        assertThat(parse(network).isOffender())
                .isEqualTo(offender)
                .isEqualTo(
                        parse(network).equals(Network.ofOffender(parse(network).address())));
    }

    private static Network parse(String text) {
        return Network.parse(text).orElseThrow();
    }
}
