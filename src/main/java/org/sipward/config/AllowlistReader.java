package org.sipward.config;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.sipward.net.AddressFile;
import org.sipward.net.HostName;
import org.sipward.net.Network;
import org.sipward.yaml.Node;
import org.sipward.yaml.Place;
import org.sipward.yaml.Problems;
import org.sipward.yaml.Section;

/** Checks the allowlist. It does not ask the DNS: host names are only checked as text. */
final class AllowlistReader {
    /** The separators of fail2ban's ignoreip, which holds its addresses in one line. */
    private static final Pattern BLANKS = Pattern.compile("[\\s,]+");

    private static final String FILE = "file:";

    /** Shorter prefixes, of IPv4 and IPv6, are larger than any single owner's network. */
    private static final int WIDE_V4 = 8;

    private static final int WIDE_V6 = 19;

    private final Problems problems;

    AllowlistReader(Problems problems) {
        this.problems = problems;
    }

    /** Returns the entries of {@code allowlist} and of {@code ignoreip}, fail2ban's word for it. */
    List<String> read(Section top) {
        return Stream.of("allowlist", "ignoreip")
                .flatMap(key -> top.scalars(key).stream())
                .flatMap(scalar -> BLANKS.splitAsStream(scalar.text())
                        .filter(entry -> !entry.isEmpty())
                        .map(entry -> new Node.Scalar(scalar.place(), entry, false)))
                .flatMap(entry -> check(entry).stream())
                .toList();
    }

    private Optional<String> check(Node.Scalar entry) {
        String text = entry.text();
        if (text.startsWith(FILE)) {
            return checkFile(entry, text.substring(FILE.length()));
        }
        Optional<Network> network = Network.parse(text);
        if (network.isPresent()) {
            return checkNetwork(entry, network.get());
        }
        if (HostName.isValid(text)) {
            return Optional.of(text);
        }
        return refuse(entry, "is not an address, prefix, host name or file:/PATH", "write one such as 198.51.100.0/24");
    }

    private Optional<String> checkNetwork(Node.Scalar entry, Network network) {
        if (network.prefix() == 0) {
            return refuse(entry, "would turn protection off", "list only addresses that you trust");
        }
        if (network.prefix() < (network.address().isV4() ? WIDE_V4 : WIDE_V6)) {
            problems.warn(
                    entry.place(),
                    entry.text(),
                    "is a large part of the internet",
                    "list only addresses that you trust");
        }
        return Optional.of(entry.text());
    }

    private Optional<String> checkFile(Node.Scalar entry, String text) {
        try {
            Path file = Path.of(text);
            if (!file.isAbsolute()) {
                return refuse(entry, "is not an absolute path", "write file:/PATH");
            }
            checkContent(entry, file);
            return Optional.of(entry.text());
        } catch (InvalidPathException notAPath) {
            return refuse(entry, "is not a path", "write file:/PATH");
        }
    }

    /** Errors in the file do not keep the agent from starting: it reports them, and reads the file again regularly. */
    private void checkContent(Node.Scalar entry, Path path) {
        try {
            AddressFile file = AddressFile.read(path);
            for (AddressFile.Wrong line : file.wrong()) {
                problems.missing(
                        Place.line(path, line.line()),
                        line.text(),
                        line.what(),
                        "write one such as 198.51.100.0/24, or delete the line");
            }
            if (file.networks().isEmpty() && file.names().isEmpty()) {
                problems.warn(entry.place(), entry.text(), "holds no address", "write one address per line into it");
            }
        } catch (IOException e) {
            problems.missing(
                    entry.place(),
                    entry.text(),
                    "cannot be read: it " + e.getMessage(),
                    "write this file, one address per line");
        }
    }

    private Optional<String> refuse(Node.Scalar entry, String what, String fix) {
        problems.error(entry.place(), entry.text(), what, fix);
        return Optional.empty();
    }
}
