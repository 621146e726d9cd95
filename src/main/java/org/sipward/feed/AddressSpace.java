package org.sipward.feed;

import org.sipward.net.Network;

/** How much of the address space some networks take, none of which is wide. */
final class AddressSpace {
    /**
     * The most of the address space that one list may take: sixteen of the widest prefixes, which is a /12 of IPv4, 1/4096
     * of it. As single hosts it is a million, five times what a list may hold; a list of attackers that
     * names more names providers.
     */
    private static final int WIDEST_PREFIXES = 16;

    private long v4;
    private long v6;

    /** Returns another one, which takes as much by now. */
    AddressSpace copy() {
        AddressSpace copy = new AddressSpace();
        copy.v4 = v4;
        copy.v6 = v6;
        return copy;
    }

    /** Takes a network in, which must not be there yet: its IPv4 addresses or IPv6 subscribers. */
    void add(Network network) {
        if (network.address().isV4()) {
            v4 += 1L << (32 - network.prefix());
        } else {
            v6 += 1L << Math.max(0, Network.V6_SUBSCRIBER - network.prefix());
        }
    }

    /** Returns whether this is more of the address space than a list may take. */
    boolean isTooMuch() {
        return v4 > WIDEST_PREFIXES * (1L << (32 - EntryCheck.WIDEST_V4))
                || v6 > WIDEST_PREFIXES * (1L << (Network.V6_SUBSCRIBER - EntryCheck.WIDEST_V6));
    }
}
