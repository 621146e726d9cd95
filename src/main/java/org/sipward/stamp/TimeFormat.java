package org.sipward.stamp;

import java.time.ZoneId;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import org.sipward.source.Line;

/**
 * The formats of time stamps at the very start of a line. Filters name them in the key {@code time}.
 *
 * <p>All formats read the same kinds of date (see {@link DateReader}); they differ in what surrounds the date.
 */
public enum TimeFormat {
    /**
     * Asterisk's format: the date of {@code dateformat} in brackets, {@code [Nov 22 10:24:17]} or
     * {@code [2026-11-22 10:24:17.123]}. One word may follow the date, such as the name of a zone; it is skipped. Any
     * other date is read as well, see {@link AnyDate}.
     */
    ASTERISK("[") {
        @Override
        int dateStart(Line line) {
            return line.length() > 0 && line.charAt(0) == '[' ? 1 : -1;
        }

        @Override
        int afterDate(Line line, int at) {
            int end = at;
            if (end < line.length() && line.charAt(end) == ' ') {
                end++;
                while (end < line.length() && end - at <= MAX_WORD && Character.isLetterOrDigit(line.charAt(end))) {
                    end++;
                }
                boolean half = end == at + 3 && (line.charAt(at + 1) == 'P' || line.charAt(at + 1) == 'A');
                if (half && line.charAt(at + 2) == 'M') {
                    return -1;
                }
            }
            return end < line.length() && line.charAt(end) == ']' ? end + 1 : -1;
        }

        @Override
        public int end(Line line, DateReader dates) {
            int usual = super.end(line, dates);
            int close = usual >= 0 || dateStart(line) < 0 ? -1 : dates.readAny(line, 1);
            int end = close < 0 ? usual : behind(line, close + 1);
            // Asterisk writes a blank after the bracket.
            return end > 0 && line.charAt(end - 1) == ' ' ? end : -1;
        }
    },
    /**
     * RFC 3164, which {@code journalctl -o short} also prints: {@code Nov 22 10:24:17}. Also
     * {@code journalctl -o short-full}, with the day of the week and the name of a zone:
     * {@code Sun 2026-11-22 10:24:17 CET}; and OpenWrt's {@code logread}, with the year last:
     * {@code Sun Nov 22 10:24:17 2026}.
     */
    SYSLOG(TimeFormat.DAYS + DateReader.MONTHS) {
        @Override
        int dateStart(Line line) {
            if (DateReader.isMonthName(line, 0)) {
                return 0;
            }
            return isFull(line) || isWithDay(line) ? DateReader.BEHIND_DAY : -1;
        }

        @Override
        int afterDate(Line line, int at) {
            // A zone without a name is a number, and was read with the date.
            if (!isFull(line) || line.charAt(at - 3) == '+' || line.charAt(at - 3) == '-') {
                return at;
            }
            int end = at + 1;
            while (end < line.length() && end - at <= MAX_ZONE && isZoneName(line.charAt(end))) {
                end++;
            }
            return end > at + 1 && end < line.length() && line.charAt(at) == ' ' && line.charAt(end) == ' ' ? end : -1;
        }

        private boolean isFull(Line line) {
            return line.length() > 4
                    && line.charAt(3) == ' '
                    && DateReader.isDigit(line.charAt(4))
                    && DAYS.contains(line.subSequence(0, 3));
        }

        private boolean isWithDay(Line line) {
            return line.length() > 4
                    && line.charAt(3) == ' '
                    && DateReader.isMonthName(line, DateReader.BEHIND_DAY)
                    && DAYS.contains(line.subSequence(0, 3));
        }

        private boolean isZoneName(char c) {
            return c >= 'A' && c <= 'Z';
        }
    },
    /** RFC 5424: priority, version 1, then ISO 8601. */
    RFC5424("<") {
        @Override
        int dateStart(Line line) {
            int at = 1;
            while (at < line.length() && at < 4 && DateReader.isDigit(line.charAt(at))) {
                at++;
            }
            boolean header = at > 1
                    && line.length() > at + 3
                    && line.charAt(0) == '<'
                    && line.charAt(at) == '>'
                    && line.charAt(at + 1) == '1'
                    && line.charAt(at + 2) == ' ';
            return header ? at + 3 : -1;
        }
    },
    /** {@code 2026-11-22T10:10:55.985907+00:00}, also with a blank for the T, and without fraction or zone. */
    ISO8601("0123456789") {
        @Override
        int dateStart(Line line) {
            return line.length() > 0 && DateReader.isDigit(line.charAt(0)) ? 0 : -1;
        }
    },
    /**
     * FreeSWITCH's format: as ISO 8601, in old versions without the year; after the UUID of a call if
     * {@code uuid=true}.
     */
    FREESWITCH("0123456789abcdefABCDEF") {
        @Override
        int dateStart(Line line) {
            return hasUuid(line) ? UUID_CHARS + 1 : ISO8601.dateStart(line);
        }

        private boolean hasUuid(Line line) {
            if (line.length() <= UUID_CHARS || line.charAt(UUID_CHARS) != ' ') {
                return false;
            }
            for (int i = 0; i < UUID_CHARS; i++) {
                boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
                char c = line.charAt(i);
                if (dash ? c != '-' : Character.digit(c, 16) < 0) {
                    return false;
                }
            }
            return true;
        }
    },
    /** No time stamp: the line is judged by the time at which it arrived. */
    NONE("") {
        @Override
        int dateStart(Line line) {
            return -1;
        }

        @Override
        public int end(Line line, DateReader dates) {
            return 0;
        }
    };

    private static final int UUID_CHARS = 36;
    private static final int MAX_WORD = 32;
    private static final int MAX_ZONE = 6;
    private static final String DAYS = "Mon Tue Wed Thu Fri Sat Sun";

    private final boolean startsWithAny;
    /** One bit for each byte that such a stamp can begin with: bytes below 64 here, the others in the next field. */
    private final long lowFirsts;

    private final long highFirsts;

    /** @param firsts the bytes that such a stamp can begin with, none above 127; empty if any byte can */
    TimeFormat(String firsts) {
        long low = 0;
        long high = 0;
        for (int i = 0; i < firsts.length(); i++) {
            char first = firsts.charAt(i);
            low |= first < Long.SIZE ? 1L << first : 0;
            high |= first < Long.SIZE ? 0 : 1L << first;
        }
        this.startsWithAny = firsts.isEmpty();
        this.lowFirsts = low;
        this.highFirsts = high;
    }

    /** Returns the format of this name in filters. */
    public static Optional<TimeFormat> named(String name) {
        return Arrays.stream(values())
                .filter(format -> format.key().equals(name))
                .findFirst();
    }

    /** Returns the format's name in filters. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns whether a line that begins with this byte may have this stamp. */
    public boolean mayStart(char first) {
        long bits = first < Long.SIZE ? lowFirsts : first < 2 * Long.SIZE ? highFirsts : 0;
        return startsWithAny || (bits >>> first & 1) != 0;
    }

    /** Returns the index at which the date must start, or -1 if the line cannot have this stamp. */
    abstract int dateStart(Line line);

    /** Returns the index after the text that must follow the date, or -1 if other text follows. */
    int afterDate(Line line, int at) {
        return at;
    }

    /**
     * Returns the index after the stamp at the start of the line and after the one blank that may follow it, or -1 if
     * there is no stamp. Only {@link DateReader#millis} tells whether the date exists.
     *
     * @param dates reads the date, and can then return it
     */
    public int end(Line line, DateReader dates) {
        int start = dateStart(line);
        int date = start < 0 ? -1 : dates.read(line, start);
        int end = date < 0 ? -1 : afterDate(line, date);
        return end < 0 ? -1 : behind(line, end);
    }

    /**
     * Returns the stamp at the start of the line.
     *
     * @param zone the zone of a date that names no zone
     */
    public Optional<Stamp> read(Line line, ZoneId zone) {
        DateReader dates = new DateReader();
        int end = end(line, dates);
        if (end < 0 || this == NONE) {
            return end < 0 ? Optional.empty() : Optional.of(new Stamp(0, end));
        }
        OptionalLong millis = dates.millis(line.arrival(), zone);
        return millis.isEmpty() ? Optional.empty() : Optional.of(new Stamp(millis.getAsLong(), end));
    }

    /** Returns the index after the one blank that may follow a stamp. */
    private static int behind(Line line, int end) {
        return end < line.length() && line.charAt(end) == ' ' ? end + 1 : end;
    }
}
