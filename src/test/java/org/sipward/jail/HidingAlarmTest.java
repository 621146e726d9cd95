package org.sipward.jail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class HidingAlarmTest {
    private static final long NOW = 1_795_348_800_000L;

    private final HidingAlarm hiding = new HidingAlarm();

    @Test
    void reportsTheLinesByPatternWhenManyComeWithinAMinute() {
        accuse(100, NOW);
        assertThat(count(HidingAlarm.MANY - 1, NOW)).isEmpty();

        assertThat(hiding.count("event-lost", NOW + 59_999))
                .hasValueSatisfying(words -> assertThat(words)
                        .startsWith("20 of 120 lines in one minute")
                        .contains("(19 packet-dumped, 1 event-lost)")
                        .contains("forged-lines.md"));
    }

    @Test
    void reportsAtTheFifthLineWhenMostLinesNameNoUsableAddress() {
        accuse(4, NOW);
        assertThat(count(4, NOW)).isEmpty();

        assertThat(hiding.count("event-lost", NOW))
                .hasValueSatisfying(words -> assertThat(words).startsWith("5 of 9 lines"));
    }

    @Test
    void ignoresAFewLinesBesideAsManyUsableOnes() {
        for (int minute = 0; minute < 100; minute++) {
            accuse(HidingAlarm.MANY, NOW + minute * HidingAlarm.MINUTE_MILLIS);
            assertThat(count(HidingAlarm.MANY - 1, NOW + minute * HidingAlarm.MINUTE_MILLIS))
                    .isEmpty();
        }
    }

    @Test
    void ignoresAHandfulEachMinute() {
        for (int minute = 0; minute < 100; minute++) {
            assertThat(count(HidingAlarm.SOME - 1, NOW + minute * HidingAlarm.MINUTE_MILLIS))
                    .isEmpty();
        }
    }

    @Test
    void reportsOnceAnHour() {
        assertThat(count(HidingAlarm.MANY, NOW)).isPresent();
        assertThat(count(1000, NOW + 60_000)).isEmpty();
        assertThat(hiding.trouble(NOW + HidingAlarm.HOUR_MILLIS - 1)).isPresent();
        assertThat(hiding.trouble(NOW + HidingAlarm.HOUR_MILLIS)).isEmpty();
        assertThat(count(HidingAlarm.MANY, NOW + HidingAlarm.HOUR_MILLIS)).isPresent();
    }

    private void accuse(int lines, long arrival) {
        for (int i = 0; i < lines; i++) {
            hiding.countAccusing(arrival);
        }
    }

    private Optional<String> count(int lines, long arrival) {
        Optional<String> said = Optional.empty();
        for (int i = 0; i < lines; i++) {
            Optional<String> now = hiding.count("packet-dumped", arrival);
            said = now.isPresent() ? now : said;
        }
        return said;
    }
}
