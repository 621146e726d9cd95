package org.sipward.ban;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;
import org.sipward.net.Reach;

/**
 * What is never banned: what the operator configured, what he allowed by command, and the addresses without which this
 * machine would be cut off.
 *
 * <p>Names are looked up by {@link #refresh} only, never while a line is judged; a name that cannot be found now keeps
 * the addresses that it had.
 *
 * <p>Thread-safe. {@code refresh} waits for the DNS and holds no lock meanwhile.
 */
public final class Allowlist {
    private volatile List<String> entries;
    private volatile boolean banPrivate;
    private final Surroundings surroundings;
    /** Held while the DNS is asked, and only by those who ask it: of two refreshes the later one must win. */
    private final Object refreshing = new Object();

    private final LookedUp lookedUp = new LookedUp();
    private final Map<Network, Instant> byCommand = new TreeMap<>();
    private NavigableMap<Network, String> configured = new TreeMap<>();
    private Set<Integer> prefixes = Set.of();

    /**
     * Makes an allowlist that is empty but for loopback until {@link #refresh}.
     *
     * @param entries addresses, prefixes, host names, and {@code file:PATH} with such entries, one a line
     * @param banPrivate whether private and other local addresses may be banned
     */
    public Allowlist(List<String> entries, boolean banPrivate) {
        this(entries, banPrivate, new Surroundings(Path.of("/")));
    }

    Allowlist(List<String> entries, boolean banPrivate, Surroundings surroundings) {
        this.entries = List.copyOf(entries);
        this.banPrivate = banPrivate;
        this.surroundings = surroundings;
    }

    /** Takes other entries, which count from the next {@link #refresh} on. */
    public void configure(List<String> changed, boolean privateToo) {
        entries = List.copyOf(changed);
        banPrivate = privateToo;
    }

    /** Looks everything up again: names, files, this machine's addresses. Returns whether the list has changed. */
    public boolean refresh() {
        synchronized (refreshing) {
            NavigableMap<Network, String> fresh = new TreeMap<>(surroundings.look());
            for (String loopback : List.of("127.0.0.0/8", "::1")) {
                fresh.put(Network.parse(loopback).orElseThrow(), "loopback");
            }
            for (String entry : entries) {
                for (Network network : lookedUp.networks(entry)) {
                    fresh.put(network, "allowlist " + entry);
                }
            }
            return take(fresh);
        }
    }

    private synchronized boolean take(NavigableMap<Network, String> fresh) {
        boolean changed = !fresh.keySet().equals(configured.keySet());
        configured = fresh;
        prefixes = fresh.keySet().stream().map(Network::prefix).collect(Collectors.toSet());
        return changed;
    }

    /** Returns why this offender must not be banned: he himself is on the list, or all that would be banned with him. */
    public Optional<String> reason(IpAddress offender) {
        return reason(Network.host(offender)).or(() -> reason(Network.ofOffender(offender)));
    }

    /**
     * Returns why what a jail asks for must not be banned. A network that would be banned for the sake of several
     * offenders must not even hold an address that is on the list.
     */
    public Optional<String> reason(BanRequest request) {
        Optional<String> reason = reason(request.address());
        return reason.isPresent() || !request.isWide()
                ? reason
                : reason(request.network()).or(() -> reasonWithin(request.network()));
    }

    private synchronized Optional<String> reasonWithin(Network network) {
        // Of the networks in order, those within another follow directly behind it.
        Optional<Network> held = Optional.ofNullable(configured.ceilingKey(network))
                .filter(network::contains)
                .or(() -> byCommand.keySet().stream().filter(network::contains).findFirst());
        return held.map(inner -> "holds " + inner + ", "
                + Optional.ofNullable(configured.get(inner)).orElse("allowed by command"));
    }

    /** Returns why this network must not be banned, in the operator's words, or empty if it may be. */
    public synchronized Optional<String> reason(Network network) {
        for (Map.Entry<Network, Instant> allowed : byCommand.entrySet()) {
            if (allowed.getKey().contains(network)) {
                boolean forever = allowed.getValue().equals(Ban.FOREVER);
                return Optional.of("allowed by command" + (forever ? "" : " until " + allowed.getValue()));
            }
        }
        for (int prefix : prefixes) {
            if (prefix <= network.prefix()) {
                String reason = configured.get(new Network(network.address(), prefix));
                if (reason != null) {
                    return Optional.of(reason);
                }
            }
        }
        return !banPrivate && Reach.isLocal(network) ? Optional.of("private or local address") : Optional.empty();
    }

    /** Returns all networks on the list, for the firewall. */
    public synchronized List<Network> networks() {
        List<Network> networks = new ArrayList<>(configured.keySet());
        networks.addAll(byCommand.keySet());
        return networks;
    }

    /** Returns what was allowed by command, with its end. */
    synchronized Map<Network, Instant> allowedByCommand() {
        return Map.copyOf(byCommand);
    }

    synchronized void allow(Network network, Instant until) {
        byCommand.put(network, until);
    }

    synchronized boolean disallow(Network network) {
        return byCommand.remove(network) != null;
    }

    /** Takes out and returns what was allowed by command and is over. */
    synchronized List<Network> removeOver(Instant now) {
        List<Network> over = byCommand.entrySet().stream()
                .filter(allowed -> !allowed.getValue().isAfter(now))
                .map(Map.Entry::getKey)
                .toList();
        over.forEach(byCommand::remove);
        return over;
    }
}
