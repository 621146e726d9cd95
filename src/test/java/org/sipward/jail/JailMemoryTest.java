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
import org.sipward.filter.Claims;
import org.sipward.filter.Filter;
import org.sipward.filter.FilterException;
import org.sipward.filter.FilterSpec;
import org.sipward.filter.Match;
import org.sipward.net.IpAddress;

/** Many jails together stay within the memory budget, whatever is in their logs. */
class JailMemoryTest {
    private static final Instant START = Instant.parse("2026-12-01T10:00:00Z");
    private static final IpAddress ATTACKER = IpAddress.v4((62 << 24) + 1);
    private static final BanTime DAY = new BanTime(Duration.ofDays(1), false, Duration.ofDays(1));
    private static final Filter FILTER = filter();

    private final Trust trust = new Trust();

    @Test
    void jailsWithEverythingSwitchedOnStayWithinTheBudgetAndStillBan() {
        List<Jail> jails = jails(6, 50);
        logIn(jails.get(0), 110_000);

        for (int i = 0; i < 60_000; i++) {
            for (Jail jail : jails) {
                jail.judge(failure(IpAddress.v4((46 << 24) + i), i % 70_000, 1, i % 3 == 0));
            }
        }

        assertThat(trust.budget().used()).isBetween(Budget.BYTES / 2L, (long) Budget.BYTES);
        assertThat(trust.count(START)).isEqualTo(Trust.MAX_TRUSTED);
        assertThat(jails).allMatch(jail -> jail.tracked() > 1_000);
        assertThat(jails).allSatisfy(jail -> assertThat(verdict(jail, 50, 2)).isPresent());
    }

    @Test
    void twoHundredThousandSpoofedSendersNeverMakeAProvenAttackerForgotten() {
        List<Jail> jails = jails(2, 5);
        jails.forEach(jail -> assertThat(verdict(jail, 4, 1)).isEmpty());

        for (int i = 0; i < 200_000; i++) {
            for (Jail jail : jails) {
                jail.judge(failure(IpAddress.v4((46 << 24) + i), i, 2, false));
            }
        }

        assertThat(jails).allSatisfy(jail -> assertThat(verdict(jail, 1, 3)).isPresent());
    }

    @Test
    void aJailKeepsItsCountsOverAReloadEvenIfTheBudgetIsUsedUp() {
        List<Jail> jails = jails(4, 50);
        jails.forEach(jail -> assertThat(verdict(jail, 49, 1)).isEmpty());
        for (int i = 0; i < 40_000; i++) {
            for (Jail jail : jails) {
                jail.judge(failure(IpAddress.v4((46 << 24) + i), i, 2, false));
            }
        }
        int before = jails.get(0).tracked();

        List<Jail> reloaded = jails(4, 50);
        for (int i = 0; i < jails.size(); i++) {
            reloaded.get(i).inherit(jails.get(i));
            jails.get(i).clear();
        }

        assertThat(trust.budget().used()).isLessThanOrEqualTo(Budget.BYTES);
        assertThat(jails).allMatch(jail -> jail.tracked() == 0);
        assertThat(reloaded.get(0).tracked()).isGreaterThan(before * 9 / 10);
        assertThat(reloaded).allSatisfy(jail -> assertThat(verdict(jail, 1, 3)).isPresent());
    }

    @Test
    void aRemovedJailGivesItsMemoryBack() {
        List<Jail> jails = jails(3, 5);
        for (Jail jail : jails) {
            verdict(jail, 3, 1);
            jail.judge(failure(ATTACKER, 1, 1, false));
        }

        jails.forEach(Jail::clear);

        assertThat(trust.budget().used()).isZero();
    }

    @Test
    void showsTheAddressesWithTheMostFailuresWithoutDescribingAll() {
        Jail jail = jails(1, 5).get(0);
        for (int i = 0; i < 50_000; i++) {
            jail.judge(failure(IpAddress.v4((46 << 24) + i), i, 1, false));
        }
        verdict(jail, 3, 1);

        List<Jail.Count> top = jail.top(2);

        assertThat(top).hasSize(2);
        assertThat(top.get(0).network().address()).isEqualTo(ATTACKER);
        assertThat(top.get(0).failures()).isEqualTo(3);
    }

    /** Lets the attacker fail this often with proof, and returns the verdict on the last failure. */
    private static Optional<Jail.Verdict> verdict(Jail jail, int failures, int second) {
        Optional<Jail.Verdict> verdict = Optional.empty();
        for (int i = 0; i < failures; i++) {
            verdict = jail.judge(failure(ATTACKER, 1, second, true));
        }
        return verdict;
    }

    private void logIn(Jail jail, int addresses) {
        for (int i = 0; i < addresses; i++) {
            Match success = new Match(
                    Match.Kind.SUCCESS,
                    "welcome",
                    1,
                    true,
                    Match.Excuse.NONE,
                    Optional.of(IpAddress.v4((60 << 24) + i)),
                    Optional.of(START),
                    Claims.NONE,
                    START.toEpochMilli(),
                    true);
            jail.judge(success);
        }
    }

    private List<Jail> jails(int count, int maxretry) {
        List<Jail> jails = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Limits.Lenience lenience = new Limits.Lenience(Duration.ofDays(1), 50, 3, Duration.ofMinutes(10));
            Limits limits =
                    new Limits(maxretry, Duration.ofMinutes(10), DAY, Duration.ofHours(1), Optional.of(lenience));
            Jail jail = new Jail("j" + i, FILTER, ZoneOffset.UTC, limits, trust);
            Detection detection = new Detection(trust::holds, trust.budget());
            detection.enumeration(10, Duration.ofHours(1));
            detection.slowGuessing(200, Duration.ofDays(7));
            detection.campaign(200, Duration.ofHours(1), DAY);
            detection.tollFraud(3, Duration.ofMinutes(10));
            jail.detect(detection);
            jails.add(jail);
        }
        return jails;
    }

    private static Match failure(IpAddress address, int account, int second, boolean proven) {
        Instant time = START.plusSeconds(second);
        Claims claims = new Claims(Optional.of("u" + account), Optional.empty(), Optional.empty(), Optional.empty());
        return new Match(
                Match.Kind.FAILURE,
                "failed",
                1,
                proven,
                Match.Excuse.NONE,
                Optional.of(address),
                Optional.of(time),
                claims,
                time.toEpochMilli(),
                true);
    }

    private static Filter filter() {
        FilterSpec.Pattern failed = new FilterSpec.Pattern(
                FilterSpec.Kind.FAILURE, "failed", "^failed <ADDR> <F-USER>.*</F-USER>$", 1, true, 1, false);
        FilterSpec.Pattern welcome = new FilterSpec.Pattern(
                FilterSpec.Kind.SUCCESS, "welcome", "^welcome <ADDR> <F-USER>.*</F-USER>$", 1, false, 1, false);
        try {
            return Filter.compile(new FilterSpec("test", "", List.of("iso8601"), "", List.of(failed, welcome)));
        } catch (FilterException e) {
            throw new AssertionError(e);
        }
    }
}
