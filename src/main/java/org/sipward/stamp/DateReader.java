package org.sipward.stamp;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.sipward.source.Line;

/**
 * Reads dates with their times from lines: {@code Nov 22 10:24:17}, {@code 2026-11-22 10:24:17} (or with a T),
 * {@code 11-22 10:24:17} or {@code 22/Nov/2026 10:24:17}, each with an optional fraction after a dot or comma, and an
 * optional zone ({@code Z}, {@code +0100} or {@code +01:00}).
 *
 * <p>Written by hand because every line begins with a date: it must be read from the bytes, at its exact place, in one
 * pass and without allocating. The instant is computed only when {@link #millis} asks for it.
 *
 * <p>Reads one date at a time. Not thread-safe.
 */
public final class DateReader {
    static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
    /** How far the writer's clock may be ahead of ours before a date without a year is taken for last year's. */
    private static final Duration AHEAD = Duration.ofDays(1);

    /**
     * The index of a date that follows the day of the week. If such a date begins with the month, its year comes last.
     */
    static final int BEHIND_DAY = 4;

    private static final int NO_OFFSET = Integer.MAX_VALUE;
    /** Longer dates are not remembered. */
    private static final int MAX_LAST = 40;

    private Line line = new Line();
    private int at;
    private int year;
    private int month;
    private int day;
    private int hour;
    private int minute;
    private int second;
    private int millisecond;
    private int offset;
    /** The bytes of the date that was read last; none if that was not a date. */
    private final byte[] last = new byte[MAX_LAST];

    private int lastLength;
    private boolean isAny;
    private int anyStart;
    private long knownDate = -1;
    private int knownOffset;
    private long knownArrival = -1;
    private ZoneId knownZone = ZoneOffset.UTC;
    private long knownMillis;

    public static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    static boolean isMonthName(Line line, int at) {
        return monthAt(line, at) > 0;
    }

    /** Reads the date that begins at an index of the line; returns the index after it, or -1 if there is no date. */
    int read(Line text, int start) {
        line = text;
        at = start;
        isAny = false;
        if (isLast()) {
            at += lastLength;
            return at;
        }
        lastLength = 0;
        year = -1;
        offset = NO_OFFSET;
        if (!readDate()) {
            return -1;
        }
        hour = number(2);
        minute = accept(':') ? number(2) : -1;
        second = accept(':') ? number(2) : -1;
        if (hour < 0 || minute < 0 || second < 0 || hour > 23 || minute > 59 || !isDay()) {
            return -1;
        }
        millisecond = readFraction();
        readZone();
        if (start == BEHIND_DAY && year < 0 && !readLastYear()) {
            return -1;
        }
        keep(start);
        return at;
    }

    /**
     * Returns whether the same bytes as the last date stand here: a busy second has many lines. After them must come
     * something that cannot belong to the date: the closing bracket, or a blank that no zone follows.
     */
    private boolean isLast() {
        int from = line.from() + at;
        int end = from + lastLength;
        byte[] buffer = line.buffer();
        return lastLength > 0
                && end + 1 < line.to()
                && (buffer[end] == ']' || (buffer[end] == ' ' && buffer[end + 1] != '+' && buffer[end + 1] != '-'))
                && Arrays.equals(buffer, from, end, last, 0, lastLength);
    }

    private void keep(int start) {
        lastLength = at - start <= MAX_LAST ? at - start : 0;
        System.arraycopy(line.buffer(), line.from() + start, last, 0, lastLength);
    }

    /**
     * Takes the text up to the next closing bracket for a date, which {@link AnyDate} reads if {@link #millis} is
     * called; returns the index of the bracket, or -1 if no bracket is near.
     */
    int readAny(Line text, int start) {
        line = text;
        int end = start;
        while (end < text.length() && end - start < AnyDate.MAX_CHARS && text.charAt(end) != ']') {
            end++;
        }
        isAny = end > start && end < text.length() && text.charAt(end) == ']';
        anyStart = start;
        at = end;
        return isAny ? end : -1;
    }

    /**
     * Returns the date that was read last in milliseconds since 1970, or empty if the date exists in no year.
     *
     * @param arrival when its line arrived, to guess the year of a date without one
     * @param zone the zone of a date that names no zone
     */
    public OptionalLong millis(long arrival, ZoneId zone) {
        if (isAny) {
            return AnyDate.read(line.subSequence(anyStart, at).toString(), arrival, zone);
        }
        // Java has no leap seconds: second 60 becomes 59.
        long date =
                (((year + 1L) * 13 + month) * 32 + day) * 86_400 + (hour * 60L + minute) * 60 + Math.min(second, 59);
        // Many lines of a flood share one second, so its start is computed once. When a line arrived within that second
        // does not matter.
        long arrivalSecond = Math.floorDiv(arrival, 1000L) * 1000;
        if (date != knownDate || offset != knownOffset || arrivalSecond != knownArrival || !zone.equals(knownZone)) {
            OptionalLong start = startOfSecond(arrivalSecond, zone);
            if (start.isEmpty()) {
                return start;
            }
            knownDate = date;
            knownOffset = offset;
            knownArrival = arrivalSecond;
            knownZone = zone;
            knownMillis = start.getAsLong();
        }
        return OptionalLong.of(knownMillis + millisecond);
    }

    private OptionalLong startOfSecond(long arrival, ZoneId zone) {
        LocalDateTime time = LocalDateTime.of(2000, month, 1, hour, minute, Math.min(second, 59));
        if (year >= 0) {
            return OptionalLong.of(millis(time.withYear(year).withDayOfMonth(day), arrival, zone));
        }
        long latest = arrival + AHEAD.toMillis();
        int next = Instant.ofEpochMilli(latest).atZone(zone).getYear();
        // The 29th of February may lie up to eight years back, over a century year.
        for (int guess = next; guess > next - 9; guess--) {
            if (day == 29 && month == 2 && !Year.isLeap(guess)) {
                continue;
            }
            long millis = millis(time.withYear(guess).withDayOfMonth(day), arrival, zone);
            if (millis <= latest) {
                return OptionalLong.of(millis);
            }
        }
        return OptionalLong.empty();
    }

    private boolean isDay() {
        if (month < 1 || month > 12 || day < 1 || day > 31) {
            return false;
        }
        return day <= 28 || day <= YearMonth.of(year < 0 ? 2000 : year, month).lengthOfMonth();
    }

    private boolean readDate() {
        month = monthAt(line, at);
        if (month > 0) {
            at += 3;
            if (!accept(' ')) {
                return false;
            }
            accept(' ');
            day = upTo2Digits();
            return day > 0 && accept(' ');
        }
        int first = number(4);
        if (first >= 0) {
            year = first;
            month = accept('-') ? number(2) : -1;
            day = accept('-') ? number(2) : -1;
            return day > 0 && (accept('T') || accept(' '));
        }
        day = number(2);
        if (accept('-')) {
            month = day;
            day = number(2);
            return month > 0 && day > 0 && accept(' ');
        }
        month = day > 0 && accept('/') ? monthAt(line, at) : -1;
        at += 3;
        year = month > 0 && accept('/') ? number(4) : -1;
        return year > 0 && (accept(' ') || accept(':'));
    }

    /** Reads a year at the end of the date; returns whether that year has this day. */
    private boolean readLastYear() {
        year = accept(' ') ? number(4) : -1;
        return year > 0 && isDay();
    }

    private int readFraction() {
        if (!(peek('.') || peek(',')) || at + 1 >= line.length() || !isDigit(line.charAt(at + 1))) {
            return 0;
        }
        at++;
        int millis = 0;
        int digits = 0;
        while (at < line.length() && isDigit(line.charAt(at)) && digits < 9) {
            millis = digits < 3 ? millis * 10 + line.charAt(at) - '0' : millis;
            at++;
            digits++;
        }
        for (; digits < 3; digits++) {
            millis *= 10;
        }
        return millis;
    }

    private void readZone() {
        int start = at;
        accept(' ');
        if (peek('+') || peek('-')) {
            boolean west = line.charAt(at++) == '-';
            int hours = number(2);
            boolean colon = accept(':');
            int minutes = number(2);
            if (hours >= 0 && hours <= 18 && ((minutes >= 0 && minutes < 60) || !colon)) {
                int total = hours * 3600 + Math.max(minutes, 0) * 60;
                offset = total > 18 * 3600 ? NO_OFFSET : west ? -total : total;
                return;
            }
        } else if (at == start && peek('Z')) {
            at++;
            offset = 0;
            return;
        }
        at = start;
    }

    private long millis(LocalDateTime time, long arrival, ZoneId zone) {
        if (offset != NO_OFFSET) {
            return time.toInstant(ZoneOffset.ofTotalSeconds(offset)).toEpochMilli();
        }
        List<ZoneOffset> offsets = zone.getRules().getValidOffsets(time);
        if (offsets.size() < 2) {
            return time.atZone(zone).toInstant().toEpochMilli();
        }
        // One hour occurs twice when summer time ends: take the time nearer to the line's arrival.
        long early = time.toInstant(offsets.get(0)).toEpochMilli();
        long late = time.toInstant(offsets.get(1)).toEpochMilli();
        return Math.abs(early - arrival) <= Math.abs(late - arrival) ? early : late;
    }

    private static int monthAt(Line line, int at) {
        if (at + 3 > line.length() || line.charAt(at) < 'A' || line.charAt(at) > 'S') {
            return -1;
        }
        for (int month = 0; month < 12; month++) {
            if (line.charAt(at) == MONTHS.charAt(month * 3)
                    && line.charAt(at + 1) == MONTHS.charAt(month * 3 + 1)
                    && line.charAt(at + 2) == MONTHS.charAt(month * 3 + 2)) {
                return month + 1;
            }
        }
        return -1;
    }

    /** Reads exactly this many digits and returns their number; otherwise returns -1 and does not move. */
    private int number(int digits) {
        if (at + digits > line.length()) {
            return -1;
        }
        int value = 0;
        for (int i = at; i < at + digits; i++) {
            if (!isDigit(line.charAt(i))) {
                return -1;
            }
            value = value * 10 + line.charAt(i) - '0';
        }
        at += digits;
        return value;
    }

    private int upTo2Digits() {
        int two = number(2);
        return two >= 0 ? two : number(1);
    }

    private boolean peek(char c) {
        return at < line.length() && line.charAt(at) == c;
    }

    private boolean accept(char c) {
        if (peek(c)) {
            at++;
            return true;
        }
        return false;
    }
}
