package org.sipward.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sipward.config.Config.AllowlistConfig;
import org.sipward.config.Config.FeedConfig;
import org.sipward.config.Config.FirewallConfig;
import org.sipward.config.Config.FirewallConfig.Backend;
import org.sipward.file.SmallFile;
import org.sipward.yaml.ConfigException;
import org.sipward.yaml.Node;
import org.sipward.yaml.Problem;
import org.sipward.yaml.Problems;
import org.sipward.yaml.Section;
import org.sipward.yaml.YamlReader;

/**
 * Reads {@code sipward.yaml}.
 *
 * <p>Immutable and thread-safe.
 */
public final class ConfigReader {
    /** The keys of the file. */
    static final List<String> KEYS = List.of(
            "defaults",
            "allowlist",
            "ignoreip",
            "banprivate",
            "decoys",
            "jails",
            "feeds",
            "report",
            "firewall",
            "store",
            "socket",
            "metrics");

    private static final List<Integer> SIP_PORTS = List.of(5060, 5061);
    private static final Path STORE = Path.of("/var/lib/sipward");
    private static final Path SOCKET = Path.of("/run/sipward/sipward.sock");

    /** The longest path of a Unix socket in Linux, in bytes: sun_path holds 108, the last of them NUL. */
    private static final int MAX_SOCKET_BYTES = 107;

    private final List<Path> shippedFilters;

    /** Creates a reader that finds the program's filters in these folders; see {@link FilterReader}. */
    public ConfigReader(Path... shippedFilters) {
        this.shippedFilters = List.of(shippedFilters);
    }

    /**
     * A configuration that can be run.
     *
     * @param warnings the warnings, grouped by file, in the order of the lines
     * @param missing the warnings about needed files that do not exist
     */
    public record Checked(Config config, List<Problem> warnings, List<Problem> missing) {
        public Checked {
            warnings = List.copyOf(warnings);
            missing = List.copyOf(missing);
        }
    }

    /**
     * Reads a configuration and the filters of its enabled jails.
     *
     * @throws ConfigException with all errors in them
     */
    public Checked read(Path path) throws ConfigException {
        Path file = path.toAbsolutePath().normalize();
        Problems problems = new Problems();
        Optional<Node> root = YamlReader.read(file, problems);
        Optional<Config> config = root.map(node -> config(file, Section.of(node, KEYS, problems), problems));
        problems.throwIfAny();
        return new Checked(config.orElseThrow(), problems.warnings(), problems.missing());
    }

    /**
     * Returns the control socket that a configuration names, even if it has errors: an agent may be running with an
     * earlier version. Returns the default if none is named, or if the file is not YAML.
     */
    public Path socket(Path path) {
        Problems ignored = new Problems();
        return YamlReader.read(path.toAbsolutePath().normalize(), ignored)
                .map(root -> socket(Section.of(root, KEYS, ignored), ignored))
                .orElse(SOCKET);
    }

    private Config config(Path file, Section top, Problems problems) {
        JailDefaults defaults = JailDefaults.shipped()
                .with(new DetectReader(problems).decoys(top))
                .overriddenBy(top.section("defaults", JailDefaults.KEYS, ForeignWords::fix), problems);
        List<String> allowlist = new AllowlistReader(problems).read(top);
        Path base = Optional.ofNullable(file.getParent()).orElse(file);
        JailReader jails = new JailReader(new FilterReader(base, shippedFilters), problems);
        List<JailConfig> jailConfigs = jails.read(top.section("jails"), defaults);
        FeedReader feeds = new FeedReader(problems);
        List<FeedConfig> feedConfigs = feeds.read(top.section("feeds"));
        if (!jails.isAnyEnabled() && !feeds.isAnyEnabled()) {
            String what = "nothing to do: no jail and no feed is enabled";
            problems.error(top.place("jails"), "", what, "enable a jail, as in the shipped file");
        }
        warnOfUnsupported(top, problems);
        warnOfWriters(file, top, problems);
        return new Config(
                file,
                jailConfigs,
                new AllowlistConfig(allowlist, top.flag("banprivate").orElse(false)),
                feedConfigs,
                firewall(top.section("firewall", List.of("backend", "ports")), problems),
                top.section("store", List.of("path")).path("path", false).orElse(STORE),
                socket(top, problems));
    }

    /**
     * Warns of keys that a later version will support: the file can be read, but the operator must not rely on them.
     */
    private static void warnOfUnsupported(Section top, Problems problems) {
        for (String key : List.of("report", "metrics")) {
            Optional<Node> node = top.node(key).filter(any -> !any.isEmpty());
            boolean off = node.filter(Node.Fields.class::isInstance)
                    .flatMap(map -> Section.of(map, problems).flag("enabled"))
                    .filter(enabled -> !enabled)
                    .isPresent();
            if (node.isPresent() && !off) {
                String what = "is not supported by this version and is ignored";
                problems.warn(node.get().place(), "", what, "delete it, or set enabled: false in it");
            }
        }
    }

    /** Warns if every user can write the file: attackers could put themselves on the allowlist. */
    private static void warnOfWriters(Path file, Section top, Problems problems) {
        if (SmallFile.letsOthers(PosixFilePermission.OTHERS_WRITE, file)) {
            problems.warn(top.place(), "", "every user can change this file", "chmod 644 " + file);
        }
    }

    private static FirewallConfig firewall(Section section, Problems problems) {
        Backend backend = section.scalar("backend")
                .flatMap(scalar -> switch (scalar.text()) {
                    case "nftables" -> Optional.of(Backend.NFTABLES);
                    case "none" -> Optional.of(Backend.NONE);
                    case "ipset" ->
                        section.<Backend>wrong(scalar, "is not supported by this version", "write nftables or none");
                    default -> section.<Backend>wrong(scalar, "is not a backend", "write nftables or none");
                })
                .orElse(Backend.NFTABLES);
        return new FirewallConfig(backend, ports(section, problems));
    }

    private static List<Integer> ports(Section section, Problems problems) {
        Optional<Node> node = section.node("ports");
        String fix = "write all, sip, or numbers as in [5060, 5061]";
        if (node.filter(Node::isEmpty).isPresent()) {
            problems.error(node.get().place(), "", "names no port", fix);
            return List.of();
        }
        if (node.isPresent() && node.get() instanceof Node.Scalar scalar) {
            switch (scalar.text()) {
                case "all" -> {
                    return List.of();
                }
                case "sip" -> {
                    return SIP_PORTS;
                }
                default -> {
                    // A single number is read below, as a list of one.
                }
            }
        }
        List<Integer> ports = new ArrayList<>();
        for (Node.Scalar scalar : section.scalars("ports")) {
            if (scalar.text().matches("[0-9]+")) {
                section.integer(scalar, 1, 65_535)
                        .filter(port -> !ports.contains(port))
                        .ifPresent(ports::add);
            } else {
                problems.error(scalar.place(), scalar.text(), "is not a port", fix);
            }
        }
        return ports;
    }

    private static Path socket(Section top, Problems problems) {
        return top.path("socket", false)
                .filter(path -> {
                    int bytes = path.toString().getBytes(StandardCharsets.UTF_8).length;
                    if (bytes > MAX_SOCKET_BYTES) {
                        String fix = "write a path of at most " + MAX_SOCKET_BYTES + " bytes";
                        problems.error(top.place("socket"), path.toString(), "is too long for a socket", fix);
                    }
                    return bytes <= MAX_SOCKET_BYTES;
                })
                .orElse(SOCKET);
    }
}
