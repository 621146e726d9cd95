package org.sipward.jail;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.sipward.ban.BanTime;
import org.sipward.ban.Origin;
import org.sipward.filter.Filter;
import org.sipward.filter.FilterException;
import org.sipward.filter.FilterSpec;
import org.sipward.filter.FilterSpec.Kind;
import org.sipward.net.IpAddress;
import org.sipward.source.Line;

class JailTest {
    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

    private final Jail jail = jail(3);

    @Test
    void asksForABanAtTheFailureThatReachesMaxretry() {
        assertThat(judge("failed 203.0.113.7", 0)).isEmpty();
        assertThat(judge("failed 203.0.113.7", 10)).isEmpty();

        Jail.Verdict verdict = judge("failed 203.0.113.7", 20).orElseThrow();

        assertThat(verdict.request().address()).hasToString("203.0.113.7");
        assertThat(verdict.request().origin()).isEqualTo(Origin.jail("test"));
        assertThat(verdict.request().time()).isEqualTo(START.plusSeconds(20));
        assertThat(verdict.failures()).isEqualTo(3);
        assertThat(verdict.patterns()).isEqualTo(Map.of("failed", 3));
        assertThat(verdict.request().reason()).isEqualTo("3 failed");
    }

    @Test
    void countsEachAddressByItself() {
        judge("failed 203.0.113.7", 0);
        judge("failed 203.0.113.7", 0);

        assertThat(judge("failed 203.0.113.8", 0)).isEmpty();
        assertThat(judge("failed 203.0.113.7", 0)).isPresent();
    }

    @Test
    void countsIpv6ByTheSubscribers64Bits() {
        judge("failed 2001:db8:bad:1::1", 0);
        judge("failed 2001:db8:bad:1:ffff::2", 0);
        assertThat(judge("failed 2001:db8:bad:2::3", 0)).isEmpty();

        assertThat(judge("failed 2001:db8:bad:1::3", 0)).isPresent();
    }

    @Test
    void countsHostsBehindATranslatorSeparately() {
        judge("failed 64:ff9b::203.0.113.7", 0);
        judge("failed 64:ff9b::203.0.113.7", 0);

        assertThat(judge("failed 64:ff9b::203.0.113.8", 0)).isEmpty();
        assertThat(judge("failed 203.0.113.7", 0)).isEmpty();
        assertThat(jail.top(5))
                .extracting(count -> count.network().toString())
                .containsExactlyInAnyOrder("64:ff9b::cb00:7107", "64:ff9b::cb00:7108", "203.0.113.7");
        assertThat(judge("failed 64:ff9b::203.0.113.7", 0)).isPresent();
    }

    @Test
    void countsTheClientsOfATeredoServerSeparatelyWhateverPortTheyUse() {
        judge("failed 2001:0:808:808:0:1111:34ff:8ef8", 0);
        judge("failed 2001:0:808:808:0:2222:34ff:8ef8", 0);

        assertThat(judge("failed 2001:0:808:808:0:1111:34ff:8ef7", 0)).isEmpty();
        assertThat(judge("failed 2001:0:909:909:8000:3333:34ff:8ef8", 0)).isPresent();
    }

    @Test
    void forgetsFailuresOlderThanFindtime() {
        judge("failed 203.0.113.7", 0);
        judge("failed 203.0.113.7", 10);

        assertThat(judge("failed 203.0.113.7", 601)).isEmpty();
        assertThat(judge("failed 203.0.113.7", 605)).isPresent();
    }

    @Test
    void countsFromZeroAfterAsking() {
        for (int i = 0; i < 3; i++) {
            judge("failed 203.0.113.7", 0);
        }

        assertThat(judge("failed 203.0.113.7", 1)).isEmpty();
        assertThat(jail.count(address("203.0.113.7"))).map(Jail.Count::failures).contains(1);
    }

    @Test
    void countsAHeavyFailureAsSeveral() {
        judge("failed 203.0.113.7", 0);

        Jail.Verdict verdict = judge("worse 203.0.113.7", 10).orElseThrow();

        assertThat(verdict.patterns()).isEqualTo(Map.of("failed", 1, "worse", 2));
    }

    @Test
    void forgetsFailuresAfterASuccess() {
        judge("failed 203.0.113.7", 0);
        judge("failed 203.0.113.7", 0);
        judge("welcome 203.0.113.7", 0);

        assertThat(judge("failed 203.0.113.7", 1)).isEmpty();
        assertThat(jail.tracked()).isEqualTo(1);
    }

    @Test
    void countsASuspiciousLineAgainstNobody() {
        judge("failed 999.0.113.7", 0);

        assertThat(jail.suspicious()).isEqualTo(1);
        assertThat(jail.failures()).isZero();
        assertThat(jail.tracked()).isZero();
    }

    @Test
    void judgesABacklogOnItsOwnTime() {
        Instant dayLater = START.plus(Duration.ofDays(1));
        for (int second : List.of(0, 1)) {
            judge(jail, line("failed 203.0.113.7", START.plusSeconds(second), dayLater, false));
        }

        Optional<Jail.Verdict> verdict = judge(jail, line("failed 203.0.113.7", START.plusSeconds(2), dayLater, false));

        assertThat(verdict.orElseThrow().request().time()).isEqualTo(START.plusSeconds(2));
    }

    @Test
    void judgesALiveLineWithAnAbsurdStampAtItsArrival() {
        Duration zone = Duration.ofHours(1);
        for (int second : List.of(0, 1)) {
            judge(
                    jail,
                    line("failed 203.0.113.7", START.plusSeconds(second).minus(zone), START.plusSeconds(second), true));
        }

        Optional<Jail.Verdict> verdict =
                judge(jail, line("failed 203.0.113.7", START.plusSeconds(2).plus(zone), START.plusSeconds(2), true));

        assertThat(verdict.orElseThrow().request().time()).isEqualTo(START.plusSeconds(2));
    }

    @Test
    void neverBelievesAStampFromTheFuture() {
        for (int i = 0; i < 2; i++) {
            judge(jail, line("failed 203.0.113.7", START.plus(Duration.ofDays(300)), START, false));
        }

        Optional<Jail.Verdict> verdict =
                judge(jail, line("failed 203.0.113.7", START.plus(Duration.ofDays(300)), START, false));

        assertThat(verdict.orElseThrow().request().time()).isEqualTo(START);
    }

    @Test
    void believesEveryStampOfAnOldLogIfToldTo() {
        jail.trustStamps();
        for (int hour : List.of(1, 2)) {
            judge(jail, line("failed 203.0.113.7", START.plus(Duration.ofHours(hour)), START, false));
        }

        assertThat(judge(jail, line("failed 203.0.113.7", START.plus(Duration.ofHours(3)), START, false)))
                .isEmpty();
    }

    @Test
    void continuesWithTheCountsOfItsPredecessor() {
        judge("failed 203.0.113.7", 0);
        judge("failed 203.0.113.7", 1);
        Jail successor = jail(3);

        successor.inherit(jail);

        assertThat(judge(successor, line("failed 203.0.113.7", START.plusSeconds(2), START, false)))
                .isPresent();
    }

    @Test
    void letsTheNextFailureDecideIfItInheritsMoreThanItAllows() {
        judge("failed 203.0.113.7", 0);
        judge("failed 203.0.113.7", 1);
        Jail stricter = jail(2);

        stricter.inherit(jail);

        assertThat(stricter.tracked()).isEqualTo(1);
        assertThat(judge(stricter, line("failed 203.0.113.7", START.plusSeconds(2), START, false)))
                .isPresent();
    }

    @Test
    void listsTheAddressesWithTheMostFailuresFirst() {
        judge("failed 203.0.113.7", 0);
        judge("failed 203.0.113.8", 0);
        judge("failed 203.0.113.8", 1);

        List<Jail.Count> top = jail.top(1);

        assertThat(top).hasSize(1);
        assertThat(top.get(0).network()).hasToString("203.0.113.8");
        assertThat(top.get(0).failures()).isEqualTo(2);
        assertThat(top.get(0).last()).isEqualTo(START.plusSeconds(1));
    }

    private Optional<Jail.Verdict> judge(String message, int second) {
        Instant time = START.plusSeconds(second);
        return judge(jail, line(message, time, time, true));
    }

    private static Optional<Jail.Verdict> judge(Jail jail, Line line) {
        List<Jail.Verdict> verdicts = new ArrayList<>();
        jail.open().read(line, match -> jail.judge(match).ifPresent(verdicts::add));
        return verdicts.stream().findFirst();
    }

    private static Line line(String message, Instant stamp, Instant arrival, boolean live) {
        return Line.of(stamp + " " + message, arrival.toEpochMilli(), live);
    }

    private static IpAddress address(String text) {
        return IpAddress.parse(text).orElseThrow();
    }

    private static Jail jail(int maxretry) {
        List<FilterSpec.Pattern> patterns = List.of(
                new FilterSpec.Pattern(Kind.FAILURE, "failed", "^failed <ADDR>$", 1, false),
                new FilterSpec.Pattern(Kind.FAILURE, "worse", "^worse <ADDR>$", 2, false),
                new FilterSpec.Pattern(Kind.SUCCESS, "welcome", "^welcome <ADDR>$", 1, false));
        BanTime bantime = new BanTime(Duration.ofHours(1), false, Duration.ofHours(1));
        try {
            Filter filter = Filter.compile(new FilterSpec("test", "", List.of("iso8601"), "", patterns));
            return new Jail("test", filter, ZoneOffset.UTC, maxretry, Duration.ofMinutes(10), bantime);
        } catch (FilterException e) {
            throw new AssertionError(e);
        }
    }
}
