package org.sipward.ban;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;
import org.sipward.net.Reach;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
    private static final Logger log = LoggerFactory.getLogger(Allowlist.class);
    private static final String FILE = "file:";
    /** A file with more entries than this is cut off there, with a warning. */
    private static final int MAX_FILE_ENTRIES = 10_000;

    private volatile List<String> entries;
    private volatile boolean banPrivate;
    private final Surroundings surroundings;
    private final Map<String, List<Network>> lastKnown = new LinkedHashMap<>();
    private final Set<String> failing = ConcurrentHashMap.newKeySet();
    private final Map<Network, Instant> byCommand = new TreeMap<>();
    private Map<Network, String> configured = Map.of();

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
        Map<Network, String> fresh = new TreeMap<>(surroundings.look());
        for (String loopback : List.of("127.0.0.0/8", "::1")) {
            fresh.put(Network.parse(loopback).orElseThrow(), "loopback");
        }
        for (String entry : entries) {
            for (Network network : networksOf(entry)) {
                fresh.put(network, "allowlist " + entry);
            }
        }
        synchronized (this) {
            boolean changed = !fresh.keySet().equals(configured.keySet());
            configured = fresh;
            return changed;
        }
    }

    /** Returns why this network must not be banned, in the operator's words, or empty if it may be. */
    public synchronized Optional<String> reason(Network network) {
        for (Map.Entry<Network, Instant> allowed : byCommand.entrySet()) {
            if (allowed.getKey().contains(network)) {
                return Optional.of("allowed by command until " + allowed.getValue());
            }
        }
        for (Map.Entry<Network, String> allowed : configured.entrySet()) {
            if (allowed.getKey().contains(network)) {
                return Optional.of(allowed.getValue());
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

    /** Returns the list with its reasons, for the operator. */
    public synchronized Map<Network, String> listing() {
        Map<Network, String> listing = new TreeMap<>(configured);
        byCommand.forEach((network, until) -> listing.put(network, "allowed by command until " + until));
        return listing;
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

    private List<Network> networksOf(String entry) {
        Optional<Network> literal = Network.parse(entry);
        if (literal.isPresent()) {
            return List.of(literal.get());
        }
        List<Network> known;
        synchronized (this) {
            known = lastKnown.getOrDefault(entry, List.of());
        }
        try {
            List<Network> found = entry.startsWith(FILE)
                    ? networksOfFile(Path.of(entry.substring(FILE.length())))
                    : networksOfName(entry);
            synchronized (this) {
                lastKnown.put(entry, found);
            }
            if (failing.remove(entry)) {
                log.info("allowlist: {} can be read again", entry);
            }
            return found;
        } catch (IOException e) {
            log.warn(
                    "allowlist: {} cannot be read, {} addresses known from before stay: {}",
                    entry,
                    known.size(),
                    e.getMessage());
            return known;
        }
    }

    private static List<Network> networksOfName(String name) throws UnknownHostException {
        return Arrays.stream(InetAddress.getAllByName(name))
                .map(address -> Network.host(IpAddress.of(address)))
                .toList();
    }

    private static List<Network> networksOfFile(Path file) throws IOException {
        List<Network> networks = new ArrayList<>();
        int number = 0;
        try (var lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
            for (String line : (Iterable<String>) lines.limit(MAX_FILE_ENTRIES)::iterator) {
                number++;
                String text = line.replaceFirst("#.*", "").trim();
                if (text.isEmpty()) {
                    continue;
                }
                Optional<Network> network = Network.parse(text);
                if (network.isPresent() && network.get().prefix() == 0) {
                    log.warn("allowlist: {}:{} would allow everybody and is passed over", file, number);
                } else if (network.isPresent()) {
                    networks.add(network.get());
                } else {
                    networks.addAll(nameInFile(file, number, text));
                }
            }
        }
        if (number == MAX_FILE_ENTRIES) {
            log.warn("allowlist: only the first {} lines are read of {}", MAX_FILE_ENTRIES, file);
        }
        return networks;
    }

    private static List<Network> nameInFile(Path file, int line, String text) {
        try {
            return networksOfName(text);
        } catch (UnknownHostException e) {
            log.warn("allowlist: {}:{} is no address, no prefix, and no name that can be found", file, line);
            return List.of();
        }
    }
}
