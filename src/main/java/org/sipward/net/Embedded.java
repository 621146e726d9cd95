package org.sipward.net;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * An IPv4 network that IPv6 addresses stand for, because a transition technique embeds IPv4 addresses in them.
 *
 * @param technique the name of the technique, for the operator
 * @param network the IPv4 network; for a Teredo address, that of the client and not of the server
 */
public record Embedded(String technique, Network network) {
    private static final long SIX_TO_FOUR = 0x2002L;
    private static final long TEREDO = 0x2001_0000L;
    private static final long NAT64 = 0x0064_ff9b_0000_0000L;
    private static final long LOCAL_NAT64 = 0x0064_ff9b_0001L;
    private static final long TRANSLATED = 0xffff_0000L;
    /**
     * The first half of an ISATAP interface identifier, without the bit that says whether the IPv4 address is global.
     */
    private static final long ISATAP = 0x0000_5efeL;

    private static final long GLOBAL_BIT = 0x0200_0000L;
    private static final int BEFORE_LAST_32 = 96;

    /**
     * Returns the IPv4 network that all addresses of this network stand for. Returns several if the form is ambiguous:
     * the prefix of a local NAT64 may have four lengths (RFC 6052). Returns none for an IPv4 network, and for a network
     * whose addresses stand for nothing or for unrelated IPv4 addresses.
     *
     * <p>An ISATAP address counts only if no packet from the internet can have it, since anybody can give an address in
     * their own /64 that form. For the same reason the server in a Teredo address does not count: the sender chooses
     * it.
     */
    public static List<Embedded> in(Network network) {
        long high = network.address().high();
        long low = network.address().low();
        if (network.address().isV4()) {
            return List.of();
        }
        if (high >>> 48 == SIX_TO_FOUR && network.prefix() >= 16) {
            return List.of(new Embedded("6to4", v4((int) (high >>> 16), Math.min(network.prefix() - 16, 32))));
        }
        if (network.prefix() < BEFORE_LAST_32) {
            return List.of();
        }
        int prefix = network.prefix() - BEFORE_LAST_32;
        long third = low >>> 32;
        if (high >>> 32 == TEREDO) {
            return List.of(new Embedded("Teredo", v4(~(int) low, prefix)));
        }
        if (high == NAT64 && third == 0) {
            return List.of(new Embedded("NAT64", v4((int) low, prefix)));
        }
        if (high >>> 16 == LOCAL_NAT64) {
            return localNat64(network, prefix);
        }
        if (high == 0 && third == TRANSLATED) {
            return List.of(new Embedded("IPv4-translated", v4((int) low, prefix)));
        }
        // :: and ::1 look like IPv4-compatible addresses but are not.
        if (high == 0 && third == 0 && low >>> 1 != 0) {
            return List.of(new Embedded("IPv4-compatible", v4((int) low, prefix)));
        }
        if ((third & ~GLOBAL_BIT) == ISATAP && isLocal(high)) {
            return List.of(new Embedded("ISATAP", v4((int) low, prefix)));
        }
        return List.of();
    }

    /** Returns the IPv6 networks whose addresses always stand for this IPv4 network, wherever the packet comes from. */
    public static Stream<Network> formsOf(Network v4) {
        if (!v4.address().isV4()) {
            return Stream.empty();
        }
        long bits = v4.address().low() & 0xffff_ffffL;
        return Stream.of(
                new Network(new IpAddress(SIX_TO_FOUR << 48 | bits << 16, 0), 16 + v4.prefix()),
                new Network(new IpAddress(NAT64, bits), BEFORE_LAST_32 + v4.prefix()));
    }

    private static List<Embedded> localNat64(Network network, int prefix) {
        long high = network.address().high();
        long low = network.address().low();
        List<Embedded> found = new ArrayList<>();
        // Bits 64 to 71 are zero in every form.
        if (low >>> 56 != 0) {
            return found;
        }
        found.add(new Embedded("NAT64", v4((int) low, prefix)));
        if (network.isHost() && (low & 0xff_ffffL) == 0) {
            found.add(new Embedded("NAT64", v4((int) (low >>> 24), 32)));
        }
        if (network.isHost() && (int) low == 0) {
            found.add(new Embedded("NAT64", v4((int) (high << 24 | low >>> 32), 32)));
        }
        if (network.isHost() && (low & 0xff_ffff_ffffL) == 0) {
            found.add(new Embedded("NAT64", v4((int) (high << 16 | low >>> 40), 32)));
        }
        return found;
    }

    private static boolean isLocal(long high) {
        return high >>> 54 == 0xfe80 >>> 6 || high >>> 57 == 0xfc >>> 1;
    }

    private static Network v4(int bits, int prefix) {
        return new Network(IpAddress.v4(bits), prefix);
    }
}
