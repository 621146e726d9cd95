package org.sipward.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipward.net.IpAddress;
import org.sipward.source.Line;

/** Attackers who send something else beside each guess: what is said of a guess stays. */
class HiddenAttemptsTest {
    private static final Path CASES = Path.of("src/test/resources/cases");
    private static final String DUMP =
            "[2026-11-22 11:05:15] ERROR[3394] pjproject: sip_endpoint.c Error processing packet from %s:33131: "
                    + "Missing required header(s) (PJSIP_EMISSINGHDR) Call-ID [code 171050]:\nREGISTER sip:a SIP/2.0\n";
    private static final String END = "-- end of packet.\n";
    private static final String GUESS = "[2026-11-22 11:05:15] NOTICE[30346] res_pjsip/pjsip_distributor.c: Request "
            + "'REGISTER' from '<sip:1001@192.0.2.10>' failed for '%s:5060' (callid: c1) - Failed to authenticate\n";
    private static final String CALLER = "203.0.113.7";
    private static final String OTHER = "203.0.113.8";

    @ParameterizedTest
    @ValueSource(strings = {"ami-requestbadformat", "chansip-invalidtransport"})
    void areCountedBesideOtherEventsOfTheSameSender(String name) throws Exception {
        List<String> expected = Files.readAllLines(CASES.resolve(name + ".expect")).stream()
                .filter(line -> !line.startsWith("#") && !line.endsWith("\t-"))
                .map(line -> line.substring(line.indexOf('\t') + 1))
                .toList();
        List<Match> found = new ArrayList<>();
        LogReader reader = Reading.filter("asterisk").reader(ZoneOffset.UTC);
        Files.readAllLines(CASES.resolve(name + ".log"), StandardCharsets.ISO_8859_1)
                .forEach(line -> reader.read(Reading.line(line), found::add));
        reader.end();

        assertThat(found)
                .extracting(match -> match.kind().name().toLowerCase(Locale.ROOT) + " "
                        + match.address().map(IpAddress::toString).orElse("-"))
                .isEqualTo(expected);
    }

    @Test
    void areCountedWithinTheSendersOwnPacketThatHasNoEnd() throws Exception {
        assertThat(accused((DUMP.formatted(CALLER) + GUESS.formatted(CALLER).repeat(2)).repeat(5)))
                .hasSize(10)
                .containsOnly(CALLER);
        assertThat(accused((DUMP.formatted(CALLER) + GUESS.formatted(CALLER).repeat(2) + END).repeat(5)))
                .hasSize(10)
                .containsOnly(CALLER);
    }

    @Test
    void ofOthersAreNotReadFromAPacket() throws Exception {
        assertThat(accused(DUMP.formatted(CALLER) + GUESS.formatted(OTHER) + END))
                .isEmpty();
        assertThat(accused(DUMP.formatted(CALLER) + END + GUESS.formatted(OTHER) + END))
                .isEmpty();
    }

    @Test
    void ofOthersCountThatComeLaterThanAPacketThatIsShown() throws Exception {
        List<Match> found = new ArrayList<>();
        LogReader reader = Reading.filter("asterisk").reader(ZoneOffset.UTC);
        long now = Reading.ARRIVAL;
        for (int i = 0; i < 5; i++, now += 500) {
            for (String line : (DUMP.formatted(CALLER) + END + GUESS.formatted(OTHER)).split("\n", -1)) {
                reader.read(Line.of(line, now, true), found::add);
            }
            reader.settle(now + 400);
        }

        assertThat(found)
                .filteredOn(match -> match.kind() == Match.Kind.FAILURE)
                .hasSize(5);
    }

    private static List<String> accused(String log) throws Exception {
        return Reading.accused(Reading.filter("asterisk"), log);
    }
}
