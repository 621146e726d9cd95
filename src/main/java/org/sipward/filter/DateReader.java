package org.sipward.filter;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.Year;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

/**
 * Reads one date with its time out of a line: {@code Nov 22 10:24:17}, {@code 2026-11-22 10:24:17} (or with a T),
 * {@code 11-22 10:24:17} or {@code 22/Nov/2026 10:24:17}, each with an optional fraction after a dot or comma, and an optional zone
 * ({@code Z}, {@code +0100} or {@code +01:00}).
 *
 * <p>Written by hand because a line's date must be read from bytes, exactly where it stands, in one pass. Serves one
 * date.
 */
final class DateReader {
    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
    /** How far ahead of this machine's clock the writer's may be before a date without year is taken for last year's. */
    private static final Duration AHEAD = Duration.ofDays(1);

    private final CharSequence line;
    private int at;
    private int year = -1;
    private int month;
    private int day;
    private Optional<ZoneOffset> offset = Optional.empty();

    DateReader(CharSequence line, int start) {
        this.line = line;
        this.at = start;
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    static boolean isMonthName(CharSequence line, int at) {
        return monthAt(line, at) > 0;
    }

    /** Returns the date, with the end just behind it. Call it once. */
    Optional<Stamp> read(long arrival, ZoneId zone) {
        if (!readDate()) {
            return Optional.empty();
        }
        int hour = number(2);
        int minute = accept(':') ? number(2) : -1;
        int second = accept(':') ? number(2) : -1;
        if (hour < 0 || minute < 0 || second < 0) {
            return Optional.empty();
        }
        int nanos = readFraction();
        readZone();
        try {
            // A leap second is the second before it to Java.
            LocalDateTime time = LocalDateTime.of(2000, month, 1, hour, minute, Math.min(second, 59), nanos);
            return resolve(time, arrival, zone).map(millis -> new Stamp(millis, at));
        } catch (DateTimeException notATime) {
            return Optional.empty();
        }
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

    private int readFraction() {
        if (!(peek('.') || peek(',')) || at + 1 >= line.length() || !isDigit(line.charAt(at + 1))) {
            return 0;
        }
        at++;
        int nanos = 0;
        int digits = 0;
        while (at < line.length() && isDigit(line.charAt(at)) && digits < 9) {
            nanos = nanos * 10 + line.charAt(at++) - '0';
            digits++;
        }
        for (; digits < 9; digits++) {
            nanos *= 10;
        }
        return nanos;
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
                offset = total > 18 * 3600
                        ? Optional.empty()
                        : Optional.of(ZoneOffset.ofTotalSeconds(west ? -total : total));
                return;
            }
        } else if (at == start && peek('Z')) {
            at++;
            offset = Optional.of(ZoneOffset.UTC);
            return;
        }
        at = start;
    }

    private Optional<Long> resolve(LocalDateTime time, long arrival, ZoneId zone) {
        if (year >= 0) {
            return Optional.of(millis(time.withYear(year).withDayOfMonth(day), arrival, zone));
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
                return Optional.of(millis);
            }
        }
        return Optional.empty();
    }

    private long millis(LocalDateTime time, long arrival, ZoneId zone) {
        if (offset.isPresent()) {
            return time.toInstant(offset.get()).toEpochMilli();
        }
        List<ZoneOffset> offsets = zone.getRules().getValidOffsets(time);
        if (offsets.size() < 2) {
            return time.atZone(zone).toInstant().toEpochMilli();
        }
        // The hour that comes twice when summer ends: the one nearer to the line's arrival is meant.
        long early = time.toInstant(offsets.get(0)).toEpochMilli();
        long late = time.toInstant(offsets.get(1)).toEpochMilli();
        return Math.abs(early - arrival) <= Math.abs(late - arrival) ? early : late;
    }

    private static int monthAt(CharSequence line, int at) {
        if (at + 3 > line.length()) {
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

    /** Returns the number that exactly this many digits make, or -1 and stays where it is. */
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
