package org.sipward.net;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All addresses that share their first bits: {@code 198.51.100.0/24}, {@code 2001:db8::/48}, or a single host.
 *
 * @param address the first address of the network; bits after the prefix are cleared
 * @param prefix the number of shared bits, out of 32 for IPv4 and out of 128 for IPv6
 */
public record Network(IpAddress address, int prefix) implements Comparable<Network> {
    /** The usual prefix length of an IPv6 customer, who can vary all bits after it at will. */
    public static final int V6_SUBSCRIBER = 64;

    /** The first 32 bits of 64:ff9b::/96 and 64:ff9b:1::/48, and of 2001::/32. */
    private static final long NAT64 = 0x0064_ff9bL;

    private static final long TEREDO = 0x2001_0000L;

    public Network {
        if (prefix < 0 || prefix > address.bits()) {
            throw new IllegalArgumentException("prefix of " + address + " is " + prefix);
        }
        address = mask(address, prefix);
    }

    /** Returns the network of this one address. */
    public static Network host(IpAddress address) {
        return new Network(address, address.bits());
    }

    /**
     * Returns the network that is counted and banned when this address offends: the address itself, or the /64 around
     * an IPv6 address, unless that is {@linkplain #isShared shared}.
     */
    public static Network ofOffender(IpAddress address) {
        return new Network(address, offenderPrefix(address));
    }

    /**
     * Returns whether this is the {@link #ofOffender} network of its addresses: a host, or an IPv6 /64 that is not
     * shared.
     */
    public boolean isOffender() {
        return prefix == offenderPrefix(address);
    }

    /**
     * Returns whether this is an IPv6 range in which a /64 does not belong to one subscriber, but contains hosts of the
     * whole IPv4 internet or all clients of a server: NAT64, Teredo, and IPv4 addresses with zeros before them.
     */
    public boolean isShared() {
        return isShared(address);
    }

    /** Parses {@code ADDRESS} or {@code ADDRESS/PREFIX}. Returns empty for any other text. */
    public static Optional<Network> parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return IpAddress.parse(text).map(Network::host);
        }
        String length = text.substring(slash + 1);
        if (length.isEmpty() || length.length() > 3 || !length.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return Optional.empty();
        }
        int prefix = Integer.parseInt(length);
        boolean mapped = text.indexOf(':') >= 0;
        return IpAddress.parse(text.substring(0, slash))
                .filter(address -> prefix <= address.bits() && !(mapped && address.isV4()))
                .map(address -> new Network(address, prefix));
    }

    /** Returns whether this is a single address. */
    public boolean isHost() {
        return prefix == address.bits();
    }

    /** Returns whether the address is in this network. */
    public boolean contains(IpAddress other) {
        // No new address is made here: a list of attackers leads to some million calls.
        int bits = address.isV4() ? prefix + 96 : prefix;
        return other.isV4() == address.isV4()
                && ((other.high() ^ address.high()) & ones(Math.min(bits, 64))) == 0
                && ((other.low() ^ address.low()) & ones(Math.max(bits - 64, 0))) == 0;
    }

    /** Returns whether every address of the other network is in this one. */
    public boolean contains(Network other) {
        return other.prefix >= prefix && contains(other.address);
    }

    /** Returns whether the two networks share an address. */
    public boolean overlaps(Network other) {
        return contains(other) || other.contains(this);
    }

    // Written out, as in IpAddress.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Network that && prefix == that.prefix && address.equals(that.address);
    }

    @Override
    public int hashCode() {
        return 31 * address.hashCode() + prefix;
    }

    @Override
    public int compareTo(Network other) {
        int byAddress = address.compareTo(other.address);
        return byAddress != 0 ? byAddress : Integer.compare(prefix, other.prefix);
    }

    /** Returns a text such as {@code 198.51.100.0/24}; a host has no prefix. */
    @Override
    public String toString() {
        return isHost() ? address.toString() : address + "/" + prefix;
    }

    private static int offenderPrefix(IpAddress address) {
        return address.isV4() || isShared(address) ? address.bits() : V6_SUBSCRIBER;
    }

    private static boolean isShared(IpAddress address) {
        long start = address.high() >>> 32;
        return start == NAT64 || start == TEREDO || (address.high() == 0 && !address.isV4());
    }

    private static IpAddress mask(IpAddress address, int prefix) {
        int bits = address.isV4() ? prefix + 96 : prefix;
        long high = bits >= 64 ? address.high() : address.high() & ones(bits);
        long low = bits <= 64 ? 0 : address.low() & ones(bits - 64);
        return high == address.high() && low == address.low() ? address : new IpAddress(high, low);
    }

    private static long ones(int bits) {
        return bits == 0 ? 0 : -1L << (64 - bits);
    }
}
