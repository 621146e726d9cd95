package org.sipward.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.sipward.config.DetectConfig.Campaign;
import org.sipward.config.DetectConfig.Decoys;
import org.sipward.config.DetectConfig.Enumeration;
import org.sipward.config.DetectConfig.Slow;
import org.sipward.config.DetectConfig.TollFraud;
import org.sipward.yaml.Node;
import org.sipward.yaml.Problems;
import org.sipward.yaml.Section;

/**
 * Reads {@code detect}, of {@code defaults} and of a jail, and {@code decoys}.
 *
 * <p>Not thread-safe; serves one reading of the configuration.
 */
final class DetectReader {
    /** The keys below {@code detect}. */
    static final List<String> KEYS = List.of("enumeration", "slow", "campaign", "tollfraud", "agents");

    static final List<String> DECOY_KEYS = List.of("accounts", "numbers");

    private static final int MAX_AGENTS = 100;
    private static final int MAX_DECOYS = 1_000;
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration WEEK = Duration.ofDays(7);
    private static final Set<String> OFF = Set.of("off", "no", "false");
    private static final Set<String> ON = Set.of("on", "yes", "true");
    /** Names that phones and servers use if they have no account of their own. */
    private static final Set<String> NOBODYS = Set.of("anonymous", "unknown", "asterisk", "guest", "s");

    private final Problems problems;

    DetectReader(Problems problems) {
        this.problems = problems;
    }

    /** Returns the section's {@code detect}, with these defaults for the rest. */
    DetectConfig read(Section section, DetectConfig defaults) {
        Optional<Node> node = section.node("detect");
        if (node.isEmpty()) {
            return defaults;
        }
        if (isOff(node.get())) {
            // Keep the decoys: the operator has named them one by one.
            return new DetectConfig(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    List.of(),
                    defaults.decoys());
        }
        Section detect = Section.of(node.get(), KEYS, problems);
        return new DetectConfig(
                one(detect, "enumeration", defaults.enumeration(), Enumeration.SHIPPED, this::enumeration),
                one(detect, "slow", defaults.slow(), Slow.SHIPPED, this::slow),
                one(detect, "campaign", defaults.campaign(), Campaign.SHIPPED, this::campaign),
                one(detect, "tollfraud", defaults.tollfraud(), TollFraud.SHIPPED, this::tollfraud),
                agents(detect, defaults.agents()),
                defaults.decoys());
    }

    /** Returns the decoys of the file, whose top section this is. */
    Decoys decoys(Section top) {
        Section section = top.section("decoys", DECOY_KEYS);
        List<String> accounts = new ArrayList<>();
        for (Node.Scalar scalar : bounded(section, "accounts", MAX_DECOYS)) {
            if (scalar.text().length() > 64 || !scalar.text().matches("[^\\p{Cntrl}\\s@]+")) {
                section.wrong(scalar, "is not an account", "write the part before the @, at most 64 characters");
                continue;
            }
            if (NOBODYS.contains(scalar.text()) || scalar.text().matches("(10|20)?[0-9]{2}|[12][0-9]{2}")) {
                String what = "is an account that phones commonly have: each mistake would ban somebody";
                problems.warn(scalar.place(), scalar.text(), what, "choose one that nobody has, such as admin9");
            }
            accounts.add(scalar.text());
        }
        List<String> numbers = new ArrayList<>();
        for (Node.Scalar scalar : bounded(section, "numbers", MAX_DECOYS)) {
            if (!scalar.text().matches("\\+?[0-9*#]{2,32}")) {
                section.wrong(scalar, "is not a number", "write its digits as they are dialled, in quotes");
                continue;
            }
            if (scalar.text().length() < 6) {
                String what = "is easily dialled by mistake, or in an emergency: each call would ban somebody";
                problems.warn(scalar.place(), scalar.text(), what, "choose a longer number");
            }
            numbers.add(scalar.text());
        }
        return new Decoys(accounts, numbers);
    }

    private Enumeration enumeration(Node node, Enumeration defaults) {
        Section section = Section.of(node, List.of("accounts", "findtime"), problems);
        return new Enumeration(
                section.integer("accounts", 3, 100).orElse(defaults.accounts()),
                section.duration("findtime", MINUTE, WEEK).orElse(defaults.findtime()));
    }

    private Slow slow(Node node, Slow defaults) {
        Section section = Section.of(node, List.of("failures", "findtime"), problems);
        return new Slow(
                section.integer("failures", 8, 200).orElse(defaults.failures()),
                section.duration("findtime", DAY, Duration.ofDays(28)).orElse(defaults.findtime()));
    }

    private Campaign campaign(Node node, Campaign defaults) {
        Section section = Section.of(node, List.of("addresses", "findtime", "bantime"), problems);
        return new Campaign(
                section.integer("addresses", 4, 200).orElse(defaults.addresses()),
                section.duration("findtime", MINUTE, DAY).orElse(defaults.findtime()),
                section.duration("bantime", MINUTE, WEEK).orElse(defaults.bantime()));
    }

    private TollFraud tollfraud(Node node, TollFraud defaults) {
        Section section = Section.of(node, List.of("prefixes"), problems);
        return new TollFraud(section.integer("prefixes", 2, 20).orElse(defaults.prefixes()));
    }

    /** Returns the detection of one key: its values, with the defaults for the rest; or it is turned off or on. */
    private <T> Optional<T> one(
            Section detect, String key, Optional<T> defaults, T shipped, BiFunction<Node, T, T> reader) {
        Optional<Node> node = detect.node(key);
        if (node.isEmpty()) {
            return defaults;
        }
        if (isOff(node.get())) {
            return Optional.empty();
        }
        if (node.get() instanceof Node.Scalar scalar && ON.contains(scalar.text())) {
            return Optional.of(defaults.orElse(shipped));
        }
        if (node.get() instanceof Node.Scalar scalar && !scalar.isEmpty()) {
            return detect.wrong(
                    scalar, "is neither off nor KEY: VALUE lines", "write off, or values as in the shipped file");
        }
        return Optional.of(reader.apply(node.get(), defaults.orElse(shipped)));
    }

    private List<String> agents(Section detect, List<String> defaults) {
        Optional<Node> node = detect.node("agents");
        if (node.isEmpty()) {
            return defaults;
        }
        if (isOff(node.get())) {
            return List.of();
        }
        if (node.get() instanceof Node.Scalar scalar && ON.contains(scalar.text())) {
            return defaults.isEmpty() ? DetectConfig.shippedAgents() : defaults;
        }
        Set<String> agents = new LinkedHashSet<>();
        for (Node.Scalar scalar : bounded(detect, "agents", MAX_AGENTS)) {
            // Two letters would be part of the names of many phones.
            if (scalar.text().matches("[\\x20-\\x7e]{3,64}")) {
                agents.add(scalar.text());
            } else {
                detect.wrong(scalar, "is not a part of a program's name", "write 3 to 64 ASCII characters");
            }
        }
        return List.copyOf(agents);
    }

    private List<Node.Scalar> bounded(Section section, String key, int max) {
        List<Node.Scalar> scalars = section.scalars(key);
        if (scalars.size() > max) {
            problems.error(section.place(key), "", "has " + scalars.size() + " entries", "write at most " + max);
            return scalars.subList(0, max);
        }
        return scalars;
    }

    private static boolean isOff(Node node) {
        return node instanceof Node.Scalar scalar && OFF.contains(scalar.text());
    }
}
