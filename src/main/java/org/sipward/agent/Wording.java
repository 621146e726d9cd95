package org.sipward.agent;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.sipward.ban.Ban;

/** The phrases that answers to people and log lines share, and times in whole seconds. */
final class Wording {
    private Wording() {}

    /** Returns the time without fractions of a second. */
    static Instant time(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS);
    }

    /** Returns the end of a ban or an allowance; empty if it never ends. */
    static Optional<Instant> until(Instant end) {
        return end.equals(Ban.FOREVER) ? Optional.empty() : Optional.of(time(end));
    }

    /** Returns {@code until 2026-12-01T10:00:00Z}, or {@code permanently}. */
    static String untilWords(Instant end) {
        return until(end).map(time -> "until " + time).orElse("permanently");
    }

    /**
     * Returns the origin of a ban and its reason, such as
     * {@code jail:asterisk (5 registration-failed; banned 2 times)}.
     */
    static String of(Ban ban) {
        String times = switch (ban.count()) {
            case 0 -> ban.reason().endsWith("unproven") ? "short ban, since the source could be forged" : "short ban";
            case 1 -> "";
            default -> "banned " + ban.count() + " times";
        };
        return ban.origin() + " (" + ban.reason() + (times.isEmpty() ? "" : "; " + times) + ")";
    }

    /** Returns {@code 4 request-failed, 1 challenge-failed}. */
    static String of(Map<String, Integer> counts) {
        return counts.entrySet().stream()
                .map(count -> count.getValue() + " " + count.getKey())
                .collect(Collectors.joining(", "));
    }

    /** Returns a number and a noun, such as {@code 1 ban} or {@code 2 bans}. The plural must end in s. */
    static String count(long number, String noun) {
        return number + " " + noun + (number == 1 ? "" : "s");
    }
}
