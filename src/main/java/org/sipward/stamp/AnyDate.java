package org.sipward.stamp;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.sipward.source.Line;

/**
 * Reads a date in a format that an operator composed for Asterisk ({@code dateformat} takes any strftime format), if
 * it is not one that {@link DateReader} reads: {@code 22.11.2026 10:24:17}, {@code 11/22/26 10:24:17 PM},
 * {@code Sun Nov 22 10:24:17 2026}, {@code 20261122-102417}, {@code 1795343057}.
 *
 * <p>The time must have seconds, and the date a day and a month. If two numbers could each be the day or the month,
 * the date nearer to the line's arrival is taken. A log whose dates cannot be read is not watched, so this reader is
 * lenient. That is safe, because a date never proves who wrote a line.
 */
final class AnyDate {
    /** The most characters that {@link #read} takes: longer than any date, short enough to scan several times. */
    static final int MAX_CHARS = 64;

    private static final Pattern SECONDS = Pattern.compile("([0-9]{10})(?:[.,]([0-9]{1,9}))?(?: [A-Za-z0-9]{1,32})?");
    private static final Pattern COMPACT = Pattern.compile(
            "(?<![0-9])([0-9]{4})([0-9]{2})([0-9]{2})[ T_-]?([0-9]{2}):?([0-9]{2}):?([0-9]{2})(?![0-9])");
    private static final Pattern TIME = Pattern.compile(
            "(?<![0-9:])([0-9]{1,2}):([0-9]{2}):([0-9]{2})(?:[.,]([0-9]{1,9}))?(?![0-9:])(?: ?([AaPp])[Mm](?![A-Za-z0-9]))?");
    private static final Pattern OFFSET = Pattern.compile("^ ?(Z(?![A-Za-z0-9])|[+-][0-9]{2}:?[0-9]{2}(?![0-9]))");
    private static final Pattern WORD = Pattern.compile("[A-Za-z0-9]+");
    private static final Pattern DATE_SEPARATORS = Pattern.compile("[ ,./:_-]*");
    private static final Pattern ZONE_NAME = Pattern.compile("[A-Z]{2,5}");
    private static final List<String> MONTHS = List.of(
            "january",
            "february",
            "march",
            "april",
            "may",
            "june",
            "july",
            "august",
            "september",
            "october",
            "november",
            "december");
    private static final List<String> DAYS =
            List.of("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday");

    private final List<Integer> numbers = new ArrayList<>();
    private int month = -1;
    private int year = -1;
    private boolean yearFirst;
    private String offset = "";
    private int zones;
    private int words;

    private AnyDate() {}

    /**
     * Returns a date in milliseconds since 1970, or empty if the text is not a date.
     *
     * @param text at most {@link #MAX_CHARS}
     */
    static OptionalLong read(String text, long arrival, ZoneId zone) {
        return new AnyDate().millis(text, arrival, zone).map(OptionalLong::of).orElse(OptionalLong.empty());
    }

    private Optional<Long> millis(String text, long arrival, ZoneId zone) {
        Matcher seconds = SECONDS.matcher(text);
        if (seconds.matches()) {
            String fraction = seconds.group(2) == null ? "" : seconds.group(2);
            return Optional.of(Long.parseLong(seconds.group(1) + (fraction + "000").substring(0, 3)));
        }
        String spaced = COMPACT.matcher(text).replaceFirst("$1-$2-$3 $4:$5:$6");
        Matcher time = TIME.matcher(spaced);
        if (!time.find()) {
            return Optional.empty();
        }
        String before = spaced.substring(0, time.start());
        if (before.endsWith("T")) {
            before = before.substring(0, before.length() - 1);
        }
        String behind = spaced.substring(time.end());
        Matcher zoned = OFFSET.matcher(behind);
        if (zoned.find()) {
            offset = zoned.group(1);
            behind = behind.substring(zoned.end());
        }
        if (!readWords(before) || !readWords(behind) || zones > 1 || words > 1) {
            return Optional.empty();
        }
        String clock = clock(time);
        return dates().map(date -> millis(date, clock, arrival, zone))
                .flatMap(Optional::stream)
                .min(Comparator.comparingLong(millis -> Math.abs(millis - arrival)));
    }

    /** Returns the time of day in a form that {@link DateReader} reads. */
    private static String clock(Matcher time) {
        int hour = Integer.parseInt(time.group(1));
        if (time.group(5) != null) {
            hour = hour % 12 + (time.group(5).equalsIgnoreCase("p") ? 12 : 0);
        }
        return "%02d:%s:%s".formatted(hour, time.group(2), time.group(3))
                + (time.group(4) == null ? "" : "." + time.group(4));
    }

    /** Reads the text before or after the time; returns whether all of it may be part of a date. */
    private boolean readWords(String text) {
        Matcher word = WORD.matcher(text);
        int at = 0;
        while (word.find()) {
            if (!DATE_SEPARATORS.matcher(text.substring(at, word.start())).matches() || !readWord(word.group())) {
                return false;
            }
            at = word.end();
        }
        return DATE_SEPARATORS.matcher(text.substring(at)).matches();
    }

    private boolean readWord(String word) {
        if (word.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return readNumber(word);
        }
        int named = indexOf(MONTHS, word);
        if (named >= 0 && month < 0) {
            month = named + 1;
        } else if (indexOf(DAYS, word) >= 0) {
            return true;
        } else if (word.equals("UTC") || word.equals("GMT")) {
            zones++;
            offset = offset.isEmpty() ? "Z" : offset;
        } else if (ZONE_NAME.matcher(word).matches()) {
            zones++;
        } else {
            // Perhaps the secret word.
            words++;
        }
        return true;
    }

    private boolean readNumber(String digits) {
        int value = digits.length() > 4 ? -1 : Integer.parseInt(digits);
        if (digits.length() == 4 && year < 0) {
            yearFirst = numbers.isEmpty() && month < 0;
            year = value;
        } else if (digits.length() <= 2 && numbers.size() < 3) {
            numbers.add(value);
        } else {
            words++;
        }
        return true;
    }

    /** Returns the index of the name that the word equals or abbreviates to three letters, or -1. */
    private static int indexOf(List<String> names, String word) {
        String lower = word.toLowerCase(Locale.ROOT);
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            if (name.equals(lower) || (lower.length() == 3 && name.startsWith(lower))) {
                return i;
            }
        }
        return -1;
    }

    /** Returns the dates that the numbers may mean, in a form that {@link DateReader} reads. */
    private Stream<String> dates() {
        int count = numbers.size();
        if (month > 0 && count == 1) {
            String name = MONTHS.get(month - 1);
            String abbreviated = name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1, 3);
            return year < 0
                    ? Stream.of("%s %2d ".formatted(abbreviated, numbers.get(0)))
                    : date(year, month, numbers.get(0));
        }
        if (month > 0 && count == 2 && year < 0) {
            return date(2000 + numbers.get(1), month, numbers.get(0));
        }
        if (month < 0 && count == 2 && year >= 0) {
            int first = numbers.get(0);
            int second = numbers.get(1);
            return yearFirst
                    ? date(year, first, second)
                    : Stream.concat(date(year, second, first), date(year, first, second));
        }
        if (month < 0 && count == 3 && year < 0) {
            int first = numbers.get(0);
            int second = numbers.get(1);
            int third = numbers.get(2);
            return Stream.of(
                            date(2000 + third, second, first),
                            date(2000 + third, first, second),
                            date(2000 + first, second, third))
                    .flatMap(date -> date);
        }
        return Stream.empty();
    }

    private static Stream<String> date(int year, int month, int day) {
        try {
            return Stream.of(LocalDate.of(year, month, day) + "T");
        } catch (DateTimeException noSuchDay) {
            return Stream.empty();
        }
    }

    private Optional<Long> millis(String date, String clock, long arrival, ZoneId zone) {
        Line canonical = Line.of(date + clock + offset, arrival, false);
        DateReader reader = new DateReader();
        if (reader.read(canonical, 0) != canonical.length()) {
            return Optional.empty();
        }
        OptionalLong millis = reader.millis(arrival, zone);
        return millis.isPresent() ? Optional.of(millis.getAsLong()) : Optional.empty();
    }
}
