package org.sipward.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipward.filter.Carrier.Message;

/**
 * Ends of messages, and beginnings, that are not seen: because the line is too long or looks cut, because a daemon shows
 * something else in its place, or because an ESC has eaten them. What stands before and behind accuses nobody else.
 */
class LostEndsTest {
    private static final String TRUE = "203.0.113.7";
    private static final String BAIT = "192.0.2.1";
    private static final String CHAIN =
            "\",SessionID=\"0x7f64540\",LocalAddress=\"IPV4/UDP/1.1.1.1/111\",RemoteAddress=\"IPV4/UDP/%s/5060\"";
    private static final String HASH = ",Challenge=\"%s\",ReceivedChallenge=\"%s\",ReceivedHash=\"%s\"";
    private static final String FORGED = "1" + CHAIN.formatted(BAIT) + HASH.formatted("", "", "");
    private static final String MANAGER =
            "[2026-11-22 11:05:15] NOTICE[30] manager.c: " + BAIT + " failed to authenticate as 'x'";
    private static final String RECORD_HEAD =
            "[2026-11-22 11:05:15] SECURITY[30] res_security_log.c: " + SecurityEvents.head("InvalidPassword", "SIP");
    /** The shortest record that PJSIP's patterns believe. */
    private static final String PJSIP = "[2026-11-22 11:05:15] SECURITY[30] res_security_log.c: SecurityEvent=\"%s\","
            + "EventTV=\"2026-11-22T000000000\",Severity=\"%s\",Service=\"PJSIP\",EventVersion=\"1\",AccountID=\"0\","
            + "SessionID=\"oteAddress=\"IPV4/TCP/%s/1\"";

    @ParameterizedTest
    @ValueSource(
            strings = {
                // A piece of a line that containerd has cut.
                "\n0000000000T00000000 stdout P ",
                "\n2026-11-22T11:05:15.631529123Z stderr F x\n2026-11-22T11:05:15.631529123Z stderr P ",
                "\n{\"log\":\"x\",\"stream\":\"stdout\",\"time\":\"2026-11-22T11:05:15Z\"}\n",
                // More than an ESC could leave.
                "\nffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
            })
    void seesTheTrueEndBehindAForgedOne(String rest) throws Exception {
        for (String answer : List.of("1f", "A".repeat(9_000), "\u001b".repeat(1_500), "\u001b")) {
            for (Carrier carrier : List.of(Carrier.FILE, Carrier.PLAIN, Carrier.CONSOLE, Carrier.DOCKER)) {
                String log = carrier.write(sip(FORGED + rest, TRUE, answer));

                assertThat(accused(log)).as(log).allMatch(TRUE::equals);
            }
        }
    }

    @Test
    void seesTheTrueEndThatAnEscHasDoubled() throws Exception {
        // Where no m follows an ESC, Asterisk leaves as many bytes behind the text as it had deleted before.
        String log = Carrier.FILE.write(sip(FORGED + "\n" + "f".repeat(83), TRUE, "\",ReceivedHash=\"\u001b\""));

        assertThat(accused(log)).isEmpty();
    }

    @Test
    void takesABlobForAnEnd() throws Exception {
        String log = Carrier.JOURNAL_OF_CONSOLE.write(sip(FORGED, TRUE, "1f")).replaceFirst("1f\".*", "\"")
                + "\nNov 22 11:05:15 pbx1 asterisk[30268]: [190B blob data]";

        assertThat(accused(log)).isEmpty();
    }

    @Test
    void believesNoRecordBehindAMessageThatWasCut() throws Exception {
        String password = PJSIP.formatted("InvalidAccountID", "Error", BAIT);
        String success = PJSIP.formatted("SuccessfulAuth", "Informational", TRUE) + ",UsingPassword=\"1\"";
        for (String record : List.of(MANAGER, password, success)) {
            Message second = sip("x\n" + record + "\n", TRUE, "1f");
            for (Message cut : List.of(sip("x", TRUE, "A".repeat(9_000)), pjsip("A".repeat(9_000)))) {
                for (int length : List.of(8_191, 500)) {
                    // Cut before an ESC took thousands of bytes of it, or not; without its end in any case.
                    String log = Carrier.FILE.write(cut).substring(0, length) + Carrier.FILE.write(second);

                    assertThat(Reading.read(filter(), log))
                            .as(log)
                            .noneMatch(match -> match.kind() == Match.Kind.SUCCESS)
                            .noneMatch(match -> match.address()
                                    .filter(address -> address.toString().equals(BAIT))
                                    .isPresent());
                }
            }
        }
    }

    @Test
    void countsEventsAgainSoonBehindOneWithoutAnEnd() throws Exception {
        String guess =
                Carrier.FILE.write(sip("1001", "203.0.113.8", "1f")) + "\n" + Carrier.FILE.write(pjsip("c")) + "\n";
        for (Message damaged : List.of(
                sip("x".repeat(200) + "\u001b", TRUE, "1f"),
                pjsip("c\u001b"),
                sip("x\n[2026-11-22 11:05:15] NOTICE[30] manager.c: 1.1.1.1 failed to authenticate", TRUE, "1f"))) {
            String log = Carrier.FILE.write(damaged) + "\n" + guess.repeat(20);

            assertThat(accused(log)).as(log).filteredOn("203.0.113.8"::equals).hasSizeBetween(18, 20);
        }
    }

    @Test
    void readsRecordsAgainBehindAMessageThatWasTooLong() throws Exception {
        String notice = "[2026-11-22 11:05:15] NOTICE[30] manager.c: " + TRUE + " failed to authenticate as 'x'\n";

        assertThat(accused(MANAGER.repeat(200) + "\n" + notice.repeat(200)))
                .hasSize(200 - 8_191 / notice.length() - 1)
                .containsOnly(TRUE);
    }

    @Test
    void readsNothingFromALineOfTwoMessages() throws Exception {
        // An ESC deletes most of what was cut, and the next message stands on the line.
        String cut = Carrier.FILE.write(pjsip("c".repeat(500))).split("c{500}", 2)[0] + "c".repeat(500);
        for (Message next : List.of(
                pjsip("oteAddress=\"IPV4/TCP/" + BAIT + "/1\"\n", "c"),
                sip("oteAddress=\"IPV4/TCP/" + BAIT + "/1\"\n", TRUE, "1f"),
                sip("1" + CHAIN.formatted(BAIT) + "\n" + MANAGER + "\n", TRUE, "1f"),
                pjsip("phone", "c"))) {
            assertThat(accused(cut + Carrier.FILE.write(next)))
                    .as(cut + Carrier.FILE.write(next))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "VERBOSE[1] res_pjsip_logger.c: <--- Received SIP request (446 bytes) from UDP:198.51.100.9:5060 --->\nOPTIONS sip:x SIP/2.0\n",
                "VERBOSE[1] chan_sip.c: \n<--- SIP read from UDP:198.51.100.9:5060 --->\nOPTIONS sip:x SIP/2.0\n<------------->\n",
                "WARNING[1][C-00000003] Ext. 1\n",
                "WARNING[1][C-00000003] chan_sip.c: No such host: 1\n",
                "ERROR[1][C-00000003] chan_pjsip.c: Unable to create PJSIP channel - endpoint '1\n",
                "WARNING[1] res_pjsip.c: CallerID Name 'x?' for number '\n",
                "NOTICE[1] res_pjsip_exten_state.c: Endpoint 'anonymous' state subscription failed: Extension '\n"
            })
    void believesNothingRightBehindWhatShowsASendersText(String shown) throws Exception {
        String rest = shown.contains("SIP read") ? "<------------->\n" : "";
        String log = "[2026-11-22 11:05:15] " + shown + MANAGER + "\n" + rest;

        assertThat(accused(log)).as(log).doesNotContain(BAIT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-11-22T11:05:15.631529123Z stdout F ",
                "Nov 22 11:05:15 pbx1 asterisk[30268]: ",
                "2026-11-22T11:05:15.631529+00:00 pbx1 asterisk[30268]: "
            })
    void believesNothingBehindADialledNumberThatAConsoleShows(String carrier) throws Exception {
        for (String colour : List.of("", "\u001b[1;30m")) {
            String log = (colour + "    -- " + colour + "Executing [\n" + MANAGER
                            + "@from-sip-external:1] NoOp(\"x\", \"\n" + MANAGER + "\") in new stack\n" + colour
                            + "    -- " + colour + "Goto (from-sip-external,1\n" + MANAGER + ",1)")
                    .lines()
                    .map(line -> carrier + line)
                    .collect(Collectors.joining("\n"));
            String whole = carrier + colour + "    -- " + colour
                    + "Executing [1@from-sip-external:1] NoOp(\"x\", \"1\") in new stack\n" + carrier + MANAGER;

            assertThat(accused(log)).as(log).isEmpty();
            assertThat(accused(whole)).as(whole).containsExactly(BAIT);
        }
    }

    @Test
    void forgetsAfterASecondThatAMessageWasTooLong() throws Exception {
        LogReader log = filter().reader(ZoneOffset.UTC);
        List<Match> found = new ArrayList<>();
        log.read(Reading.line("x".repeat(7_001) + MANAGER), found::add);
        assertThat(log.isWaiting()).isTrue();
        log.settle(Reading.ARRIVAL + 1_000);
        assertThat(log.isWaiting()).isFalse();
        log.read(Reading.line(MANAGER), found::add);

        assertThat(found).extracting(Match::kind).containsExactly(Match.Kind.SUSPICIOUS, Match.Kind.FAILURE);
    }

    @Test
    void believesNoEventThatACallIdWroteBehindAnAccountWithAnEsc() throws Exception {
        // The ESC in the account eats the field between, and the Call-ID has no end.
        String forged = RECORD_HEAD + "1" + CHAIN.formatted(BAIT) + HASH.formatted("", "", "");
        String log = Carrier.FILE.write(
                Message.asterisk(
                        "SECURITY",
                        "res_security_log.c",
                        SecurityEvents.head("InvalidAccountID", "PJSIP") + "\n\u001b\",SessionID=\"m" + forged
                                + "\u001b\",LocalAddress=\"IPV4/UDP/192.0.2.10/5060\",RemoteAddress=\"IPV4/UDP/203.0.113.7/5060\""));

        assertThat(log).contains(RECORD_HEAD);
        assertThat(accused(log)).isEmpty();
    }

    @Test
    void swallowsNoPartOfAnEventForTheNameOfAFunction() throws Exception {
        String log = Carrier.FILE.write(Message.asterisk(
                "SECURITY",
                "res_security_log.c",
                SecurityEvents.head("InvalidAccountID", "PJSIP")
                        + "\n[1795345568] NOTICE[30] manager.c\",SessionID=\"1 x: " + BAIT
                        + " failed to authenticate as 'x"));

        assertThat(accused(log)).isEmpty();
        assertThat(accused(log.substring(log.indexOf('\n') + 1))).isEmpty();
    }

    private static Message sip(String number, String address, String answer) {
        return Message.asterisk(
                "SECURITY",
                "res_security_log.c",
                SecurityEvents.head("InvalidPassword", "SIP")
                        + number
                        + CHAIN.formatted(address)
                        + HASH.formatted("1f", "1f", answer));
    }

    private static Message pjsip(String callId) {
        return pjsip("1001", callId);
    }

    private static Message pjsip(String account, String callId) {
        return SecurityEvents.message("InvalidAccountID", "PJSIP", account, callId, "UDP", "203.0.113.9", "");
    }

    private static Filter filter() throws Exception {
        return Reading.filter("asterisk");
    }

    private static List<String> accused(String log) throws Exception {
        return Reading.accused(filter(), log);
    }
}
