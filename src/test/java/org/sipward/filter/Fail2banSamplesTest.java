package org.sipward.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.sipward.config.FilterReader;
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
            "each phone is challenged at each registration",
            ": 2016-09-25 18:57:58.150982 [WARNING] sofia_reg.c:2889 Can't find user",
            "behind a syslog header the sender's realm can end the line in any address; the whole message must follow",
            ": 2021-10-29 14:13:24.894719 82.43% [WARNING] sofia_reg.c:2889 Can't find user",
            "as above");

    @ParameterizedTest
    @CsvSource({"asterisk, 48, 2", "freeswitch, 22, 6"})
    void readsThemAsFail2banDoesExceptWhereWeRefuse(String name, int cases, int refused) throws Exception {
        assumeTrue(Files.exists(SAMPLES), () -> "fail2ban's samples are not here: " + SAMPLES.toAbsolutePath());
        Filter filter = new FilterReader(Path.of("none"), List.of(Path.of("filters"))).read(name);
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
            String read = read(filter, line);
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

    private static String read(Filter filter, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Line line = new Line();
        line.set(bytes, 0, bytes.length, NOW, false);
        Optional<Match> match = filter.match(line, ZONE).filter(found -> found.kind() == Match.Kind.FAILURE);
        return match.map(failure -> failure.address().orElseThrow() + " at "
                        + Instant.ofEpochSecond(failure.time().orElseThrow().getEpochSecond()))
                .orElse("nothing");
    }
}
