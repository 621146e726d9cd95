package org.sipward.config;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.sipward.net.IpAddress;
import org.sipward.yaml.Node;
import org.sipward.yaml.Problems;
import org.sipward.yaml.Section;

/** Reads a jail's {@code source}: a map of one or more kinds of source. */
final class SourceReader {
    /** The keys of a source. */
    static final List<String> KINDS = List.of("file", "ami", "esl", "journal", "syslog");

    private static final int AMI_PORT = 5038;
    private static final int ESL_PORT = 8021;
    private static final String LOOPBACK = "127.0.0.1";
    private static final int MAX_PORT = 65_535;
    /** The longest path of a socket that the kernel accepts. */
    private static final int MAX_SOCKET_BYTES = 107;

    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.-]{0,252}");
    /** The name of a user, a unit or a program: nothing that could be read as the end of a field, or as an option. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_@.:/\\\\][A-Za-z0-9_@.:/\\\\-]{0,127}");

    private final Problems problems;

    SourceReader(Problems problems) {
        this.problems = problems;
    }

    /** Returns the sources without errors. */
    List<SourceConfig> read(Section source) {
        List<SourceConfig> read = new ArrayList<>();
        files(source).ifPresent(read::add);
        if (source.has("ami")) {
            ami(source.section("ami", List.of("host", "port", "user", "secretfile")))
                    .ifPresent(read::add);
        }
        if (source.has("esl")) {
            esl(source.section("esl", List.of("host", "port", "passwordfile"))).ifPresent(read::add);
        }
        if (source.has("journal")) {
            journal(source.section("journal", List.of("unit", "identifier"))).ifPresent(read::add);
        }
        if (source.has("syslog")) {
            syslog(source.section("syslog", List.of("listen", "socket"))).ifPresent(read::add);
        }
        return read;
    }

    private Optional<SourceConfig> files(Section source) {
        if (source.node("file").filter(Node::isEmpty).isPresent()) {
            problems.error(source.place("file"), "", "names no file", LogFiles.FIX);
        }
        List<String> files = new LogFiles(problems).check(source.place("file"), source.scalars("file"));
        return files.isEmpty() ? Optional.empty() : Optional.of(new SourceConfig.Files(files));
    }

    private Optional<SourceConfig> ami(Section section) {
        Optional<String> host = host(section);
        Optional<Integer> port = port(section, AMI_PORT);
        Optional<String> user = section.scalar("user").flatMap(scalar -> name(section, scalar));
        Optional<Path> secret = secret(section, "secretfile");
        if (!section.has("user")) {
            section.missing("user", "write the name of a user in manager.conf");
        }
        if (host.isEmpty() || port.isEmpty() || user.isEmpty() || secret.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new SourceConfig.Ami(host.get(), port.get(), user.get(), secret.get()));
    }

    private Optional<SourceConfig> esl(Section section) {
        Optional<String> host = host(section);
        Optional<Integer> port = port(section, ESL_PORT);
        Optional<Path> password = secret(section, "passwordfile");
        if (host.isEmpty() || port.isEmpty() || password.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new SourceConfig.Esl(host.get(), port.get(), password.get()));
    }

    private Optional<SourceConfig> journal(Section section) {
        List<String> units = names(section, "unit");
        List<String> identifiers = names(section, "identifier");
        if (!section.has("unit") && !section.has("identifier")) {
            section.missing("unit", "write the name of a service, such as unit: asterisk.service");
        }
        boolean whole = units.size() == section.scalars("unit").size()
                && identifiers.size() == section.scalars("identifier").size();
        if (!whole || (units.isEmpty() && identifiers.isEmpty())) {
            return Optional.empty();
        }
        return Optional.of(new SourceConfig.Journal(units, identifiers));
    }

    private Optional<SourceConfig> syslog(Section section) {
        if (section.has("listen") == section.has("socket")) {
            section.missing("listen", "write either listen: 127.0.0.1:5514 or socket: /run/sipward/syslog.sock");
            return Optional.empty();
        }
        Optional<SocketAddress> address = section.has("listen")
                ? section.scalar("listen").flatMap(scalar -> listen(section, scalar))
                : section.path("socket", false).flatMap(path -> socket(section, path));
        return address.map(SourceConfig.Syslog::new);
    }

    private static Optional<SocketAddress> listen(Section section, Node.Scalar scalar) {
        String fix = "write a loopback address with a port, as in 127.0.0.1:5514 or \"[::1]:5514\"";
        String text = scalar.text();
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        String port = text.substring(colon + 1);
        boolean bracketed = host.startsWith("[") && host.endsWith("]");
        Optional<IpAddress> address = IpAddress.parse(bracketed ? host.substring(1, host.length() - 1) : host);
        boolean isPort = port.matches("[1-9][0-9]{0,4}") && Integer.parseInt(port) <= MAX_PORT;
        if (address.isEmpty() || !isPort) {
            return section.wrong(scalar, "is not an address with a port", fix);
        }
        if (!isLoopback(address.get().toString())) {
            // Syslog proves nothing about its sender: anyone who reached the port could get any address banned.
            return section.wrong(scalar, "could be reached by other machines", fix);
        }
        return Optional.of(new InetSocketAddress(address.get().toString(), Integer.parseInt(port)));
    }

    private Optional<SocketAddress> socket(Section section, Path path) {
        if (path.toString().getBytes(StandardCharsets.UTF_8).length > MAX_SOCKET_BYTES) {
            problems.error(
                    section.place("socket"),
                    path.toString(),
                    "is too long for a socket",
                    "write a path of at most " + MAX_SOCKET_BYTES + " bytes");
            return Optional.empty();
        }
        return Optional.of(UnixDomainSocketAddress.of(path));
    }

    private Optional<String> host(Section section) {
        if (!section.has("host")) {
            return Optional.of(LOOPBACK);
        }
        return section.scalar("host").flatMap(scalar -> {
            String host = scalar.text();
            if (IpAddress.parse(host).isEmpty() && !HOST.matcher(host).matches()) {
                return section.wrong(scalar, "is not an address or a host name", "write it as in host: 127.0.0.1");
            }
            if (!isLoopback(host)) {
                String fix = "run Sipward on the server itself, or use a tunnel";
                problems.warn(scalar.place(), host, "the connection to another machine is not encrypted", fix);
            }
            return Optional.of(host);
        });
    }

    private static boolean isLoopback(String host) {
        return host.equals("localhost")
                || host.equals("::1")
                || (host.startsWith("127.") && IpAddress.parse(host).isPresent());
    }

    private static Optional<Integer> port(Section section, int usual) {
        return section.has("port") ? section.integer("port", 1, MAX_PORT) : Optional.of(usual);
    }

    private static Optional<String> name(Section section, Node.Scalar scalar) {
        return NAME.matcher(scalar.text()).matches()
                ? Optional.of(scalar.text())
                : section.wrong(scalar, "is not a name", "use letters, digits and . _ - @ : /, at most 128");
    }

    private static List<String> names(Section section, String key) {
        return section.scalars(key).stream()
                .flatMap(scalar -> name(section, scalar).stream())
                .distinct()
                .toList();
    }

    private Optional<Path> secret(Section section, String key) {
        if (!section.has(key)) {
            section.missing(key, "write the password into a file of its own (chmod 600) and its path here");
            return Optional.empty();
        }
        Optional<Path> path = section.path(key, true);
        // The file may be written later: the agent reads it at each attempt.
        path.ifPresent(file -> SecretFileCheck.check(problems, section.place(key), file, "file", "password"));
        return path;
    }
}
