package org.sipward.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddedTest {
    @ParameterizedTest
    @CsvSource({
        "2002:c633:6407::1, 6to4, 198.51.100.7",
        "2002:c633:6407:5::/64, 6to4, 198.51.100.7",
        "2002:c633:6400::/40, 6to4, 198.51.100.0/24",
        // RFC 4380: port and address of the client are written with all bits inverted.
        "2001:0:4136:e378:8000:63bf:39cc:9bf8, Teredo, 198.51.100.7",
        "64:ff9b::198.51.100.7, NAT64, 198.51.100.7",
        "64:ff9b::c633:6400/120, NAT64, 198.51.100.0/24",
        "::198.51.100.7, IPv4-compatible, 198.51.100.7",
        "::ffff:0:198.51.100.7, IPv4-translated, 198.51.100.7",
        "fe80::5efe:198.51.100.7, ISATAP, 198.51.100.7",
        "fe80::200:5efe:198.51.100.7, ISATAP, 198.51.100.7",
        "fd00:1:2:3:0:5efe:198.51.100.7, ISATAP, 198.51.100.7"
    })
    void findsTheIpv4AddressThatAnIpv6AddressStandsFor(String text, String technique, String v4) {
        assertThat(Embedded.in(parse(text))).containsExactly(new Embedded(technique, parse(v4)));
    }

    /** The examples of RFC 6052, section 2.4, with the prefix of RFC 8215. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "64:ff9b:1:c000:2:2100::", // /48
                "64:ff9b:1:1c0:0:221::", // /56
                "64:ff9b:1:122:c0:2:2100::", // /64
                "64:ff9b:1:344::192.0.2.33" // /96
            })
    void findsTheAddressAfterALocalPrefixOfAnyLength(String text) {
        assertThat(Embedded.in(parse(text)))
                .extracting(embedded -> embedded.network().toString())
                .contains("192.0.2.33");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "198.51.100.7",
                "2001:db8::198.51.100.7",
                // Anybody can give an address in their own network the form of ISATAP, and name any server for Teredo.
                "2a00:1:2:3:0:5efe:198.51.100.7",
                "2001:0:c633:6407::/64",
                "64:ff9b::/64",
                "2000::/8",
                "::",
                "::1",
                "64:ff9b:1:0:ff00::198.51.100.7"
            })
    void findsNoneInOtherAddresses(String text) {
        assertThat(Embedded.in(parse(text))).isEmpty();
    }

    @Test
    void writesAnIpv4NetworkIntoEachForm() {
        assertThat(Embedded.formsOf(parse("198.51.100.0/24")))
                .containsExactly(parse("2002:c633:6400::/40"), parse("64:ff9b::c633:6400/120"));
        assertThat(Embedded.formsOf(parse("2001:db8::/32"))).isEmpty();
    }

    private static Network parse(String text) {
        return Network.parse(text).orElseThrow();
    }
}
