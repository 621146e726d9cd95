package org.sipward.firewall;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.sipward.ban.Ban;
import org.sipward.net.Network;

/**
 * The sets of the table, in the order in which the chain looks them up.
 *
 * <p>Hosts stand in hash sets, where an element costs the same at any size: one more in an interval set of 50,000 costs
 * nft 1.0.6 0.4 s of CPU, because it reads the whole set back. An IPv6 /64 stands in a hash set by its first address,
 * and is looked up masked.
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
        // A single IPv6 address is no element of a set that is looked up masked; the ban list has few of them.
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

    /** Returns whether the set holds prefixes, and not hosts. */
    boolean isInterval() {
        return interval;
    }

    /** Returns whether what the set holds is let through. */
    boolean isAllowed() {
        return !timeout;
    }

    /** Returns type and flags as nft wants them. */
    String definition() {
        String flags = interval && timeout ? "interval, timeout" : interval ? "interval" : "timeout";
        return "type " + (isV4() ? "ipv4_addr" : "ipv6_addr") + "; flags " + flags + ";";
    }

    /** Returns the part of a rule that is true for packets from what the set holds. */
    String match() {
        if (isV4()) {
            return "ip saddr @" + kernelName();
        }
        return (interval ? "ip6 saddr @" : "ip6 saddr & ffff:ffff:ffff:ffff:: @") + kernelName();
    }

    /** Returns how the set writes this network. */
    String text(Network network) {
        return interval ? network.toString() : network.address().toString();
    }
}
