package org.sipward.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContainerLogTest {
    private static final String TIME = "2026-11-22T11:05:15.631529123Z";
    private static final String FAILED =
            "[2026-11-22 11:05:15] NOTICE[7]: chan_sip.c:688 f: Registration from '<sip:1@x>' failed"
                    + " for '203.0.113.7:5060' - Wrong password";

    @Test
    void readsDockersRecordAsContainerds() {
        assertThat(unwrap(
                        "{\"log\":\"a \\u003cb\\u003e\\n\",\"stream\":\"stdout\",\"attrs\":{\"tag\":\"pbx\"},\"time\":\""
                                + TIME + "\"}"))
                .isEqualTo(TIME + " stdout F a <b>");
        assertThat(unwrap("{\"log\":\"a\\r\\n\",\"stream\":\"stderr\",\"time\":\"" + TIME + "\"}"))
                .isEqualTo(TIME + " stderr F a");
        assertThat(unwrap("{\"log\":\"a\",\"stream\":\"stderr\",\"time\":\"" + TIME + "\"}"))
                .isEqualTo(TIME + " stderr P a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"log\":\"a\\n\",\"stream\":\"stderr\"}",
                "{\"log\":\"a\\n\",\"stream\":\"stderr\",\"time\":\"now\"}",
                "{\"log\":\"a\\n\",\"stream\":\"tdout \",\"time\":\"2026-11-22T11:05:15Z\"}",
                "{\"log\":\"a\\n\",\"stream\":\"stderr\",\"time\":\"2026-11-22T11:05:15Z\"}}",
                "{\"log\":\"a\\n\",\"stream\":\"stderr\",\"time\":\"2026-11-22T11:05:15Z\",\"log\":\"b\\n\"}",
                "{\"log\":\"a",
                "{\"log\":\"",
                "a",
            })
    void leavesOtherLinesAsTheyAre(String line) {
        assertThat(unwrap(line)).isEqualTo(line);
    }

    @Test
    void takesALineWithoutTextForAContainersToo() {
        ContainerLog log = log();

        assertThat(log.isPiece(Reading.line(TIME + " stdout F "))).isFalse();
        assertThat(log.isPiece(Reading.line(TIME + " stdout F"))).isFalse();
        assertThat(log.isPiece(Reading.line(TIME + " stdout P " + "x".repeat(20))))
                .isTrue();
        assertThat(log.isPiece(Reading.line(TIME + " stdout F the rest"))).isTrue();
    }

    @Test
    void believesNoPieceOfALineThatWasCut() throws Exception {
        Filter asterisk = Reading.filter("asterisk");
        String whole = TIME + " stdout F " + FAILED;

        assertThat(Reading.accused(asterisk, whole)).hasSize(1);
        assertThat(Reading.accused(asterisk, TIME + " stdout P x\n" + whole)).isEmpty();
        assertThat(Reading.accused(asterisk, TIME + " stdout P x\n" + whole + "\n" + whole))
                .hasSize(1);
        assertThat(Reading.accused(asterisk, TIME + " stderr P x\n" + whole)).hasSize(1);
        assertThat(Reading.accused(asterisk, docker("x") + "\n" + docker(FAILED + "\\n")))
                .isEmpty();
        assertThat(Reading.accused(asterisk, docker(FAILED + "\\n"))).hasSize(1);
    }

    private static String docker(String log) {
        return "{\"log\":\"" + log + "\",\"stream\":\"stdout\",\"time\":\"" + TIME + "\"}";
    }

    private static String unwrap(String line) {
        return log().unwrap(Reading.line(line)).toString();
    }

    private static ContainerLog log() {
        return new ContainerLog(new ProgramName(List.of("asterisk")));
    }
}
