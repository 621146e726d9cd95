package org.sipward.cli;

import com.google.re2j.Pattern;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.sipward.yaml.Durations;

/** Formats values, and text of logs, for people. */
final class Text {
    /** Words that servers use when they refuse something. Only a hint for the author of a filter. */
    private static final Pattern FAILURE = Pattern.compile(
            "(?i)fail|denied|reject|unauthori[sz]ed|forbidden|wrong password|invalid|mismatch|not found|blocked");

    private Text() {}

    /** Returns the text cut off after {@code max} characters, with everything but printable ASCII escaped. */
    static String shown(CharSequence text, int max) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0; i < text.length() && i < max; i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c < 0x7f) {
                shown.append(c);
            } else {
                shown.append(String.format("\\x%02x", (int) c));
            }
        }
        return text.length() > max ? shown + "…" : shown.toString();
    }

    /** Returns a number with a noun whose plural ends in s, as in {@code 2 jails}. */
    static String count(long number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    /** Returns a value of a row for people: {@code 3 a, 2 b} for counts, {@code -} for none. */
    static String value(@Nullable Object value) {
        if (value instanceof Optional<?> perhaps) {
            return perhaps.map(Text::value).orElse("-");
        }
        if (value instanceof Map<?, ?> counts) {
            return counts.isEmpty()
                    ? "-"
                    : counts.entrySet().stream()
                            .map(count -> count.getValue() + " " + count.getKey())
                            .collect(Collectors.joining(", "));
        }
        if (value instanceof Collection<?> list) {
            return list.isEmpty() ? "-" : list.stream().map(Text::value).collect(Collectors.joining(" "));
        }
        return value == null || value.equals("") ? "-" : value.toString();
    }

    /** Returns the end of a ban for people. */
    static String until(@Nullable Object until) {
        return value(until).equals("-") ? "permanent" : value(until);
    }

    /** Returns a number of seconds as in {@code 2h5m}. */
    static String duration(@Nullable Object seconds) {
        return seconds instanceof Number number ? Durations.format(Duration.ofSeconds(number.longValue())) : "-";
    }

    static boolean looksLikeFailure(CharSequence line) {
        return FAILURE.matcher(line).find();
    }
}
