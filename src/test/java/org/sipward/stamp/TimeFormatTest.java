package org.sipward.stamp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipward.source.Line;

class TimeFormatTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final String NOVEMBER = "2026-11-22T12:00:00Z";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "asterisk|[Nov 22 10:24:17] |2026-11-22T10:24:17Z",
                "asterisk|[Nov  2 10:24:17] |2026-11-02T10:24:17Z",
                "asterisk|[Nov 2 10:24:17] |2026-11-02T10:24:17Z",
                "asterisk|[Nov 22 10:24:17.5] |2026-11-22T10:24:17.500Z",
                "asterisk|[2026-11-22 10:24:17] |2026-11-22T10:24:17Z",
                "asterisk|[2026-11-22 10:24:17.123] |2026-11-22T10:24:17.123Z",
                "asterisk|[2026-11-22T10:24:17.123+0100] |2026-11-22T09:24:17.123Z",
                "asterisk|[2026-11-22 10:24:17 CET] |2026-11-22T10:24:17Z",
                "asterisk|[2026-11-22 10:24:17 k7Qz9] |2026-11-22T10:24:17Z",
                "asterisk|[22/Nov/2026 10:24:17 -0330] |2026-11-22T13:54:17Z",
                "asterisk|[2026-11-22 10:24:17 PM] |2026-11-22T22:24:17Z",
                "asterisk|[Nov 22 12:24:17 AM] |2026-11-22T00:24:17Z",
                "asterisk|[22.11.2026 10:24:17] |2026-11-22T10:24:17Z",
                "asterisk|[11/22/2026 10:24:17] |2026-11-22T10:24:17Z",
                "asterisk|[11/22/26 10:24:17.250 pm] |2026-11-22T22:24:17.250Z",
                "asterisk|[11/10/26 10:24:17] |2026-11-10T10:24:17Z",
                "asterisk|[10/11/26 10:24:17] |2026-11-10T10:24:17Z",
                "asterisk|[26-11-22 10:24:17] |2026-11-22T10:24:17Z",
                "asterisk|[2026/11/22_10:24:17] |2026-11-22T10:24:17Z",
                "asterisk|[Sun Nov 22 10:24:17 2026] |2026-11-22T10:24:17Z",
                "asterisk|[Sun, 22 Nov 2026 10:24:17 +0100] |2026-11-22T09:24:17Z",
                "asterisk|[Sunday November 22 2026 10:24:17 UTC k7Qz9] |2026-11-22T10:24:17Z",
                "asterisk|[22 Nov 10:24:17] |2026-11-22T10:24:17Z",
                "asterisk|[2026-11-22 10:24:17 CET k7Qz9] |2026-11-22T10:24:17Z",
                "asterisk|[10:24:17 22-Nov-26] |2026-11-22T10:24:17Z",
                "asterisk|[20261122102417] |2026-11-22T10:24:17Z",
                "asterisk|[20261122-10:24:17.5] |2026-11-22T10:24:17.500Z",
                "asterisk|[1795343057] |2026-11-22T10:24:17Z",
                "asterisk|[1795343057.250 k7Qz9] |2026-11-22T10:24:17.250Z",
                "syslog|Sun 2026-11-22 10:24:17 CET |2026-11-22T10:24:17Z",
                "syslog|Sun 2026-11-22 10:24:17.123456 +03 |2026-11-22T07:24:17.123Z",
                "syslog|Nov 22 10:24:17 |2026-11-22T10:24:17Z",
                "syslog|Nov  2 10:24:17 |2026-11-02T10:24:17Z",
                "rfc5424|<133>1 2026-11-22T10:24:17.985907+00:00 |2026-11-22T10:24:17.985Z",
                "rfc5424|<5>1 2026-11-22T10:24:17Z |2026-11-22T10:24:17Z",
                "iso8601|2026-11-22T10:24:17.985907+05:30 |2026-11-22T04:54:17.985Z",
                "iso8601|2026-11-22T10:24:17+0000 |2026-11-22T10:24:17Z",
                "iso8601|2026-11-22T10:24:17.985907123Z |2026-11-22T10:24:17.985Z",
                "iso8601|2026-11-22 10:24:17,985 |2026-11-22T10:24:17.985Z",
                "iso8601|2026-11-22 10:24:60 |2026-11-22T10:24:59Z",
                "freeswitch|2026-11-22 10:24:17.483609 |2026-11-22T10:24:17.483Z",
                "freeswitch|571d73d3-d23e-4bcf-a992-6f3be4f1f581 2026-11-22 10:24:17.483609 |2026-11-22T10:24:17.483Z",
                "freeswitch|08-03 07:56:53.026292 |2026-08-03T07:56:53.026Z",
                "freeswitch|12-31 07:56:53.026292 |2025-12-31T07:56:53.026Z",
            })
    void readsTheStampAndTheBlankAfterIt(String format, String stamp, String time) {
        assertThat(read(format, stamp + "rest", NOVEMBER, ZoneOffset.UTC))
                .contains(new Stamp(millis(time), stamp.length()));
    }

    @ParameterizedTest
    @EnumSource(TimeFormat.class)
    void isReadOnlyFromLinesThatMayStartLikeIt(TimeFormat format) {
        List<String> rests = new ArrayList<>(List.of(
                "Nov 22 10:24:17] ",
                " T 2026-11-22 10:24:17 CET ",
                "133>1 2026-11-22T10:24:17Z ",
                "026-11-22T10:24:17Z ",
                "1-22 10:24:17.5 ",
                "71d73d3-d23e-4bcf-a992-6f3be4f1f581 2026-11-22 10:24:17.5 ",
                "71D73D3-d23e-4bcf-a992-6f3be4f1f581 2026-11-22 10:24:17.5 "));
        Stream.of("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" "))
                .forEach(month -> rests.add(month.substring(1) + " 22 10:24:17 "));
        Stream.of("Mon Tue Wed Thu Fri Sat Sun".split(" "))
                .forEach(day -> rests.add(day.substring(1) + " 2026-11-22 10:24:17 CET "));
        List<Character> read = new ArrayList<>();
        for (char first = 0; first < 256; first++) {
            String start = String.valueOf(first);
            boolean any =
                    rests.stream().anyMatch(rest -> format.end(Line.of(start + rest, 0, true), new DateReader()) >= 0);
            assertThat(any && !format.mayStart(first)).as(start).isFalse();
            if (any) {
                read.add(first);
            }
        }
        assertThat(read).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "asterisk|Nov 22 10:24:17",
                "asterisk|[Nov 22 10:24:17",
                "asterisk|[Nov 22 10:24:17 a b]",
                "asterisk|[Nov 22 10:24]",
                "asterisk| [Nov 22 10:24:17]",
                "asterisk|[Foo 22 10:24:17]",
                "asterisk|[2026-11-22]",
                "asterisk|[10:24:17]",
                "asterisk|[22.11. 10:24:17]",
                "asterisk|[31.02.2026 10:24:17]",
                "asterisk|[22.11.2026 10:24:17 a b]",
                "asterisk|[22.11.2026 25:24:17]",
                "asterisk|[22.11.2026; 10:24:17]",
                "asterisk|[22.11.2026 10:24:17",
                "asterisk|[22.11.2026 10:24:17                                              ]",
                "syslog|Sun 2026-11-22 10:24:17",
                "syslog|Sun 2026-11-22 10:24:17 pbx1 asterisk[7]:",
                "syslog|Foo 2026-11-22 10:24:17 CET ",
                "syslog|Nov 32 10:24:17 ",
                "syslog|Nov 0 10:24:17 ",
                "syslog|nov 22 10:24:17 ",
                "syslog| Nov 22 10:24:17 ",
                "rfc5424|<133>2 2026-11-22T10:24:17Z ",
                "rfc5424|<>1 2026-11-22T10:24:17Z ",
                "rfc5424|133>1 2026-11-22T10:24:17Z ",
                "rfc5424|<1",
                "iso8601|2026-13-22T10:24:17Z ",
                "iso8601|2026-02-29T10:24:17Z ",
                "iso8601|2026-11-22T25:24:17Z ",
                "iso8601|2026-11-22T10:60:17Z ",
                "iso8601|2026-11-22",
                "iso8601|99999999999999999999",
                "freeswitch|13-03 07:56:53 ",
                "freeswitch|00-03 07:56:53 ",
                "freeswitch|02-30 07:56:53 ",
                "freeswitch|08-03T07:56:53 ",
                "freeswitch|571d73d3-d23e-4bcf-a992-6f3be4f1f58 2026-11-22 10:24:17",
                "freeswitch|571d73d3_d23e-4bcf-a992-6f3be4f1f581 2026-11-22 10:24:17",
            })
    void readsNothingFromTextThatIsNotAStamp(String format, String line) {
        assertThat(read(format, line, NOVEMBER, ZoneOffset.UTC)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"asterisk", "syslog", "rfc5424", "iso8601", "freeswitch"})
    void readsNothingFromTheStartOfAStampAlone(String format) {
        String stamp = switch (format) {
            case "asterisk" -> "[Nov 22 10:24:17] ";
            case "syslog" -> "Nov 22 10:24:17";
            case "rfc5424" -> "<133>1 2026-11-22T10:24:17";
            default -> "2026-11-22 10:24:17";
        };
        for (int length = 0; length < stamp.length(); length++) {
            assertThat(read(format, stamp.substring(0, length), NOVEMBER, ZoneOffset.UTC))
                    .isEmpty();
        }
        assertThat(read(format, stamp, NOVEMBER, ZoneOffset.UTC)).isPresent();
    }

    @Test
    void takesDecemberReadInJanuaryForLastYears() {
        assertThat(syslog("Dec 31 23:59:59", "2027-01-01T00:00:10Z", ZoneOffset.UTC))
                .contains("2026-12-31T23:59:59Z");
    }

    @Test
    void takesJanuaryReadInDecemberForNextYearsIfTheClocksDifferLittle() {
        assertThat(syslog("Jan  1 00:00:05", "2026-12-31T23:59:50Z", ZoneOffset.UTC))
                .contains("2027-01-01T00:00:05Z");
    }

    @Test
    void takesADateFarAheadForLastYears() {
        assertThat(syslog("Nov 24 00:00:00", NOVEMBER, ZoneOffset.UTC)).contains("2025-11-24T00:00:00Z");
    }

    @Test
    void judgesTheYearInTheZoneOfTheLog() {
        assertThat(syslog("Jan  1 00:30:00", "2026-12-31T23:30:00Z", BERLIN)).contains("2026-12-31T23:30:00Z");
    }

    @Test
    void looksForAYearThatHasA29thOfFebruary() {
        assertThat(syslog("Feb 29 12:00:00", "2028-02-29T12:00:01Z", ZoneOffset.UTC))
                .contains("2028-02-29T12:00:00Z");
        assertThat(syslog("Feb 29 12:00:00", "2027-03-01T00:00:00Z", ZoneOffset.UTC))
                .contains("2024-02-29T12:00:00Z");
        assertThat(syslog("Feb 29 12:00:00", "2104-02-28T00:00:00Z", ZoneOffset.UTC))
                .contains("2096-02-29T12:00:00Z");
    }

    @Test
    void takesAnHourThatOccursTwiceForTheOneNearerToTheArrival() {
        assertThat(syslog("Oct 25 02:30:00", "2026-10-25T00:30:01Z", BERLIN)).contains("2026-10-25T00:30:00Z");
        assertThat(syslog("Oct 25 02:30:00", "2026-10-25T01:30:01Z", BERLIN)).contains("2026-10-25T01:30:00Z");
    }

    @Test
    void takesAnHourThatNeverOccursForTheOneAfterIt() {
        assertThat(syslog("Mar 29 02:30:00", "2026-03-29T02:00:00Z", BERLIN)).contains("2026-03-29T01:30:00Z");
    }

    @Test
    void readsAStampWithoutZoneInTheZoneOfTheLog() {
        assertThat(read("iso8601", "2026-11-22 10:24:17 ", NOVEMBER, BERLIN))
                .hasValueSatisfying(stamp -> assertThat(stamp.millis()).isEqualTo(millis("2026-11-22T09:24:17Z")));
        assertThat(read("iso8601", "2026-11-22T10:24:17Z ", NOVEMBER, BERLIN))
                .hasValueSatisfying(stamp -> assertThat(stamp.millis()).isEqualTo(millis("2026-11-22T10:24:17Z")));
    }

    @Test
    void takesNoWordOfTheMessageForAZone() {
        Optional<Stamp> stamp = read("iso8601", "2026-11-22 10:24:17 -x +1", NOVEMBER, ZoneOffset.UTC);

        assertThat(stamp).contains(new Stamp(millis("2026-11-22T10:24:17Z"), 20));
    }

    @Test
    void readsAnEmptyStampIfTheFormatNeedsNone() {
        assertThat(read("none", "anything", NOVEMBER, ZoneOffset.UTC))
                .hasValueSatisfying(stamp -> assertThat(stamp.end()).isZero());
    }

    private static Optional<String> syslog(String stamp, String arrival, ZoneId zone) {
        return read("syslog", stamp + " host", arrival, zone)
                .map(read -> Instant.ofEpochMilli(read.millis()).toString());
    }

    private static Optional<Stamp> read(String format, String line, String arrival, ZoneId zone) {
        return TimeFormat.named(format).orElseThrow().read(Line.of(line, millis(arrival), false), zone);
    }

    private static long millis(String time) {
        return Instant.parse(time).toEpochMilli();
    }
}
