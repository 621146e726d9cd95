package org.sipward.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class DueTest {
    private static final Instant START = Instant.parse("2026-11-22T12:00:00Z");
    private static final Due DUE = new Due(START, Duration.ofSeconds(10));

    @Test
    void hasNotComeWhileThePauseLasts() {
        assertThat(DUE.left(START)).hasSeconds(10);
        assertThat(DUE.left(START.plusSeconds(7))).hasSeconds(3);
        assertThat(DUE.hasCome(START)).isFalse();
        assertThat(DUE.hasCome(START.plusSeconds(10).minusNanos(1))).isFalse();
    }

    @Test
    void hasComeOnceThePauseIsOver() {
        assertThat(DUE.hasCome(START.plusSeconds(10))).isTrue();
        assertThat(DUE.left(START.plusSeconds(999))).isZero();
    }

    @Test
    void hasComeWhenTheClockWasSetBackToBeforeThePause() {
        assertThat(DUE.hasCome(START.minusNanos(1))).isTrue();
        assertThat(DUE.left(START.minusSeconds(3_600))).isZero();
    }

    @Test
    void hasAlwaysComeIfItWasNeverDone() {
        assertThat(Due.NOW.hasCome(START)).isTrue();
        assertThat(Due.NOW.hasCome(Instant.EPOCH)).isTrue();
        assertThat(Due.NOW.hasCome(Instant.MIN)).isTrue();
    }
}
