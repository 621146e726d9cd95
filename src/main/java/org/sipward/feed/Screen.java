package org.sipward.feed;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;
import org.sipward.net.Reach;

/**
 * Lets through what a list may name, and counts the rest. The allowlist is not asked here but where bans begin.
 *
 * <p>One thread at a time.
 */
final class Screen {
    /** Prefixes shorter than these are refused one by one. */
    static final int WIDEST_V4 = 16;

    static final int WIDEST_V6 = 32;

    /**
     * The most of the address space that one list may take: sixteen of the widest prefixes, which is a /12 of IPv4, 1/4096
     * of it. As single hosts it is a million, five times what a list may hold; a list of attackers that
     * names more names providers.
     */
    private static final int WIDEST_PREFIXES = 16;

    private long malformed;
    private long local;
    private long wide;

    /** Returns whether the text is an address or prefix, of whatever kind. */
    static boolean looksLikeAddress(String text) {
        return Network.parse(text).isPresent();
    }

    /** Returns the networks to ban, each once, in the order of the list. */
    Set<Network> pass(List<String> texts) {
        Set<Network> passed = new LinkedHashSet<>();
        for (String text : texts) {
            Optional<Network> network = Network.parse(text).map(Screen::asBanned);
            if (network.isEmpty()) {
                malformed++;
            } else if (isWide(network.get())) {
                wide++;
            } else if (Reach.isLocal(network.get())) {
                local++;
            } else {
                passed.add(network.get());
            }
        }
        return passed;
    }

    /** Returns whether these networks, beside those that are there, would take more of the address space than a list may. */
    static boolean isTooMuch(Collection<Network> there, Set<Network> more) {
        long v4 = 0;
        long v6 = 0;
        for (Network network : more) {
            v4 += hosts(network, true);
            v6 += hosts(network, false);
        }
        for (Network network : there) {
            if (!more.contains(network)) {
                v4 += hosts(network, true);
                v6 += hosts(network, false);
            }
        }
        return v4 > WIDEST_PREFIXES * (1L << (32 - WIDEST_V4))
                || v6 > WIDEST_PREFIXES * (1L << (Network.V6_SUBSCRIBER - WIDEST_V6));
    }

    /** Returns the counters; what the allowlist refused and what was over is counted by the caller. */
    FeedStatus.Refused counters(long allowed, long expired) {
        return new FeedStatus.Refused(malformed, local, wide, allowed, expired);
    }

    private static Network asBanned(Network network) {
        IpAddress address = network.address();
        boolean insideSubscriber = !address.isV4() && network.prefix() > Network.V6_SUBSCRIBER;
        return insideSubscriber ? Network.ofOffender(address) : network;
    }

    private static boolean isWide(Network network) {
        return network.prefix() < (network.address().isV4() ? WIDEST_V4 : WIDEST_V6);
    }

    /** IPv4 addresses, or IPv6 subscribers, in a network that is not wide; 0 for the other family. */
    private static long hosts(Network network, boolean v4) {
        if (network.address().isV4() != v4) {
            return 0;
        }
        return 1L << Math.max(0, (v4 ? 32 : Network.V6_SUBSCRIBER) - network.prefix());
    }
}
