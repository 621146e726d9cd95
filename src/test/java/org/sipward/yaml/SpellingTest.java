package org.sipward.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpellingTest {
    private static final List<String> KEYS = List.of(
            "enabled", "filter", "source", "maxretry", "findtime", "bantime", "bantime.increment", "maxbantime");

    @ParameterizedTest
    @CsvSource({
        "maxrety, maxretry",
        "amxretry, maxretry",
        "max_retry, maxretry",
        "maxRetry, maxretry",
        "bantme, bantime",
        "ban-time, bantime",
        "bantime_increment, bantime.increment",
        "bantime.maxtime, maxbantime",
        "logpath, source",
        "enable, enabled"
    })
    void findsTheWordThatWasMeant(String word, String meant) {
        assertThat(Spelling.nearest(word, KEYS)).contains(meant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"port", "x", "", "somethingelse"})
    void doesNotGuessWildly(String word) {
        assertThat(Spelling.nearest(word, KEYS)).isEmpty();
    }

    @Test
    void doesNotMeasureAWordOfAMegabyte() {
        assertThat(Spelling.nearest("maxretry".repeat(100_000), KEYS)).isEmpty();
    }
}
