package org.sipward.ban;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.sipward.net.Embedded;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;
import org.sipward.net.Reach;

/**
 * The networks that are never banned: those that the operator configured or allowed by command, and the addresses
 * without which this machine would be cut off. An allowed IPv4 address is also allowed in its forms for 6to4, Teredo,
 * NAT64 and the like ({@link Embedded}).
 *
 * <p>{@link #refresh} reads literals, files and this machine's own addresses, and never waits for the DNS: a host name
 * stands for the addresses that {@link HostNames} knows. When these change, the change takes effect at the next
 * refresh.
 *
 * <p>Thread-safe.
 */
public final class Allowlist {
    /** The whole IPv4 internet, as a NAT64 translator maps it. */
    private static final Network NAT64 = Network.parse("64:ff9b::/96").orElseThrow();

    private static final int NARROWEST_WIDE = NAT64.prefix() + 8;

    private volatile List<String> entries;
    private volatile boolean banPrivate;
    private final HostNames names;
    private final OwnAddresses ownAddresses;
    /** Held while files are read: if two refreshes run at once, the later one must win. */
    private final Object refreshing = new Object();

    private final AllowlistEntries listedEntries;
    private final Map<Network, Instant> byCommand = new TreeMap<>();
    private NavigableMap<Network, String> configured = new TreeMap<>();
    private Set<Integer> prefixes = Set.of();
    private volatile Set<Network> onLink = Set.of();
    private List<String> fileTrouble = List.of();

    /**
     * Makes an allowlist that is empty until {@link #refresh}. It does not keep the addresses of host names over a
     * restart.
     *
     * @param entries addresses, prefixes, host names, and {@code file:PATH} with such entries, one a line
     * @param banPrivate whether private and other local addresses may be banned
     */
    public Allowlist(List<String> entries, boolean banPrivate) {
        this(entries, banPrivate, HostNames.unstored());
    }

    /** Makes an allowlist that is empty until {@link #refresh}. */
    public Allowlist(List<String> entries, boolean banPrivate, HostNames names) {
        this(entries, banPrivate, names, new OwnAddresses(Path.of("/")));
    }

    Allowlist(List<String> entries, boolean banPrivate, OwnAddresses ownAddresses) {
        this(entries, banPrivate, HostNames.unstored(), ownAddresses);
    }

    Allowlist(List<String> entries, boolean banPrivate, HostNames names, OwnAddresses ownAddresses) {
        this.entries = List.copyOf(entries);
        this.banPrivate = banPrivate;
        this.names = names;
        this.listedEntries = new AllowlistEntries(names);
        this.ownAddresses = ownAddresses;
    }

    /** Replaces the entries. The new ones take effect at the next {@link #refresh}. */
    public void configure(List<String> changed, boolean privateToo) {
        entries = List.copyOf(changed);
        banPrivate = privateToo;
    }

    /**
     * Reads everything again: files, this machine's own addresses, and the known addresses of host names. Starts the
     * lookup of new names. Returns whether the list has changed.
     */
    public boolean refresh() {
        synchronized (refreshing) {
            NavigableMap<Network, String> fresh = new TreeMap<>(ownAddresses.look());
            for (String loopback : List.of("127.0.0.0/8", "::1")) {
                fresh.put(Network.parse(loopback).orElseThrow(), "loopback");
            }
            listedEntries.addTo(fresh, entries);
            return take(fresh, ownAddresses.onLink(), listedEntries.trouble());
        }
    }

    /** Refreshes, and waits until the DNS has answered for all names, but no longer than {@code patience}. */
    public void refresh(Duration patience) throws InterruptedException {
        refresh();
        names.await(patience);
        refresh();
    }

    /** Returns a message for each entry that now protects nothing, or less than it should; empty when all is well. */
    public List<String> trouble() {
        List<String> trouble = new ArrayList<>();
        synchronized (this) {
            trouble.addAll(fileTrouble);
        }
        trouble.addAll(names.trouble());
        return trouble;
    }

    private synchronized boolean take(
            NavigableMap<Network, String> fresh, Set<Network> freshOnLink, List<String> trouble) {
        boolean changed = !fresh.keySet().equals(configured.keySet()) || !freshOnLink.equals(onLink);
        configured = fresh;
        prefixes = fresh.keySet().stream().map(Network::prefix).collect(Collectors.toSet());
        onLink = freshOnLink;
        fileTrouble = trouble;
        return changed;
    }

    /**
     * Returns the network to ban when this address offends: its {@linkplain Network#ofOffender offender's network}, or
     * the address alone if that network is on this machine's link.
     */
    public Network bannedFor(IpAddress offender) {
        Network network = Network.ofOffender(offender);
        return onLink.contains(network) ? Network.host(offender) : network;
    }

    /** Returns the request as it can be granted: for the address alone, if the request is for a network on the link. */
    public BanRequest narrowed(BanRequest request) {
        Network network = bannedFor(request.address());
        return request.isWide() || network.equals(request.network())
                ? request
                : new BanRequest(
                        request.address(),
                        network,
                        request.origin(),
                        request.time(),
                        request.bantime(),
                        request.reason(),
                        request.isFull());
    }

    /** Returns why this offender must not be banned: the address, or the whole network to ban, is on the list. */
    public Optional<String> reason(IpAddress offender) {
        return reason(Network.host(offender)).or(() -> reason(bannedFor(offender)));
    }

    /**
     * Returns why this request of a jail must be refused. A network that is to be banned because of several offenders
     * must not contain any address that is on the list.
     */
    public Optional<String> reason(BanRequest request) {
        Optional<String> reason = reason(Network.host(request.address())).or(() -> reason(request.network()));
        return reason.isPresent() || !request.isWide()
                ? reason
                : shared(request.network()).or(() -> reasonWithin(request.network()));
    }

    /** Returns why this ban must not begin. A network that a feed lists must not contain an on-link network either. */
    public Optional<String> reason(Ban ban) {
        return reason(ban.network()).or(() -> ban.origin().isFeed() ? holdsLink(ban.network()) : Optional.empty());
    }

    private synchronized Optional<String> reasonWithin(Network network) {
        // The networks are sorted: those inside a network follow directly after it.
        Optional<Network> held = Optional.ofNullable(configured.ceilingKey(network))
                .filter(network::contains)
                .or(() -> byCommand.keySet().stream().filter(network::contains).findFirst());
        return held.map(inner -> "holds " + inner + ", "
                + Optional.ofNullable(configured.get(inner)).orElse("allowed by command"));
    }

    private synchronized Optional<String> holdsLink(Network network) {
        return onLink.stream()
                .filter(network::contains)
                .findFirst()
                .map(link -> "holds " + link + ", the network that this machine is in");
    }

    private static Optional<String> shared(Network network) {
        return network.isShared() && !network.isHost()
                ? Optional.of("stands for hosts all over the IPv4 internet")
                : Optional.empty();
    }

    /** Returns why this network must not be banned, in the operator's words, or empty if it may be. */
    public synchronized Optional<String> reason(Network network) {
        Optional<String> listed = listed(network);
        if (listed.isPresent()) {
            return listed;
        }
        for (Embedded embedded : Embedded.in(network)) {
            Optional<String> inside = listed(embedded.network());
            if (inside.isPresent()) {
                return Optional.of(inside.get() + ", as " + embedded.network() + " by " + embedded.technique());
            }
        }
        if (onLink.contains(network)) {
            return Optional.of("the network that this machine is in");
        }
        if (network.overlaps(NAT64) && network.prefix() < NARROWEST_WIDE) {
            return Optional.of("stands for the whole IPv4 internet");
        }
        return !banPrivate && Reach.isLocal(network) ? Optional.of("private or local address") : Optional.empty();
    }

    private Optional<String> listed(Network network) {
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
        return Optional.empty();
    }

    /** Returns all networks on the list, for the firewall, including the IPv6 networks that embed the IPv4 ones. */
    public synchronized List<Network> networks() {
        List<Network> networks = new ArrayList<>(configured.keySet());
        networks.addAll(byCommand.keySet());
        List<Network> forms = networks.stream()
                .filter(network -> !Reach.isLocal(network))
                .flatMap(Embedded::formsOf)
                .toList();
        networks.addAll(forms);
        return networks;
    }

    /** Returns the networks that were allowed by command, and until when each is allowed. */
    synchronized Map<Network, Instant> allowedByCommand() {
        return Map.copyOf(byCommand);
    }

    synchronized void allow(Network network, Instant until) {
        byCommand.put(network, until);
    }

    synchronized boolean disallow(Network network) {
        return byCommand.remove(network) != null;
    }

    /** Removes and returns the networks that were allowed by command until a time that has passed. */
    synchronized List<Network> removeOver(Instant now) {
        List<Network> over = byCommand.entrySet().stream()
                .filter(allowed -> !allowed.getValue().isAfter(now))
                .map(Map.Entry::getKey)
                .toList();
        over.forEach(byCommand::remove);
        return over;
    }
}
