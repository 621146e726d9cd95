package org.sipward.firewall;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import org.sipward.ban.Ban;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;

/**
 * The banned prefixes, and the elements that an interval set must hold for them. The elements of such a set must not
 * overlap: one that does makes the whole transaction fail.
 *
 * <p>If one prefix lies inside another, the inner one is left out, unless it lasts longer; then the outer one is cut
 * around it. So at every moment exactly the union of the banned prefixes is blocked, and nothing has to be done when
 * one of them ends. A cut makes at most 31 pieces of an IPv4 prefix, 127 of an IPv6 one.
 *
 * <p>Immutable. Holds about 100 bytes for each prefix, and nothing for hosts.
 */
final class BannedPrefixes {
    /** The ban of a prefix by a jail or the operator ends independently of a feed's ban of the same prefix. */
    private record Key(Network network, boolean feed) {
        static Key of(Ban ban) {
            return new Key(ban.network(), ban.origin().isFeed());
        }
    }

    private final Map<Key, Instant> ends;

    private BannedPrefixes(Map<Key, Instant> ends) {
        this.ends = ends;
    }

    static BannedPrefixes none() {
        return new BannedPrefixes(Map.of());
    }

    /** Returns these prefixes and those of the bans; the same object if no ban is of a prefix. */
    BannedPrefixes with(Collection<Ban> bans) {
        Map<Key, Instant> all = new HashMap<>();
        for (Ban ban : bans) {
            if (KernelSet.of(ban).isInterval()) {
                all.put(Key.of(ban), ban.until());
            }
        }
        if (all.isEmpty()) {
            return this;
        }
        ends.forEach(all::putIfAbsent);
        return new BannedPrefixes(all);
    }

    /** Returns these without the bans' prefixes; the same object if that changes nothing. */
    BannedPrefixes without(Collection<Ban> bans) {
        Map<Key, Instant> rest = new HashMap<>(ends);
        for (Ban ban : bans) {
            rest.remove(Key.of(ban));
        }
        return rest.size() == ends.size() ? this : new BannedPrefixes(rest);
    }

    /** Returns the elements that this interval set must hold from now on. No two of them overlap. */
    List<Element> elements(KernelSet set, Instant now) {
        TreeMap<Network, Instant> sorted = new TreeMap<>();
        ends.forEach((key, until) -> {
            if (key.network().address().isV4() == set.isV4() && until.isAfter(now)) {
                sorted.merge(key.network(), until, BannedPrefixes::later);
            }
        });
        // In this order, the prefixes inside a prefix follow directly after it.
        List<Element> elements = new ArrayList<>();
        while (!sorted.isEmpty()) {
            Element outer = element(sorted.pollFirstEntry());
            List<Element> inner = new ArrayList<>();
            while (!sorted.isEmpty() && outer.network().contains(sorted.firstKey())) {
                inner.add(element(sorted.pollFirstEntry()));
            }
            cut(outer, inner, elements);
        }
        return elements;
    }

    /** Returns the networks, without those that lie inside another one. */
    static List<Network> outermost(Collection<Network> networks) {
        List<Network> outermost = new ArrayList<>();
        for (Network network : networks.stream().sorted().toList()) {
            if (outermost.isEmpty() || !outermost.get(outermost.size() - 1).contains(network)) {
                outermost.add(network);
            }
        }
        return outermost;
    }

    /**
     * Returns whether the other networks together contain every address of the network. The other networks must not
     * overlap. Many of them cost hardly more than few.
     */
    static boolean isCovered(Network network, NavigableSet<Network> disjoint) {
        Network before = disjoint.floor(network);
        if (before != null && before.contains(network)) {
            return true;
        }
        List<Network> inner = new ArrayList<>();
        for (Network other : disjoint.tailSet(network, false)) {
            if (!network.contains(other)) {
                break;
            }
            inner.add(other);
        }
        return isCovered(network, inner);
    }

    private static boolean isCovered(Network network, List<Network> others) {
        List<Network> inner = new ArrayList<>();
        for (Network other : others) {
            if (other.contains(network)) {
                return true;
            }
            if (network.contains(other)) {
                inner.add(other);
            }
        }
        return !inner.isEmpty() && halves(network).stream().allMatch(half -> isCovered(half, inner));
    }

    /** Returns the prefixes that make up the range between two addresses of one family, both included. */
    static List<Network> between(IpAddress first, IpAddress last) {
        List<Network> parts = new ArrayList<>();
        if (first.isV4() == last.isV4()) {
            IpAddress lowest = first.isV4() ? IpAddress.v4(0) : new IpAddress(0, 0);
            between(new Network(lowest, 0), first, last, parts);
        }
        return parts;
    }

    private static void between(Network part, IpAddress first, IpAddress last, List<Network> to) {
        IpAddress end = last(part);
        if (end.compareTo(first) < 0 || part.address().compareTo(last) > 0) {
            return;
        }
        if (part.address().compareTo(first) >= 0 && end.compareTo(last) <= 0) {
            to.add(part);
            return;
        }
        halves(part).forEach(half -> between(half, first, last, to));
    }

    private static IpAddress last(Network network) {
        int free = network.address().bits() - network.prefix();
        long high = free <= 64 ? 0 : free == 128 ? -1 : (1L << (free - 64)) - 1;
        long low = free >= 64 ? -1 : (1L << free) - 1;
        return new IpAddress(network.address().high() | high, network.address().low() | low);
    }

    /** Adds the outer prefix, cut around those inner prefixes that last longer. */
    private static void cut(Element outer, List<Element> inner, List<Element> to) {
        List<Element> longer =
                inner.stream().filter(e -> e.until().isAfter(outer.until())).toList();
        if (longer.isEmpty()) {
            to.add(outer);
            return;
        }
        for (Network half : halves(outer.network())) {
            Instant until = outer.until();
            List<Element> within = new ArrayList<>();
            for (Element element : longer) {
                if (element.network().equals(half)) {
                    until = later(until, element.until());
                } else if (half.contains(element.network())) {
                    within.add(element);
                }
            }
            cut(new Element(half, until), within, to);
        }
    }

    private static List<Network> halves(Network network) {
        IpAddress address = network.address();
        int bit = address.isV4() ? 96 + network.prefix() : network.prefix();
        IpAddress middle = bit < 64
                ? new IpAddress(address.high() | Long.MIN_VALUE >>> bit, address.low())
                : new IpAddress(address.high(), address.low() | Long.MIN_VALUE >>> (bit - 64));
        int longer = network.prefix() + 1;
        return List.of(new Network(address, longer), new Network(middle, longer));
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static Element element(Map.Entry<Network, Instant> entry) {
        return new Element(entry.getKey(), entry.getValue());
    }
}
