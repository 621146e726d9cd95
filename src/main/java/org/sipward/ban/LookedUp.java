package org.sipward.ban;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks the entries of an allowlist up: addresses, prefixes, host names, and files of these. What cannot be looked up now
 * keeps what it had at the last time, each name and file by itself; that is said once, and again when it is over.
 *
 * <p>Asks the DNS for names that the operator wrote. Not thread-safe.
 */
final class LookedUp {
    private static final Logger log = LoggerFactory.getLogger(LookedUp.class);
    private static final String FILE = "file:";
    private static final long MAX_FILE_BYTES = 1 << 20;
    private static final int MAX_FILE_ENTRIES = 10_000;
    /** A host name has a letter: Java would take 198.51.100 for an address with a part left out. */
    private static final Pattern NAME = Pattern.compile("(?=.*[A-Za-z])[A-Za-z0-9_]([A-Za-z0-9_.-]{0,252})");

    private final Map<String, List<Network>> lastKnown = new HashMap<>();
    private final Set<String> failing = new HashSet<>();

    /** Returns the networks of one entry, as they are now or were when they could last be looked up. */
    List<Network> networks(String entry) {
        Optional<Network> literal = Network.parse(entry);
        if (literal.isPresent()) {
            return List.of(literal.get());
        }
        return lookUp(
                entry, () -> entry.startsWith(FILE) ? ofFile(Path.of(entry.substring(FILE.length()))) : ofName(entry));
    }

    private List<Network> lookUp(String entry, Source source) {
        try {
            List<Network> found = source.read();
            lastKnown.put(entry, found);
            if (failing.remove(entry)) {
                log.info("allowlist: {} can be looked up again", entry);
            }
            return found;
        } catch (IOException e) {
            List<Network> known = lastKnown.getOrDefault(entry, List.of());
            if (failing.add(entry)) {
                String what = "allowlist: {} cannot be looked up, {} addresses known from before stay: {}";
                log.warn(what, entry, known.size(), String.valueOf(e.getMessage()));
            }
            return known;
        }
    }

    private static List<Network> ofName(String name) throws UnknownHostException {
        if (!NAME.matcher(name).matches()) {
            throw new UnknownHostException("no address, no prefix and no host name");
        }
        return Arrays.stream(InetAddress.getAllByName(name))
                .map(address -> Network.host(IpAddress.of(address)))
                .toList();
    }

    private List<Network> ofFile(Path file) throws IOException {
        if (Files.isRegularFile(file) && Files.size(file) > MAX_FILE_BYTES) {
            throw new IOException("larger than " + MAX_FILE_BYTES + " bytes");
        }
        List<String> lines = Files.readAllLines(file, StandardCharsets.ISO_8859_1);
        if (lines.size() > MAX_FILE_ENTRIES) {
            throw new IOException("more than " + MAX_FILE_ENTRIES + " lines");
        }
        List<Network> networks = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String text = lines.get(i).replaceFirst("#.*", "").trim();
            Optional<Network> network = Network.parse(text);
            if (network.isPresent() && network.get().prefix() == 0) {
                log.warn("allowlist: {}:{} would allow everybody and is passed over", file, i + 1);
            } else if (network.isPresent()) {
                networks.add(network.get());
            } else if (!text.isEmpty()) {
                networks.addAll(lookUp(text, () -> ofName(text)));
            }
        }
        return networks;
    }

    /** Where networks come from. */
    @FunctionalInterface
    private interface Source {
        List<Network> read() throws IOException;
    }
}
