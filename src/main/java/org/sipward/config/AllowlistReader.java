package org.sipward.config;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.sipward.net.Network;

/** Checks what is never banned. Asks no DNS: names are looked at as text only. */
final class AllowlistReader {
    /** A host name after RFC 1123, with the underscore that the DNS allows; a last label of digits is no name. */
    private static final Pattern NAME =
            Pattern.compile("(?=.{1,253}$)([A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\\.)*"
                    + "(?![0-9]+\\.?$)[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?\\.?");

    /** What parts the addresses of fail2ban's ignoreip, which stand in one line. */
    private static final Pattern BLANKS = Pattern.compile("[\\s,]+");

    private static final String FILE = "file:";

    /** Shorter prefixes, of IPv4 and IPv6, hold more than any one owner has. */
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
        if (NAME.matcher(text).matches()) {
            return Optional.of(text);
        }
        return refuse(entry, "is no address, prefix, host name or file:/PATH", "write one such as 198.51.100.0/24");
    }

    private Optional<String> checkNetwork(Node.Scalar entry, Network network) {
        if (network.prefix() == 0) {
            return refuse(entry, "would switch protection off", "name only those whom you trust");
        }
        if (network.prefix() < (network.address().isV4() ? WIDE_V4 : WIDE_V6)) {
            problems.warn(
                    entry.place(), entry.text(), "is a large part of the internet", "name only those whom you trust");
        }
        return Optional.of(entry.text());
    }

    private Optional<String> checkFile(Node.Scalar entry, String text) {
        try {
            Path file = Path.of(text);
            if (!file.isAbsolute()) {
                return refuse(entry, "is not an absolute path", "write file:/PATH");
            }
            if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
                problems.warn(entry.place(), entry.text(), "cannot be read now", "write this file, one address a line");
            }
            return Optional.of(entry.text());
        } catch (InvalidPathException notAPath) {
            return refuse(entry, "is not a path", "write file:/PATH");
        }
    }

    private Optional<String> refuse(Node.Scalar entry, String what, String mend) {
        problems.error(entry.place(), entry.text(), what, mend);
        return Optional.empty();
    }
}
