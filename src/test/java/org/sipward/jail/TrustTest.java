package org.sipward.jail;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sipward.ban.BanTime;
import org.sipward.ban.Trusted;
import org.sipward.filter.Filter;
import org.sipward.filter.FilterException;
import org.sipward.filter.FilterSpec;
import org.sipward.filter.FilterSpec.Kind;
import org.sipward.jail.Limits.Lenience;
import org.sipward.net.IpAddress;
import org.sipward.source.Line;

class TrustTest {
    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");
    private static final String OFFICE = "203.0.113.7";
    private static final IpAddress ADDRESS = IpAddress.parse(OFFICE).orElseThrow();
    private static final Duration DAY = Duration.ofDays(1);

    private final Trust trust = new Trust();
    private final Jail jail = jail(Optional.of(new Lenience(DAY, 50, 3, Duration.ofMinutes(10))));

    @Test
    void anOfficeWithAPhoneThatHasAnOldPasswordIsNeverBanned() {
        List<Jail.Verdict> verdicts = new ArrayList<>();
        for (int second = 0; second < 86_400; second += 5) {
            if (second % 1800 == 0) {
                judge("welcome", "1001", second);
            }
            judge("failed", "1042", second).ifPresent(verdicts::add);
        }

        assertThat(verdicts).isEmpty();
    }

    @Test
    void anAttackerWithAStolenAccountIsBannedForGuessingAtOthers() {
        judge("welcome", "1001", 0);

        Optional<Jail.Verdict> verdict = Optional.empty();
        int guesses = 0;
        while (verdict.isEmpty() && guesses < 1000) {
            guesses++;
            verdict = judge("failed", "10" + guesses, guesses);
            // Further logins with the stolen account do not help the attacker.
            judge("welcome", "1001", guesses);
        }

        assertThat(guesses).isEqualTo(50);
        assertThat(verdict.orElseThrow().request().isFull()).isFalse();
        assertThat(verdict.orElseThrow().request().bantime().of(9)).isEqualTo(Duration.ofMinutes(10));
        assertThat(verdict.orElseThrow().request().reason()).isEqualTo("50 failed, by a trusted address");
    }

    @Test
    void forgeableLinesDoNotCountAgainstATrustedAddress() {
        judge("welcome", "1001", 0);

        for (int i = 1; i < 500; i++) {
            assertThat(judge("heard", "10" + i, i)).isEmpty();
        }
        assertThat(jail.count(ADDRESS)).isEmpty();
    }

    @Test
    void trustEndsADayAfterTheLastLogin() {
        judge("welcome", "1001", 0);
        judge("welcome", "1001", 3600);

        assertThat(trust.at(ADDRESS, START.plus(DAY))).isPresent();
        assertThat(trust.at(ADDRESS, START.plus(DAY).plusSeconds(3600))).isEmpty();
        int later = 3600 + 86_400;
        for (int i = 0; i < 4; i++) {
            assertThat(judge("failed", "1042", later + i)).isEmpty();
        }
        assertThat(judge("failed", "1042", later + 4)).isPresent();
    }

    @Test
    void aLoginThatIsReadFirstClearsEarlierFailures() {
        judge("welcome", "1001", 30);

        for (int i = 0; i < 10; i++) {
            assertThat(judge("failed", "1001", i)).isEmpty();
        }
        assertThat(jail.tracked()).isZero();
    }

    @Test
    void aLoginOnlyClearsTheFailuresIfTrustIsOff() {
        Jail strict = jail(Optional.empty());
        judge(strict, "failed", OFFICE, "1001", 0);
        judge(strict, "welcome", OFFICE, "1001", 1);

        for (int i = 0; i < 4; i++) {
            assertThat(judge(strict, "failed", OFFICE, "1001", 2 + i)).isEmpty();
        }
        assertThat(judge(strict, "failed", OFFICE, "1001", 9)).isPresent();
        assertThat(trust.at(ADDRESS, START)).isEmpty();
    }

    @Test
    void allJailsOfAnAgentTrustTheSameAddresses() {
        judge(jail, "welcome", OFFICE, "1001", 0);
        Jail other = jail(Optional.of(new Lenience(DAY, 50, 3, Duration.ofMinutes(10))));

        for (int i = 1; i < 40; i++) {
            assertThat(judge(other, "failed", OFFICE, "1042", i)).isEmpty();
        }
    }

    @Test
    void trustsTheSubscriberOfAnIpv6Address() {
        judge(jail, "welcome", "2001:db8:1:2::5", "1001", 0);

        assertThat(trust.at(IpAddress.parse("2001:db8:1:2:ffff::1").orElseThrow(), START))
                .isPresent();
        assertThat(trust.at(IpAddress.parse("2001:db8:1:3::5").orElseThrow(), START))
                .isEmpty();
    }

    @Test
    void aSuspiciousSuccessMakesNoAddressTrusted() {
        judge(jail, "welcome", "999.0.113.7", "1001", 0);

        assertThat(trust.count(START)).isZero();
    }

    @Test
    void loadsStoredAddressesAndStoresOnlyChangedOnes() {
        judge("welcome", "1001", 0);
        List<Trusted> kept = trust.unstored(10);
        trust.stored(kept);
        judge("welcome", "1001", 60);
        assertThat(kept).hasSize(1);
        assertThat(trust.unstored(10)).isEmpty();
        judge("welcome", "1001", 4000);
        assertThat(trust.unstored(10)).hasSize(1);

        Trust restarted = new Trust();
        restarted.load(kept);

        assertThat(restarted.at(ADDRESS, START.plusSeconds(60))).contains(kept.get(0));
        assertThat(restarted.unstored(10)).isEmpty();
    }

    @Test
    void forgetsTheAddressWithTheOldestLoginWhenFull() {
        for (int i = 0; i <= Trust.MAX_TRUSTED; i++) {
            trust.succeed(IpAddress.v4(i), START, DAY);
        }

        assertThat(trust.count(START)).isEqualTo(Trust.MAX_TRUSTED);
        assertThat(trust.at(IpAddress.v4(0), START)).isEmpty();
        assertThat(trust.at(IpAddress.v4(Trust.MAX_TRUSTED), START)).isPresent();
    }

    @Test
    void aWrongClockTrustsNoAddressForYears() {
        trust.succeed(ADDRESS, START.plus(Duration.ofDays(3650)), DAY);

        trust.succeed(ADDRESS, START, DAY);

        assertThat(trust.at(ADDRESS, START)).isPresent();
        assertThat(trust.at(ADDRESS, START.plus(DAY))).isEmpty();
    }

    @Test
    void aBanIsShortAndDoesNotCountIfSpoofedPacketsCanCauseEachFailure() {
        Optional<Jail.Verdict> verdict = Optional.empty();
        for (int i = 0; i < 5; i++) {
            verdict = judge("asked", "1001", i);
        }

        assertThat(verdict.orElseThrow().request().isFull()).isFalse();
        assertThat(verdict.orElseThrow().request().bantime().of(9)).isEqualTo(Duration.ofHours(1));
        assertThat(verdict.orElseThrow().request().reason()).isEqualTo("5 asked, unproven");
    }

    @Test
    void oneProvenFailureMakesTheBanAFullBan() {
        judge("failed", "1001", 0);
        Optional<Jail.Verdict> verdict = Optional.empty();
        for (int i = 1; i < 5; i++) {
            verdict = judge("asked", "1001", 10 * i);
        }

        assertThat(verdict.orElseThrow().request().isFull()).isTrue();
        assertThat(verdict.orElseThrow().request().bantime().first()).isEqualTo(DAY);
    }

    private Optional<Jail.Verdict> judge(String what, String account, int second) {
        return judge(jail, what, OFFICE, account, second);
    }

    private static Optional<Jail.Verdict> judge(Jail jail, String what, String address, String account, int second) {
        Instant time = START.plusSeconds(second);
        Line line = Line.of(time + " " + what + " " + address + " " + account, time.toEpochMilli(), true);
        List<Jail.Verdict> verdicts = new ArrayList<>();
        jail.open().read(line, match -> jail.judge(match).ifPresent(verdicts::add));
        return verdicts.stream().findFirst();
    }

    private Jail jail(Optional<Lenience> lenience) {
        List<FilterSpec.Pattern> patterns = List.of(
                pattern(Kind.FAILURE, "failed", false, false),
                pattern(Kind.FAILURE, "asked", true, false),
                pattern(Kind.FAILURE, "heard", false, true),
                pattern(Kind.SUCCESS, "welcome", false, false));
        Limits limits = new Limits(
                5, Duration.ofMinutes(10), new BanTime(DAY, true, DAY.multipliedBy(28)), Duration.ofHours(1), lenience);
        try {
            Filter filter = Filter.compile(new FilterSpec("test", "", List.of("iso8601"), "", patterns));
            return new Jail("test", filter, ZoneOffset.UTC, limits, trust);
        } catch (FilterException e) {
            throw new AssertionError(e);
        }
    }

    private static FilterSpec.Pattern pattern(Kind kind, String name, boolean spoofable, boolean forgeable) {
        return new FilterSpec.Pattern(
                kind, name, "^" + name + " <ADDR> <F-USER>.*</F-USER>$", 1, spoofable, 1, forgeable);
    }
}
