package org.sipward.feed;

import org.sipward.net.Network;

/** Counts how much of the address space some networks cover, none of which is wide. */
final class AddressSpace {
    /**
     * The most address space that one list may cover: sixteen of the widest prefixes, which is a /12 of IPv4, 1/4096 of
     * it. That is a million single hosts, five times as many as a list may hold. A list that covers more does not name
     * attackers, but providers.
     */
    private static final int WIDEST_PREFIXES = 16;

    private long v4;
    private long v6;

    /** Returns a copy with the same counts. */
    AddressSpace copy() {
        AddressSpace copy = new AddressSpace();
        copy.v4 = v4;
        copy.v6 = v6;
        return copy;
    }

    /** Adds a network that was not added before: its IPv4 addresses or IPv6 subscribers. */
    void add(Network network) {
        if (network.address().isV4()) {
            v4 += 1L << (32 - network.prefix());
        } else {
            v6 += 1L << Math.max(0, Network.V6_SUBSCRIBER - network.prefix());
        }
    }

    /** Returns whether this is more of the address space than a list may cover. */
    boolean isTooMuch() {
        return v4 > WIDEST_PREFIXES * (1L << (32 - EntryCheck.WIDEST_V4))
                || v6 > WIDEST_PREFIXES * (1L << (Network.V6_SUBSCRIBER - EntryCheck.WIDEST_V6));
    }
}
