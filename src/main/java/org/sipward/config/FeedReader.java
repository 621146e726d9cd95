package org.sipward.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.sipward.config.Config.FeedConfig;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;
import org.sipward.net.Reach;
import org.sipward.yaml.Node;
import org.sipward.yaml.Problems;
import org.sipward.yaml.Section;

/**
 * Reads the feeds. A key is never read here, and nothing that could be a key is shown: neither a key file's value nor
 * an address that may hold a key.
 *
 * <p>Not thread-safe; serves one reading of the configuration.
 */
final class FeedReader {
    /** The keys of a feed. */
    static final List<String> KEYS = List.of("enabled", "url", "keyfile", "set", "every", "bantime");

    private static final String APIBAN = "apiban";
    private static final String APIBAN_URL = "https://apiban.org/";
    private static final List<String> SETS = List.of("sip", "http", "all");
    private static final Duration EVERY = Duration.ofMinutes(4);
    private static final Duration MIN_EVERY = Duration.ofMinutes(1);
    private static final Duration MAX_EVERY = Duration.ofDays(1);
    private static final Duration BANTIME = Duration.ofDays(7);

    private final Problems problems;
    private boolean anyEnabled;

    FeedReader(Problems problems) {
        this.problems = problems;
    }

    /** Returns the enabled feeds without errors, in the order of the file. */
    List<FeedConfig> read(Section feeds) {
        List<FeedConfig> read = new ArrayList<>();
        feeds.fields().forEach((name, node) -> {
            if (!JailReader.NAME.matcher(name).matches()) {
                problems.error(node.place(), "", "is not a name for a feed", JailReader.NAME_FIX);
            }
            feed(name, Section.of(node, KEYS, problems)).ifPresent(read::add);
        });
        return read;
    }

    /** Returns whether any feed is enabled, with or without errors. */
    boolean isAnyEnabled() {
        return anyEnabled;
    }

    private Optional<FeedConfig> feed(String name, Section section) {
        boolean enabled = section.flag("enabled").orElse(true);
        Optional<String> url = section.has("url")
                ? section.scalar("url").flatMap(this::url)
                : Optional.of(APIBAN_URL).filter(any -> name.equals(APIBAN));
        Optional<Path> keyFile = section.path("keyfile", true);
        String set =
                section.scalar("set").flatMap(scalar -> set(section, scalar)).orElse(SETS.get(0));
        Duration every = section.duration("every", MIN_EVERY, MAX_EVERY).orElse(EVERY);
        Duration bantime = section.duration("bantime", MIN_EVERY, BANTIME).orElse(BANTIME);
        if (!enabled) {
            return Optional.empty();
        }
        anyEnabled = true;
        if (!section.has("url") && url.isEmpty()) {
            section.missing("url", "write the address of the list, as in url: https://hub.example.net/");
        }
        if (!section.has("keyfile")) {
            section.missing("keyfile", "write the key into a file and its path here");
        }
        keyFile.ifPresent(file -> SecretFileCheck.check(problems, section.place("keyfile"), file, "key file", "key"));
        if (url.isEmpty() || keyFile.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new FeedConfig(name, url.get(), keyFile.get(), set, every, bantime));
    }

    private static Optional<String> set(Section section, Node.Scalar scalar) {
        if (SETS.contains(scalar.text())) {
            return Optional.of(scalar.text());
        }
        return section.wrong(scalar, "is not a set", "write sip, http or all");
    }

    /** Returns the base address, ending in a slash. */
    private Optional<String> url(Node.Scalar scalar) {
        String fix = "write it as in https://hub.example.net/";
        try {
            URI uri = new URI(scalar.text()).normalize();
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            String host = uri.getHost();
            if (host == null || !(scheme.equals("https") || scheme.equals("http"))) {
                return refuse(scalar, "is not the address of a server", fix);
            }
            if (uri.getRawUserInfo() != null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
                return refuse(scalar, "has a user, a ? or a # in it", fix + ", and put the key into keyfile");
            }
            if (scheme.equals("http") && !isNear(host)) {
                return refuse(scalar, "would send the key unencrypted over the internet", "write https");
            }
            return Optional.of(uri.toString().endsWith("/") ? uri.toString() : uri + "/");
        } catch (URISyntaxException e) {
            return refuse(scalar, "is not the address of a server", fix);
        }
    }

    /** Returns whether the host is this machine, or an address that is not reachable from the internet. */
    private static boolean isNear(String host) {
        String address = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return host.equals("localhost")
                || IpAddress.parse(address)
                        .map(Network::host)
                        .filter(Reach::isLocal)
                        .isPresent();
    }

    private Optional<String> refuse(Node.Scalar scalar, String what, String fix) {
        problems.error(scalar.place(), "", what, fix);
        return Optional.empty();
    }
}
