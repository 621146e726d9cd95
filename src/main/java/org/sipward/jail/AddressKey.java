package org.sipward.jail;

import org.sipward.net.IpAddress;
import org.sipward.net.Network;

/**
 * Turns an address into one long. For IPv4 this is the lower half of its IPv6 form, {@code 0:0:0:0:0:ffff:a.b.c.d}.
 * For IPv6, which is counted by /64, it is the upper half; if the /64 is {@linkplain Network#isShared shared}, it is
 * the last 32 bits, which are the IPv4 address in it. These keys cannot be confused: upper halves that begin with
 * {@code 0000:fffb} to {@code 0000:ffff} are in {@code ::/8}, which RFC 4291 reserves and nobody routes.
 */
final class AddressKey {
    private static final long V4 = 0xffffL;
    private static final long FIRST_SHARED = 0xfffbL;

    /**
     * The upper halves of shared IPv6 addresses, in the order of their key prefixes: 64:ff9b::, the rest of NAT64,
     * Teredo, zeros.
     */
    private static final long[] SHARED = {0x0064_ff9b_0000_0000L, 0x0064_ff9b_0001_0000L, 0x2001_0000_0000_0000L, 0};

    private AddressKey() {}

    /** Returns an address with this key. */
    static IpAddress address(long key) {
        int kind = (int) ((key >>> 32) - FIRST_SHARED);
        if (key >>> 32 == V4) {
            return IpAddress.v4((int) key);
        }
        return kind >= 0 && kind < SHARED.length
                ? new IpAddress(SHARED[kind], key & 0xffff_ffffL)
                : new IpAddress(key, 0);
    }

    /** Returns the key of an address. All addresses that are counted together have the same key. */
    static long of(IpAddress address) {
        long last = address.low() & 0xffff_ffffL;
        if (address.isV4()) {
            return (V4 << 32) | last;
        }
        for (int kind = 0; kind < SHARED.length; kind++) {
            boolean longer = kind == 1 || kind == 2;
            if (longer ? address.high() >>> 32 == SHARED[kind] >>> 32 : address.high() == SHARED[kind]) {
                return (FIRST_SHARED + kind) << 32 | last;
            }
        }
        return address.high();
    }
}
