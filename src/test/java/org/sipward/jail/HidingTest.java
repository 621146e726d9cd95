package org.sipward.jail;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class HidingTest {
    private static final long NOW = 1_795_348_800_000L;

    private final Hiding hiding = new Hiding();

    @Test
    void saysWhatAndHowManyWhenManyComeWithinAMinute() {
        accuse(100, NOW);
        assertThat(count(Hiding.MANY - 1, NOW)).isEmpty();

        assertThat(hiding.count("event-lost", NOW + 59_999))
                .hasValueSatisfying(words -> assertThat(words)
                        .startsWith("20 of 120 lines in one minute")
                        .contains("(19 packet-dumped, 1 event-lost)")
                        .contains("README"));
    }

    @Test
    void speaksAtTheFifthWhenMostLinesAccuseNobody() {
        accuse(4, NOW);
        assertThat(count(4, NOW)).isEmpty();

        assertThat(hiding.count("event-lost", NOW))
                .hasValueSatisfying(words -> assertThat(words).startsWith("5 of 9 lines"));
    }

    @Test
    void saysNothingOfAFewBesideAsManyThatAccuse() {
        for (int minute = 0; minute < 100; minute++) {
            accuse(Hiding.MANY, NOW + minute * Hiding.MINUTE_MILLIS);
            assertThat(count(Hiding.MANY - 1, NOW + minute * Hiding.MINUTE_MILLIS))
                    .isEmpty();
        }
    }

    @Test
    void saysNothingOfAHandfulEachMinute() {
        for (int minute = 0; minute < 100; minute++) {
            assertThat(count(Hiding.SOME - 1, NOW + minute * Hiding.MINUTE_MILLIS))
                    .isEmpty();
        }
    }

    @Test
    void saysItOnceAnHour() {
        assertThat(count(Hiding.MANY, NOW)).isPresent();
        assertThat(count(1000, NOW + 60_000)).isEmpty();
        assertThat(hiding.trouble(NOW + Hiding.HOUR_MILLIS - 1)).isPresent();
        assertThat(hiding.trouble(NOW + Hiding.HOUR_MILLIS)).isEmpty();
        assertThat(count(Hiding.MANY, NOW + Hiding.HOUR_MILLIS)).isPresent();
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
