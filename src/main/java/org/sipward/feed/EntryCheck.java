package org.sipward.feed;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;
import org.sipward.net.Reach;

/**
 * Passes the entries that a list may name, and counts the others. The allowlist is not checked here but where bans
 * begin.
 *
 * <p>One thread at a time.
 */
final class EntryCheck {
    /** A prefix shorter than these is refused. */
    static final int WIDEST_V4 = 16;

    static final int WIDEST_V6 = 32;

    private long malformed;
    private long local;
    private long wide;

    /** Returns the networks to ban, each once, in the order of the list. */
    Set<Network> pass(List<String> texts) {
        Set<Network> passed = new LinkedHashSet<>();
        for (String text : texts) {
            check(text, passed);
        }
        return passed;
    }

    private void check(String text, Set<Network> passed) {
        Optional<Network> network = Network.parse(text).map(EntryCheck::asBanned);
        if (network.isEmpty()) {
            malformed++;
        } else if (isWide(network.get())) {
            wide++;
        } else if (network.get().isShared() || Reach.isLocal(network.get())) {
            // Only the translator's owner knows which IPv4 address belongs to a translated one; a list does not.
            local++;
        } else {
            passed.add(network.get());
        }
    }

    /** Sets the counters to zero. */
    void reset() {
        malformed = 0;
        local = 0;
        wide = 0;
    }

    /** Returns the counters; the caller counts allowlisted and expired entries. */
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
}
