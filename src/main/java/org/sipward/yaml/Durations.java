package org.sipward.yaml;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as the operator writes them: {@code 30s 10m 2h 1d 4w}, several as in {@code 1d12h}, and as in fail2ban a
 * plain number of seconds, or {@code -1} (or {@code forever}) for a ban that does not end.
 */
public final class Durations {
    /**
     * Stands for a time without an end. Its value is a hundred years, ten times {@link #MAX}, so that it can still be
     * added to a clock or passed to the kernel.
     */
    public static final Duration FOREVER = Duration.ofDays(36_500);

    /** The longest duration that can be configured. */
    public static final Duration MAX = Duration.ofDays(3_650);

    /** The advice for an operator whose text is not a duration. */
    public static final String EXAMPLES = "write 30s, 10m, 2h, 1d or 4w";

    private static final String UNITS = "wdhms";
    private static final int[] UNIT_SECONDS = {604_800, 86_400, 3_600, 60, 1};
    private static final Pattern PART = Pattern.compile("([0-9]{1,9})([wdhms])");

    private Durations() {}

    /**
     * Parses whole numbers with units, larger units first, each unit at most once. Returns empty if the text is not a
     * duration. The duration may be zero, or longer than {@link #MAX}.
     */
    public static Optional<Duration> parse(String text) {
        if (text.equals("forever") || text.equals("-1")) {
            return Optional.of(FOREVER);
        }
        if (text.matches("[0-9]{1,9}")) {
            return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
        }
        long seconds = 0;
        int lastUnit = -1;
        int at = 0;
        Matcher part = PART.matcher(text);
        while (at < text.length()) {
            if (!part.region(at, text.length()).lookingAt() || UNITS.indexOf(part.group(2)) <= lastUnit) {
                return Optional.empty();
            }
            lastUnit = UNITS.indexOf(part.group(2));
            seconds += Long.parseLong(part.group(1)) * UNIT_SECONDS[lastUnit];
            at = part.end();
        }
        return at == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds));
    }

    /**
     * Returns the duration in the form that {@link #parse} reads, such as {@code 1d12h}; fractions of a second are cut
     * off.
     */
    public static String format(Duration duration) {
        if (duration.equals(FOREVER)) {
            return "forever";
        }
        long rest = duration.toSeconds();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < UNIT_SECONDS.length; i++) {
            // Weeks only if nothing else is left: nobody reads 1w3d as ten days.
            boolean fits = i == 0 ? rest % UNIT_SECONDS[i] == 0 : true;
            if (fits && rest >= UNIT_SECONDS[i]) {
                text.append(rest / UNIT_SECONDS[i]).append(UNITS.charAt(i));
                rest %= UNIT_SECONDS[i];
            }
        }
        return text.isEmpty() ? "0s" : text.toString();
    }
}
