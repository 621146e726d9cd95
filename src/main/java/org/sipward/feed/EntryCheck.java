package org.sipward.feed;

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
final class EntryCheck {
    /** Prefixes shorter than these are refused one by one. */
    static final int WIDEST_V4 = 16;

    static final int WIDEST_V6 = 32;

    private long malformed;
    private long local;
    private long wide;

    /** Returns the networks to ban, each once, in the order of the list. */
    Set<Network> pass(List<String> texts) {
        Set<Network> passed = new LinkedHashSet<>();
        for (String text : texts) {
            screen(text, passed);
        }
        return passed;
    }

    private void screen(String text, Set<Network> passed) {
        Optional<Network> network = Network.parse(text).map(EntryCheck::asBanned);
        if (network.isEmpty()) {
            malformed++;
        } else if (isWide(network.get())) {
            wide++;
        } else if (network.get().isShared() || Reach.isLocal(network.get())) {
            // Which IPv4 address stands behind a translated one, the translator's owner knows; a list does not.
            local++;
        } else {
            passed.add(network.get());
        }
    }

    /** Counts from zero. */
    void reset() {
        malformed = 0;
        local = 0;
        wide = 0;
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
}
