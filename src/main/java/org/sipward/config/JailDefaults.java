package org.sipward.config;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.sipward.yaml.Durations;
import org.sipward.yaml.Node;
import org.sipward.yaml.Place;
import org.sipward.yaml.Problems;
import org.sipward.yaml.Section;
import org.sipward.yaml.Spelling;

/** The limits, and what follows: the part of a jail that {@code defaults} can set for all jails. */
record JailDefaults(
        int maxretry,
        Duration findtime,
        Duration bantime,
        boolean increment,
        Duration maxBantime,
        ZoneId zone,
        Optional<TrustConfig> trust,
        Duration unproven,
        DetectConfig detect) {
    /** The keys, in {@code defaults} and in a jail. */
    static final List<String> KEYS = List.of(
            "maxretry",
            "findtime",
            "bantime",
            "bantime.increment",
            "maxbantime",
            "timezone",
            "trust",
            "unproven",
            "detect");

    static final int MAX_RETRY = 1000;
    static final Duration MAX_FINDTIME = Duration.ofDays(7);

    private static final Duration SECOND = Duration.ofSeconds(1);

    /** Returns the shipped values, for everything that the operator does not set. */
    static JailDefaults shipped() {
        return new JailDefaults(
                5,
                Duration.ofMinutes(10),
                Duration.ofDays(1),
                true,
                Duration.ofDays(28),
                ZoneId.systemDefault(),
                Optional.of(TrustConfig.SHIPPED),
                Duration.ofHours(1),
                DetectConfig.shipped());
    }

    /** Returns the section's values, with these limits for the rest. */
    JailDefaults overriddenBy(Section section, Problems problems) {
        Optional<Duration> ban = section.duration("bantime", SECOND, Durations.FOREVER);
        Optional<Duration> maxBan = section.duration("maxbantime", SECOND, Durations.MAX);
        JailDefaults limits = new JailDefaults(
                section.integer("maxretry", 1, MAX_RETRY).orElse(maxretry),
                section.duration("findtime", SECOND, MAX_FINDTIME).orElse(findtime),
                ban.orElse(bantime),
                section.flag("bantime.increment").orElse(increment),
                maxBan.orElse(maxBantime),
                section.scalar("timezone")
                        .flatMap(scalar -> zone(section, scalar))
                        .orElse(zone),
                TrustConfig.read(section, trust, problems),
                section.section("unproven", List.of("bantime"))
                        .duration("bantime", SECOND, Durations.MAX)
                        .orElse(unproven),
                new DetectReader(problems).read(section, detect));
        return limits.withFittingTrust(section, problems).withFittingBantime(section, ban, maxBan, problems);
    }

    /** Trusted addresses must not be banned sooner than others. */
    private JailDefaults withFittingTrust(Section section, Problems problems) {
        if (trust.isEmpty() || trust.get().maxretry() >= maxretry) {
            return this;
        }
        // If the section sets neither, the section above has been reported.
        if (section.has("trust") || section.has("maxretry")) {
            Place place = section.place(section.has("trust") ? "trust" : "maxretry");
            String what = "maxretry " + trust.get().maxretry() + " of trust is less than maxretry " + maxretry;
            problems.error(place, "", what, "raise the maxretry of trust, or lower the other");
        }
        Optional<TrustConfig> raised = Optional.of(trust.get().withMaxretry(maxretry));
        return new JailDefaults(maxretry, findtime, bantime, increment, maxBantime, zone, raised, unproven, detect);
    }

    private JailDefaults withFittingBantime(
            Section section, Optional<Duration> ban, Optional<Duration> maxBan, Problems problems) {
        JailDefaults limits = this;
        if (limits.isEndless() || limits.bantime.compareTo(limits.maxBantime) <= 0) {
            return limits;
        }
        boolean bothRead = section.has("bantime") == ban.isPresent() && section.has("maxbantime") == maxBan.isPresent();
        // If the section sets neither, the section above has been reported.
        if (bothRead && (ban.isPresent() || maxBan.isPresent())) {
            Place place = section.place(ban.isPresent() ? "bantime" : "maxbantime");
            String what = "bantime " + Durations.format(limits.bantime) + " is longer than maxbantime "
                    + Durations.format(limits.maxBantime);
            problems.error(place, "", what, "raise maxbantime or shorten bantime");
        }
        return new JailDefaults(maxretry, findtime, bantime, increment, bantime, zone, trust, unproven, detect);
    }

    /** Returns these limits with these decoys. */
    JailDefaults with(DetectConfig.Decoys decoys) {
        return new JailDefaults(
                maxretry, findtime, bantime, increment, maxBantime, zone, trust, unproven, detect.with(decoys));
    }

    /** Returns whether the first ban never ends. */
    boolean isEndless() {
        return bantime.equals(Durations.FOREVER);
    }

    private static Optional<ZoneId> zone(Section section, Node.Scalar scalar) {
        try {
            return Optional.of(ZoneId.of(scalar.text()));
        } catch (DateTimeException unknown) {
            String fix = Spelling.question(scalar.text(), ZoneId.getAvailableZoneIds())
                    .orElse("write UTC, or one such as Europe/Berlin");
            return section.wrong(scalar, "is not a time zone", fix);
        }
    }
}
