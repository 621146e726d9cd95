package org.sipward.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.sipward.filter.Reading.filter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipward.source.Line;

/**
 * Holds our filters to the sample lines of fail2ban's. They are not ours to ship: they are read from the folder that the
 * system property {@code fail2ban.samples} names, or from beside the project, and where they are not there, the test is
 * skipped.
 */
class Fail2banSamplesTest {
    private static final Path SAMPLES = Path.of(System.getProperty("fail2ban.samples", "../shared/fail2ban"))
            .resolve("cases.jsonl");
    private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");
    /** The day on which stamps without a year are read. */
    private static final long NOW = Instant.parse("2005-08-14T10:00:00Z").toEpochMilli();

    /** What fail2ban counts and we do not, by a part of the line, with the reason. */
    private static final Map<String, String> REFUSED = Map.of(
            "server asterisk[123]: ",
            "a line without its time is not believed: the journal's entry has one, and its text output shows it",
            "SIP auth challenge (",
            "each phone is challenged at each registration");

    /** The samples hold only the first of FreeSWITCH's three lines. */
    private static final Pattern UNKNOWN_USER = Pattern.compile("Can't find user \\[([^@]*)@(.*)\\] from ");

    private static final List<String> UNKNOWN_USER_REST = List.of(
            "You must define a domain called '%s' in your directory and add a user with the id=\"%s\" attribute",
            "and you must configure your device to use the proper domain in its authentication credentials.");

    @ParameterizedTest
    @CsvSource({"asterisk, 48, 2", "freeswitch, 22, 2"})
    void readsThemAsFail2banDoesExceptWhereWeRefuse(String name, int cases, int refused) throws Exception {
        assumeTrue(Files.exists(SAMPLES), () -> "fail2ban's samples are not here: " + SAMPLES.toAbsolutePath());
        Filter filter = filter(name);
        List<String> wrong = new ArrayList<>();
        int all = 0;
        int refusals = 0;

        for (String json : Files.readAllLines(SAMPLES)) {
            JsonNode sample = new ObjectMapper().readTree(json);
            if (!sample.path("filter").asText().equals(name)) {
                continue;
            }
            all++;
            String line = sample.path("line").asText();
            boolean isRefused = REFUSED.keySet().stream().anyMatch(line::contains);
            refusals += isRefused ? 1 : 0;
            String expected = isRefused || !sample.path("match").asBoolean() ? "nothing" : verdict(sample);
            String read = answer(filter, line);
            if (!read.equals(expected)) {
                wrong.add(read + " instead of " + expected + ": " + line);
            }
        }

        assertThat(wrong).isEmpty();
        assertThat(all).isEqualTo(cases);
        assertThat(refusals).isEqualTo(refused);
    }

    private static String verdict(JsonNode sample) {
        JsonNode expected = sample.path("expect");
        Instant time = Instant.ofEpochSecond(expected.path("epoch").asLong());
        return expected.path("host").asText() + " at " + time;
    }

    /** Of the first line alone it is not known whether it is the server's: a realm that breaks the line can end it. */
    @Test
    void accusesNobodyByTheFirstLineAloneOfThree() throws Exception {
        Filter freeswitch = filter("freeswitch");
        String alone =
                "2021-10-29 21:04:58.150982 00.00% [WARNING] sofia_reg.c:2889 Can't find user [201@x] from 192.0.2.5";
        String next =
                "2021-10-29 21:04:58.160982 00.00% [WARNING] sofia_reg.c:1787 SIP auth failure (REGISTER) on sofia"
                        + " profile 'internal' for [201@x] from ip 203.0.113.7";

        assertThat(read(freeswitch, alone + "\n" + next))
                .extracting(Match::kind)
                .containsExactly(Match.Kind.SUSPICIOUS, Match.Kind.FAILURE);
        assertThat(read(
                        freeswitch,
                        "Oct 29 21:04:58 pbx1 freeswitch[7]: " + alone + "\n" + "Oct 29 21:04:58 pbx1 freeswitch[7]: "
                                + next))
                .extracting(Match::kind)
                .containsExactly(Match.Kind.SUSPICIOUS, Match.Kind.FAILURE);
    }

    /** Returns the line as the server writes it: whole, and behind a syslog daemon with its line breaks escaped. */
    private static String completed(String line) {
        Matcher unknown = UNKNOWN_USER.matcher(line);
        if (!unknown.find()) {
            return line;
        }
        String end = line.contains(" freeswitch[") ? "#012" : "\n";
        return line
                + end
                + UNKNOWN_USER_REST.get(0).formatted(unknown.group(2), unknown.group(1))
                + end
                + UNKNOWN_USER_REST.get(1);
    }

    private static String answer(Filter filter, String text) {
        List<Match> failures = read(filter, completed(text)).stream()
                .filter(match -> match.kind() == Match.Kind.FAILURE)
                .toList();
        assertThat(failures).hasSizeLessThan(2);
        return failures.stream()
                .map(failure -> failure.address().orElseThrow() + " at "
                        + Instant.ofEpochSecond(failure.time().orElseThrow().getEpochSecond()))
                .findFirst()
                .orElse("nothing");
    }

    private static List<Match> read(Filter filter, String log) {
        List<Match> matches = new ArrayList<>();
        LogReader reader = filter.reader(ZONE);
        for (String text : log.split("\n", -1)) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            Line line = new Line();
            line.set(bytes, 0, bytes.length, NOW, false);
            reader.read(line, matches::add);
        }
        reader.end();
        return matches;
    }
}
