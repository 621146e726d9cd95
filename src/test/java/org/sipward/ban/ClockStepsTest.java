package org.sipward.ban;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A ban list when somebody sets the clock. */
class ClockStepsTest extends BanListFixture {
    private static final Duration YEAR = Duration.ofDays(365);
    private static final Duration DAY = Duration.ofDays(1);

    private long nanos;

    @BeforeEach
    void watchTheClock() throws IOException {
        list = watching();
        list.open();
        firewall.calls.clear();
    }

    private BanList watching() {
        return new BanList(
                allowlist(false, "198.51.100.0/24"), store, firewall, clock, () -> nanos, any -> Optional.empty());
    }

    private void pass(Duration time) {
        clock.move(time);
        nanos += time.toNanos();
        list.tend();
    }

    private void set(Duration step) {
        clock.move(step);
        list.tend();
    }

    private Instant end(String address) {
        return list.bans().stream()
                .filter(ban -> ban.network().equals(network(address)))
                .findFirst()
                .orElseThrow()
                .until();
    }

    @Test
    void aBanMadeWhileTheClockWasAheadLastsItsTimeOnceItIsSetBack() {
        set(YEAR);
        list.ban(List.of(request("203.0.113.7", clock.instant())));
        pass(Duration.ofMinutes(10));

        set(YEAR.negated());

        Instant now = clock.instant();
        assertThat(end("203.0.113.7")).isBetween(now, now.plus(Duration.ofHours(1)));
        assertThat(store.bans.values()).extracting(Ban::until).containsExactly(end("203.0.113.7"));
        assertThat(firewall.calls).last().isEqualTo("enforce 1");
        pass(Duration.ofHours(2));
        assertThat(list.bans()).isEmpty();
    }

    @Test
    void aBanMadeWhileTheClockWasAheadLastsItsTimeAfterARestart() throws IOException {
        clock.move(YEAR);
        list = watching();
        list.open();
        list.ban(List.of(request("203.0.113.7", clock.instant())));
        list.impose(List.of(new Ban(
                network("192.0.2.7"), FEED, clock.instant(), clock.instant().plus(DAY), 1, "listed")));
        clock.move(YEAR.negated());

        list = watching();
        list.open();

        assertThat(end("203.0.113.7")).isEqualTo(clock.instant().plus(Duration.ofHours(1)));
        assertThat(end("192.0.2.7")).isEqualTo(clock.instant().plus(DAY));
        assertThat(store.bans.values()).allMatch(ban -> !ban.since().isAfter(clock.instant()));
    }

    @Test
    void anAddressThatWasBannedWhileTheClockWasAheadIsBannedAgain() throws IOException {
        clock.move(YEAR);
        list = watching();
        list.open();
        list.ban(List.of(request("203.0.113.7", clock.instant())));
        list.unban(any -> true);
        clock.move(YEAR.negated());
        list = watching();
        list.open();

        clock.move(Duration.ofMinutes(1));

        assertThat(list.ban(List.of(request("203.0.113.7", clock.instant())))).hasSize(1);
    }

    @Test
    void aClockThatJumpsAheadEndsNothing() throws IOException {
        list.ban(List.of(request("203.0.113.7")));
        list.impose(List.of(listed("192.0.2.7", START.plus(DAY)), listed("192.0.2.8", Ban.FOREVER)));
        list.allow(network("203.0.113.99"), START.plus(DAY));

        set(YEAR);

        assertThat(list.bans()).hasSize(3);
        assertThat(end("203.0.113.7")).isEqualTo(START.plus(YEAR).plus(Duration.ofHours(1)));
        assertThat(end("192.0.2.8")).isEqualTo(Ban.FOREVER);
        assertThat(list.allowlist().reason(network("203.0.113.99"))).isPresent();
        assertThat(store.allowed)
                .containsEntry(network("203.0.113.99"), START.plus(YEAR).plus(DAY));

        set(YEAR.negated());

        assertThat(end("203.0.113.7")).isEqualTo(START.plus(Duration.ofHours(1)));
        assertThat(store.allowed).containsEntry(network("203.0.113.99"), START.plus(DAY));
        assertThat(store.bans.values()).containsExactlyInAnyOrderElementsOf(list.bans());
    }

    @Test
    void purgesNoMoreWhileTheClockIsAhead() throws IOException {
        list.ban(List.of(request("203.0.113.7")));
        set(YEAR);

        list.purge(clock.instant().minus(Duration.ofDays(28)));

        assertThat(store.history.values()).hasSize(1);
    }

    @Test
    void aMachineThatStartsAtAnOldDateLosesNoBan() throws IOException {
        list.ban(List.of(request("203.0.113.7")));
        Ban before = list.bans().get(0);
        Duration old = Duration.between(Instant.parse("1970-01-01T00:01:00Z"), START);
        clock.move(old.negated());
        list = watching();
        list.open();
        assertThat(list.bans()).containsExactly(before);
        list.ban(List.of(request("203.0.113.8", clock.instant())));

        set(old.plusSeconds(60));

        assertThat(list.bans()).contains(before).hasSize(2);
        assertThat(end("203.0.113.8")).isEqualTo(clock.instant().plus(Duration.ofHours(1)));
    }

    @Test
    void aSmallStepMovesNothing() {
        list.ban(List.of(request("203.0.113.7")));

        set(Duration.ofSeconds(90));
        set(Duration.ofSeconds(-90));
        pass(Duration.ofMinutes(30));

        assertThat(end("203.0.113.7")).isEqualTo(START.plus(Duration.ofHours(1)));
        assertThat(firewall.calls)
                .noneMatch(call -> call.startsWith("enforce") && list.bans().isEmpty());
    }

    @Test
    void manyBansAreMovedToo() {
        List<Ban> many = java.util.stream.IntStream.range(0, 25_000)
                .mapToObj(n -> listed("46." + n / 65_536 + "." + n / 256 % 256 + "." + n % 256, START.plus(DAY)))
                .toList();
        list.impose(many);

        set(YEAR);

        assertThat(list.bans())
                .hasSize(25_000)
                .allMatch(ban -> ban.until().equals(START.plus(YEAR).plus(DAY)));
        assertThat(store.bans).hasSize(25_000);
        assertThat(store.bans.values())
                .allMatch(ban -> ban.until().equals(START.plus(YEAR).plus(DAY)));
    }

    @Test
    void refusalsAreLoggedAfterTheClockWasSetBack() {
        Refusals refusals = new Refusals();
        refusals.refused(network("198.51.100.7"), FEED, "trusted", START.plus(YEAR));

        assertThat(refusals.isSilent(network("198.51.100.7"), START)).isFalse();
        assertThat(refusals.isSilent(network("198.51.100.7"), START.plus(YEAR).plusSeconds(5)))
                .isTrue();
    }
}
