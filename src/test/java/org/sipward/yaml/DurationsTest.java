package org.sipward.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({
        "30s, 30",
        "10m, 600",
        "2h, 7200",
        "1d, 86400",
        "4w, 2419200",
        "1d12h, 129600",
        "1w2d3h4m5s, 788645",
        "600, 600",
        "0, 0",
        "0s, 0"
    })
    void readsUnitsAndPlainSeconds(String text, long seconds) {
        assertThat(Durations.parse(text)).contains(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "1dd",
                "d",
                "1 d",
                "1D",
                "1m1h",
                "1h1h",
                "1d12",
                "-5",
                "-1d",
                "1.5h",
                "10min",
                "1mo",
                "+1d",
                "1_000",
                "0x10",
                "1:30",
                "99999999999999999999s",
                "١d",
                "1d\n"
            })
    void refusesEverythingElse(String text) {
        assertThat(Durations.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "forever"})
    void readsATimeWithoutEnd(String text) {
        assertThat(Durations.parse(text)).contains(Durations.FOREVER);
    }

    @Test
    void readsTheLargestNumbersWithoutOverflow() {
        assertThat(Durations.parse("999999999w999999999d999999999h999999999m999999999s"))
                .hasValueSatisfying(duration -> assertThat(duration).isGreaterThan(Durations.MAX));
    }

    @ParameterizedTest
    @ValueSource(strings = {"30s", "10m", "2h", "1d", "4w", "1d12h", "1h30m", "10d", "forever", "0s"})
    void writesWhatItReads(String text) {
        assertThat(Durations.format(Durations.parse(text).orElseThrow())).isEqualTo(text);
    }
}
