package org.sipward.jail;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sipward.filter.Claims;
import org.sipward.filter.FilterSpec;
import org.sipward.filter.FilterSpec.Kind;
import org.sipward.filter.Match;
import org.sipward.net.IpAddress;

class AttemptsTest {
    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");
    private static final IpAddress PHONE = IpAddress.parse("203.0.113.7").orElseThrow();

    /**
     * Short forms of the lines that PJSIP and chan_sip write: a notice, which callers can forge, and a security event.
     */
    private static final List<FilterSpec.Pattern> PATTERNS = List.of(
            new FilterSpec.Pattern(Kind.FAILURE, "notice", "^", 1, true, 3, true),
            new FilterSpec.Pattern(Kind.FAILURE, "event", "^", 1, true, 2, false),
            new FilterSpec.Pattern(Kind.FAILURE, "answer", "^", 1, true, 1, false));

    private final Attempts attempts = new Attempts(new Budget(), PATTERNS, 5, Duration.ofMinutes(10));

    @Test
    void countsTheSixLinesOfOneAttemptOnce() {
        count("c1", 0, "notice", "event", "notice", "event", "notice", "answer");

        assertThat(counted()).isEqualTo(1);
    }

    @Test
    void countsAnAttemptOnceIfItsLinesAreInTwoFiles() {
        for (int i = 0; i < 4; i++) {
            count("c" + i, i, "event", "event", "answer");
        }
        for (int i = 0; i < 4; i++) {
            count("c" + i, i, "notice", "notice", "notice");
        }

        assertThat(counted()).isEqualTo(4);
    }

    @Test
    void countsTheSameIfTheFilesAreReadInTheOtherOrder() {
        for (int i = 0; i < 4; i++) {
            count("c" + i, i, "notice", "notice", "notice");
        }
        for (int i = 0; i < 4; i++) {
            count("c" + i, i, "event", "event", "answer");
        }

        assertThat(counted()).isEqualTo(4);
    }

    @Test
    void countsAnAttemptOnceIfItContinuesInTheNextSecond() {
        count("c1", 0, "notice");
        count("c1", 1, "notice", "event");

        assertThat(counted()).isEqualTo(1);
    }

    @Test
    void countsAttemptsWithinASecondThatNameDifferentSessions() {
        count("c1", 0, "answer");
        count("c2", 0, "answer");
        count("c3", 0, "answer");

        assertThat(counted()).isEqualTo(3);
    }

    @Test
    void joinsLinesWithoutASessionIfTheirPatternsDiffer() {
        count("", 0, "notice", "event", "notice", "event");

        assertThat(counted()).isEqualTo(2);
    }

    @Test
    void countsEveryGuessOfAnAttackerWhoKeepsOneSession() {
        assertThat(count("c", 0, "answer", "answer", "answer", "answer")).isFalse();
        assertThat(count("c", 0, "answer")).isTrue();
    }

    @Test
    void countsAtLeastAThirdOfTheLinesThatOneAttemptMayRepeat() {
        String[] flood = new String[15];
        Arrays.fill(flood, "notice");

        assertThat(count("c", 0, flood)).isTrue();
    }

    @Test
    void countsAnAttackerWhoMixesKindsOfGuesses() {
        count("c", 0, "event");
        String[] flood = new String[12];
        Arrays.fill(flood, "answer");

        assertThat(count("c", 0, flood)).isTrue();
    }

    @Test
    void keepsTheBestLineOfAnAttempt() {
        count("c1", 0, "notice", "event");
        assertThat(attempts.isProven(PHONE)).isFalse();

        count(match("answer", "c1", 0, true));

        assertThat(attempts.of(PHONE).orElseThrow().patterns()).containsOnlyKeys("answer");
        assertThat(attempts.isProven(PHONE)).isTrue();
    }

    @Test
    void neverCountsMoreAccountsThanThereWere() {
        for (int i = 0; i < 4; i++) {
            Claims claims =
                    new Claims(Optional.of("100" + i % 2), Optional.of("c" + i), Optional.empty(), Optional.empty());
            count(match("answer", claims, i, false));
        }

        assertThat(attempts.accounts(PHONE)).isBetween(1, 2);
    }

    @Test
    void recognisesAnAttemptAfterAReload() {
        count("c1", 0, "notice");
        Attempts successor = new Attempts(new Budget(), PATTERNS, 5, Duration.ofMinutes(10));

        successor.inherit(attempts);
        successor.count(PHONE, START.getEpochSecond(), match("event", "c1", 0, false), 1);

        assertThat(successor.of(PHONE).orElseThrow().failures()).isEqualTo(1);
    }

    private boolean count(String session, int second, String... patterns) {
        boolean full = false;
        for (String pattern : patterns) {
            full |= count(match(pattern, session, second, false));
        }
        return full;
    }

    private boolean count(Match match) {
        return attempts.count(PHONE, match.time().orElseThrow().getEpochSecond(), match, match.weight());
    }

    private int counted() {
        return attempts.of(PHONE).map(Jail.Count::failures).orElse(0);
    }

    private static Match match(String pattern, String session, int second, boolean proven) {
        Optional<String> named = Optional.of(session).filter(text -> !text.isEmpty());
        return match(
                pattern, new Claims(Optional.of("1001"), named, Optional.empty(), Optional.empty()), second, proven);
    }

    private static Match match(String pattern, Claims claims, int second, boolean proven) {
        Instant time = START.plusSeconds(second);
        return new Match(
                Match.Kind.FAILURE,
                pattern,
                1,
                proven,
                Match.Excuse.NONE,
                Optional.of(PHONE),
                Optional.of(time),
                claims,
                time.toEpochMilli(),
                true);
    }
}
