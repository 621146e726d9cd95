package org.sipward.firewall;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.sipward.ban.Ban;
import org.sipward.net.Network;

/**
 * The sets of the table, in the order in which the chain looks them up.
 *
 * <p>Hosts are in hash sets, where adding an element costs the same at any size. One more element in an interval set of
 * 50,000 takes nft 1.0.6 0.4 s of CPU, because it reads the whole set back. An IPv6 /64 is in a hash set as its first
 * address, and the rule masks the source address before the lookup.
 */
enum KernelSet {
    ALLOW4(true, false),
    ALLOW6(true, false),
    JAIL4(false, true),
    JAIL6(false, true),
    FEED4(false, true),
    FEED6(false, true),
    NET4(true, true),
    NET6(true, true);

    private final boolean interval;
    private final boolean timeout;

    KernelSet(boolean interval, boolean timeout) {
        this.interval = interval;
        this.timeout = timeout;
    }

    /** Returns the set that holds this ban. */
    static KernelSet of(Ban ban) {
        Network network = ban.network();
        boolean v4 = network.address().isV4();
        // Sets with a masked lookup cannot hold a single IPv6 address. The ban list has few of these.
        if (v4 ? !network.isHost() : network.prefix() != Network.V6_SUBSCRIBER) {
            return v4 ? NET4 : NET6;
        }
        if (ban.origin().isFeed()) {
            return v4 ? FEED4 : FEED6;
        }
        return v4 ? JAIL4 : JAIL6;
    }

    /** Returns the set of this name in the kernel. */
    static Optional<KernelSet> named(String name) {
        return Arrays.stream(values())
                .filter(set -> set.kernelName().equals(name))
                .findFirst();
    }

    /** Returns the name of the set in the kernel. */
    String kernelName() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean isV4() {
        return name().endsWith("4");
    }

    /** Returns whether the set holds prefixes rather than hosts. */
    boolean isInterval() {
        return interval;
    }

    /** Returns whether packets from elements of this set are let through. */
    boolean isAllowed() {
        return !timeout;
    }

    /** Returns type and flags in nft's syntax. */
    String definition() {
        String flags = interval && timeout ? "interval, timeout" : interval ? "interval" : "timeout";
        return "type " + (isV4() ? "ipv4_addr" : "ipv6_addr") + "; flags " + flags + ";";
    }

    /** Returns the part of a rule that matches packets from elements of this set. */
    String match() {
        if (isV4()) {
            return "ip saddr @" + kernelName();
        }
        return (interval ? "ip6 saddr @" : "ip6 saddr & ffff:ffff:ffff:ffff:: @") + kernelName();
    }

    /** Returns the text of this network as an element of the set. */
    String text(Network network) {
        return interval ? network.toString() : network.address().toString();
    }
}
