package org.sipward.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Everything that the operator configured, checked and immutable. Made by {@link ConfigReader}.
 *
 * @param file the file that it was read from
 * @param jails the enabled jails, in the order of the file
 * @param allowlist the addresses that are never banned
 * @param feeds the enabled feeds
 * @param firewall how bans are enforced
 * @param store the folder of the database
 * @param socket the control socket
 */
public record Config(
        Path file,
        List<JailConfig> jails,
        AllowlistConfig allowlist,
        List<FeedConfig> feeds,
        FirewallConfig firewall,
        Path store,
        Path socket) {
    public Config {
        jails = List.copyOf(jails);
        feeds = List.copyOf(feeds);
    }

    /**
     * The addresses that are never banned, as the operator wrote them.
     *
     * @param entries addresses, prefixes, host names that have not been looked up yet, and {@code file:PATH}
     * @param banPrivate whether private and other local addresses may be banned
     */
    public record AllowlistConfig(List<String> entries, boolean banPrivate) {
        public AllowlistConfig {
            entries = List.copyOf(entries);
        }
    }

    /**
     * A shared list.
     *
     * @param url the base, such as {@code https://apiban.org/}, always ending in a slash; plain HTTP only to this
     *     machine or to an address that is not reachable from the internet
     * @param keyFile the file that holds the key, and nothing else; it may not exist yet
     * @param set the list's data set: {@code sip}, {@code http} or {@code all}
     * @param every time between polls
     * @param bantime the longest that an entry is kept
     */
    public record FeedConfig(String name, String url, Path keyFile, String set, Duration every, Duration bantime) {}

    /**
     * How bans are enforced.
     *
     * @param backend the program that blocks
     * @param ports if empty, all ports of all protocols are blocked; otherwise only these, for UDP and TCP
     */
    public record FirewallConfig(Backend backend, List<Integer> ports) {
        public FirewallConfig {
            ports = List.copyOf(ports);
        }

        /** The backends that exist. */
        public enum Backend {
            NFTABLES,
            NONE
        }
    }
}
