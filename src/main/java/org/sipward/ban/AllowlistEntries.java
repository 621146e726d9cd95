package org.sipward.ban;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.sipward.net.AddressFile;
import org.sipward.net.Network;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns the entries of an allowlist into networks: addresses, prefixes, host names, and files of these. If a file
 * cannot be read now, its entries from the last reading stay; this is logged once, and again when the file can be read.
 * Host names get their addresses from {@link HostNames}, so nothing here waits for the DNS.
 *
 * <p>Not thread-safe.
 */
final class AllowlistEntries {
    private static final Logger log = LoggerFactory.getLogger(AllowlistEntries.class);
    private static final String FILE = "file:";
    private static final int MAX_TROUBLE = 10;
    private static final AddressFile NOTHING = new AddressFile(List.of(), List.of(), List.of());

    private final HostNames names;
    private final Map<Path, Known> files = new HashMap<>();
    private List<String> trouble = List.of();

    AllowlistEntries(HostNames names) {
        this.names = names;
    }

    /**
     * Adds the networks of these entries, each with the entry that it comes from. Forgets the names of other entries.
     */
    void addTo(Map<Network, String> networks, List<String> entries) {
        Set<Path> usedFiles = new HashSet<>();
        Set<String> usedNames = new HashSet<>();
        List<String> found = new ArrayList<>();
        for (String entry : entries) {
            String label = "allowlist " + entry;
            Optional<Network> literal = Network.parse(entry);
            if (literal.isPresent()) {
                networks.put(literal.get(), label);
            } else if (entry.startsWith(FILE)) {
                Path path = Path.of(entry.substring(FILE.length()));
                usedFiles.add(path);
                AddressFile file = read(path, found);
                file.networks().forEach(network -> networks.put(network, label));
                file.names().forEach(name -> add(networks, name, label, usedNames));
            } else {
                add(networks, entry, label, usedNames);
            }
        }
        files.keySet().retainAll(usedFiles);
        // A file that was never read may contain names that the store knows.
        if (files.values().stream().allMatch(known -> known.wasRead)) {
            names.keepOnly(usedNames);
        }
        trouble = List.copyOf(found);
    }

    /** Returns a message for each file, and each line of a file, that was of no use in the last {@link #addTo}. */
    List<String> trouble() {
        return trouble;
    }

    private void add(Map<Network, String> networks, String name, String label, Set<String> used) {
        used.add(name);
        names.networks(name).forEach(network -> networks.put(network, label));
    }

    private AddressFile read(Path path, List<String> found) {
        Known known = files.computeIfAbsent(path, any -> new Known());
        try {
            known.read(path);
            if (!known.problem.isEmpty()) {
                log.info("allowlist: {} can be read again", path);
            }
            known.problem = "";
        } catch (IOException e) {
            String problem = String.valueOf(e.getMessage());
            if (known.problem.isEmpty()) {
                log.warn(
                        "allowlist: cannot read {} ({}), the {} entries of the last reading stay allowed",
                        path,
                        problem,
                        known.size());
            }
            known.problem = problem;
        }
        if (!known.problem.isEmpty()) {
            found.add("cannot read " + path + " (" + known.problem + "), "
                    + (known.size() == 0
                            ? "nothing from it is allowed"
                            : "the " + known.size() + " entries of the last reading stay allowed"));
        } else if (known.size() == 0) {
            found.add(path + " contains no address, prefix or host name");
        }
        known.file.wrong().stream()
                .limit(MAX_TROUBLE)
                .map(line -> words(path, line))
                .forEach(found::add);
        return known.file;
    }

    private static String words(Path path, AddressFile.Wrong line) {
        return path + ":" + line.line() + ": " + line.text() + " " + line.what() + " and is ignored";
    }

    /** The entries of a file when it was last read. */
    private static final class Known {
        private AddressFile file = NOTHING;
        private String stamp = "";
        private String problem = "";
        private boolean wasRead;

        /** Reads the file, unless it is unchanged since the last reading. */
        void read(Path path) throws IOException {
            String now = stamp(path);
            if (!now.isEmpty() && now.equals(stamp)) {
                return;
            }
            AddressFile fresh = AddressFile.read(path);
            if (!fresh.wrong().equals(file.wrong())) {
                fresh.wrong().stream().limit(MAX_TROUBLE).forEach(line -> log.warn("allowlist: {}", words(path, line)));
            }
            file = fresh;
            stamp = now;
            wasRead = true;
        }

        int size() {
            return file.networks().size() + file.names().size();
        }

        /** Returns a text that changes when the file is written or replaced. */
        private static String stamp(Path path) {
            try {
                BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
                return attributes.lastModifiedTime() + " " + attributes.size() + " " + attributes.fileKey();
            } catch (IOException absent) {
                return "";
            }
        }
    }
}
