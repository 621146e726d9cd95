package org.sipward.agent;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.sipward.ban.Ban;
import org.sipward.ban.BanStore;
import org.sipward.ban.Trusted;
import org.sipward.jail.Jail;

/**
 * Puts what the agent knows into rows and words. A row holds values that programs can use: times in whole seconds, null
 * for an end that never comes, never a sentence where a value is expected.
 */
final class JsonRows {
    private JsonRows() {}

    /** Returns the row of a ban; its keys are a promise to scripts. */
    static Map<String, Object> of(Ban ban) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("address", ban.network());
        row.put("origin", ban.origin());
        row.put("since", time(ban.since()));
        row.put("until", until(ban.until()));
        row.put("count", ban.count());
        row.put("reason", ban.reason());
        return row;
    }

    /** Returns the row of a ban that is over. */
    static Map<String, Object> of(BanStore.Past past) {
        Map<String, Object> row = of(past.ban());
        row.put("until", until(past.end()));
        return row;
    }

    /** Returns the row of an address that is trusted. */
    static Map<String, Object> of(Trusted trusted) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("address", trusted.network());
        row.put("since", time(trusted.since()));
        row.put("until", time(trusted.until()));
        return row;
    }

    /** Returns the row of an address that a jail counts. */
    static Map<String, Object> of(Jail jail, Jail.Count count) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("address", count.network());
        row.put("jail", jail.name());
        row.put("failures", count.failures());
        row.put("last", time(count.last()));
        row.put("patterns", count.patterns());
        return row;
    }

    /** Returns the time without fractions of a second. */
    static Instant time(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS);
    }

    /** Returns the end of a ban or an allowance, empty if it never ends. */
    static Optional<Instant> until(Instant end) {
        return end.equals(Ban.FOREVER) ? Optional.empty() : Optional.of(time(end));
    }

    /** Returns {@code until 2026-12-01T10:00:00Z}, or {@code permanently}. */
    static String untilWords(Instant end) {
        return until(end).map(time -> "until " + time).orElse("permanently");
    }

    /** Returns who banned it and why, as in {@code jail:asterisk (5 registration-failed, 2 times)}. */
    static String words(Ban ban) {
        String times = switch (ban.count()) {
            case 0 -> ban.reason().endsWith("unproven") ? "short ban, since the source could be forged" : "short ban";
            case 1 -> "";
            default -> "banned " + ban.count() + " times";
        };
        return ban.origin() + " (" + ban.reason() + (times.isEmpty() ? "" : "; " + times) + ")";
    }

    /** Returns {@code 4 request-failed, 1 challenge-failed}. */
    static String words(Map<String, Integer> counts) {
        return counts.entrySet().stream()
                .map(count -> count.getValue() + " " + count.getKey())
                .collect(Collectors.joining(", "));
    }

    /** Returns a number and what it counts, whose plural ends in s. */
    static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }
}
