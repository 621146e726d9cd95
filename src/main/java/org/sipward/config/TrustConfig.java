package org.sipward.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.sipward.yaml.Durations;
import org.sipward.yaml.Node;
import org.sipward.yaml.Problems;
import org.sipward.yaml.Section;

/**
 * The limits for an address that has logged in.
 *
 * @param time how long it is trusted after its last login
 * @param maxretry the number of failures within findtime that earn it a ban; not below the jail's
 * @param accounts the number of different accounts that must be among them, at least
 * @param bantime how long such a ban lasts
 */
public record TrustConfig(Duration time, int maxretry, int accounts, Duration bantime) {
    /** The keys of {@code trust}. */
    static final List<String> KEYS = List.of("time", "maxretry", "accounts", "bantime");

    /** The shipped values, for everything that the operator does not set. */
    static final TrustConfig SHIPPED = new TrustConfig(Duration.ofDays(1), 50, 3, Duration.ofMinutes(10));

    /** Accounts are told apart by 31 hash values, so that more accounts would hardly ever be counted. */
    private static final int MAX_ACCOUNTS = 20;

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MAX_TIME = Duration.ofDays(28);

    /** Returns the section's {@code trust}, with the values of {@code before} for the rest. Empty if it is off. */
    static Optional<TrustConfig> read(Section section, Optional<TrustConfig> before, Problems problems) {
        Optional<Node> node = section.node("trust");
        if (node.isPresent() && node.get() instanceof Node.Scalar scalar && !scalar.isEmpty()) {
            return switch (scalar.text()) {
                case "off", "false", "no" -> Optional.empty();
                case "on", "true", "yes" -> before.or(() -> Optional.of(SHIPPED));
                default -> {
                    section.wrong(scalar, "is not a valid value for trust", "write {time: 1d, maxretry: 50}, or off");
                    yield before;
                }
            };
        }
        if (node.isEmpty()) {
            return before;
        }
        Section trust = section.section("trust", KEYS);
        TrustConfig base = before.orElse(SHIPPED);
        return Optional.of(new TrustConfig(
                trust.duration("time", SECOND, MAX_TIME).orElse(base.time),
                trust.integer("maxretry", 1, JailDefaults.MAX_RETRY).orElse(base.maxretry),
                trust.integer("accounts", 1, MAX_ACCOUNTS).orElse(base.accounts),
                trust.duration("bantime", SECOND, Durations.MAX).orElse(base.bantime)));
    }

    TrustConfig withMaxretry(int least) {
        return new TrustConfig(time, least, accounts, bantime);
    }
}
