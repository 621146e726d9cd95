package org.sipward.jail;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipward.ban.BanTime;
import org.sipward.config.FilterReader;
import org.sipward.filter.Filter;
import org.sipward.net.IpAddress;
import org.sipward.source.Line;
import org.sipward.yaml.ConfigException;

/**
 * Offices that arrive from a new address, and servers that check whether this one is there, as Asterisk reports them.
 */
class GraceTest {
    private static final Instant START = Instant.parse("2026-12-01T10:00:00Z");
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);
    private static final String OFFICE = "203.0.113.78";
    private static final Filter asterisk = filter();

    private final List<Jail.Verdict> verdicts = new ArrayList<>();
    private final Jail jail = jail();
    private int calls;

    private static Filter filter() {
        try {
            return new FilterReader(Path.of("."), List.of()).read(Path.of("filters/asterisk.yaml"));
        } catch (ConfigException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Jail jail() {
        Limits limits = new Limits(
                5,
                Duration.ofMinutes(10),
                new BanTime(Duration.ofDays(1), true, Duration.ofDays(28)),
                Duration.ofHours(1),
                Optional.of(new Limits.Lenience(Duration.ofDays(1), 50, 3, Duration.ofMinutes(10))));
        Jail jail = new Jail("test", asterisk, ZoneOffset.UTC, limits, new Trust());
        Detection detection = new Detection(network -> false, new Budget());
        detection.enumeration(10, Duration.ofHours(1));
        detection.slowGuessing(20, Duration.ofDays(7));
        detection.decoys(Set.of("admin9"), Set.of());
        jail.detect(detection);
        return jail;
    }

    @Test
    void sparesAnOfficeWhoseTenPhonesComeFromANewAddressAtOnce() {
        for (int phone = 0; phone < 10; phone++) {
            wrongPassword("10" + (10 + phone), phone / 2, "phone" + phone);
        }
        for (int phone = 0; phone < 10; phone++) {
            success("10" + (10 + phone), 5);
        }

        assertThat(verdicts).isEmpty();
        assertThat(jail.count(IpAddress.parse(OFFICE).orElseThrow())).isEmpty();
    }

    @Test
    void sparesTheOfficeIfOneLogIsReadAfterTheOther() {
        for (int phone = 0; phone < 10; phone++) {
            notice("REGISTER", "10" + (10 + phone), 1, "phone" + phone, "Failed to authenticate");
        }
        for (int phone = 0; phone < 10; phone++) {
            event("ChallengeResponseFailed", "10" + (10 + phone), 1, "phone" + phone);
        }

        assertThat(verdicts).isEmpty();
    }

    @Test
    void bansAnAddressThatContinuesAfterTheFirstSeconds() {
        for (int account = 0; account < 10; account++) {
            wrongPassword("10" + (10 + account), 1, "c" + account);
        }

        wrongPassword("1030", Grace.SECONDS + 2, "c30");

        assertThat(verdicts).hasSize(1);
    }

    @Test
    void bansAnAddressThatFailsAgainAndAgainAmongMoreThanCanBeRemembered() {
        for (int round = 0; round < 5; round++) {
            for (int other = 0; other <= 10_000; other++) {
                event(IpAddress.v4((46 << 24) + other).toString(), "ChallengeResponseFailed", "2000", 20 * round, "o");
            }
            event("ChallengeResponseFailed", "10" + (10 + round), 20 * round, "c" + round);
        }

        assertThat(verdicts).anyMatch(verdict -> verdict.toString().contains(OFFICE));
    }

    @Test
    void bansAnAttackerWhoGuessesAtOneAccountTwice() {
        for (int account = 0; account < 5; account++) {
            wrongPassword("10" + (10 + account), 1, "c" + account);
        }
        assertThat(verdicts).isEmpty();

        wrongPassword("1010", 1, "another");

        assertThat(verdicts).hasSize(1);
    }

    @Test
    void bansAnAttackerWhoKeepsGuessingUnderOneCallId() {
        for (int guess = 0; guess < 12; guess++) {
            wrongPassword("1010", guess / 4, "always");
        }

        assertThat(verdicts).isNotEmpty();
    }

    @Test
    void allowsAtMostOneGuessAtTwentyAccountsADay() {
        int guesses = 0;
        for (int day = 0; day < 10 && verdicts.isEmpty(); day++) {
            // As many guesses as are free within ten seconds, then silence for findtime.
            for (int account = 0; account < 19 && verdicts.isEmpty(); account++) {
                wrongPassword("1" + (100 + account), day * 700 + account / 6, "d" + day + "c" + account);
                guesses++;
            }
        }

        assertThat(verdicts).hasSize(1);
        assertThat(guesses).isLessThan(19 + 10);
    }

    @Test
    void bansAtTheFifthUnknownAccount() {
        for (int account = 0; account < 5; account++) {
            notice("REGISTER", "x" + account, 1, "c" + account, "No matching endpoint found");
        }

        assertThat(verdicts).hasSize(1);
    }

    @Test
    void bansAtOnceForTheUseOfADecoy() {
        wrongPassword("admin9", 1, "c");

        assertThat(verdicts).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 30, 60})
    void sparesAServerThatChecksWhetherThisOneIsThere(int pause) {
        for (int ping = 0; ping < 200; ping++) {
            String call = "ping" + ping;
            notice("OPTIONS", "kamailio", ping * pause, call, "No matching endpoint found");
            event("InvalidAccountID", "kamailio", ping * pause, call);
        }

        assertThat(verdicts).isEmpty();
    }

    @Test
    void sparesChecksOfSeveralTrunksInTheSameSecond() {
        for (int round = 0; round < 50; round++) {
            for (int trunk = 0; trunk < 8; trunk++) {
                notice("OPTIONS", "sbc", round * 30, "r" + round + "t" + trunk, "No matching endpoint found");
            }
        }

        assertThat(verdicts).isEmpty();
    }

    @Test
    void bansAFloodOfChecks() {
        for (int ping = 0; ping < 100; ping++) {
            notice("OPTIONS", "friend", ping / 50, "c" + ping, "No matching endpoint found");
        }

        assertThat(verdicts).isNotEmpty();
    }

    @Test
    void bansAServerWhoseChecksTryFiveAccounts() {
        for (int account = 0; account < 5; account++) {
            notice("OPTIONS", "10" + (10 + account), account * 20, "c" + account, "No matching endpoint found");
        }

        assertThat(verdicts).hasSize(1);
    }

    @Test
    void countsEachCallOfAnUntrustedCallerWhoNamesOneAccount() {
        for (int call = 0; call < 5; call++) {
            notice("INVITE", "100", call * 20, "c" + call, "No matching endpoint found");
        }

        assertThat(verdicts).hasSize(1);
    }

    @Test
    void bansAnUntrustedCallerWhoAlternatesThreeAccountsIfTheMethodIsNotLogged() {
        for (int call = 0; call < 6; call++) {
            event("InvalidAccountID", List.of("sip", "1000", "100").get(call % 3), call, "c" + call);
        }

        assertThat(verdicts).hasSize(1);
    }

    @Test
    void countsEachPasswordThatIsTriedByOptions() {
        for (int guess = 0; guess < 6; guess++) {
            notice("OPTIONS", "1010", guess * 20, "c" + guess, "Failed to authenticate");
        }

        assertThat(verdicts).hasSize(1);
    }

    /** Lets both logs report that an answer was refused. */
    private void wrongPassword(String account, int second, String call) {
        notice("REGISTER", account, second, call, "Failed to authenticate");
        event("ChallengeResponseFailed", account, second, call);
    }

    private void notice(String method, String account, int second, String call, String why) {
        read(
                second,
                "NOTICE[2201] res_pjsip/pjsip_distributor.c: Request '%s' from '<sip:%s@192.0.2.10>' failed for '%s:5070' (callid: %s) - %s"
                        .formatted(method, account, OFFICE, call, why));
    }

    private void event(String name, String account, int second, String call) {
        event(OFFICE, name, account, second, call);
    }

    private void event(String address, String name, String account, int second, String call) {
        String end = name.startsWith("Challenge") ? ",Challenge=\"1/2\",Response=\"aa\",ExpectedResponse=\"\"" : "";
        read(
                second,
                "SECURITY[2201] res_security_log.c: SecurityEvent=\"%s\",EventTV=\"2026-12-01T10:00:00.000+0000\",Severity=\"Error\",Service=\"PJSIP\",EventVersion=\"1\",AccountID=\"%s\",SessionID=\"%s\",LocalAddress=\"IPV4/UDP/192.0.2.10/5060\",RemoteAddress=\"IPV4/UDP/%s/5070\"%s"
                        .formatted(name, account, call, address, end));
    }

    private void success(String account, int second) {
        read(
                second,
                "SECURITY[2201] res_security_log.c: SecurityEvent=\"SuccessfulAuth\",EventTV=\"2026-12-01T10:00:00.000+0000\",Severity=\"Informational\",Service=\"PJSIP\",EventVersion=\"1\",AccountID=\"%s\",SessionID=\"s%d\",LocalAddress=\"IPV4/UDP/192.0.2.10/5060\",RemoteAddress=\"IPV4/UDP/%s/5070\",UsingPassword=\"1\""
                        .formatted(account, calls++, OFFICE));
    }

    private void read(int second, String text) {
        Instant time = START.plusSeconds(second);
        Line line = Line.of("[" + STAMP.format(time) + "] " + text, time.toEpochMilli(), true);
        asterisk.reader(ZoneOffset.UTC).match(line).flatMap(jail::judge).ifPresent(verdicts::add);
    }
}
