package org.sipward.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipward.filter.Carrier.Message;

/**
 * Messages that Asterisk cuts at 8,191 bytes, their line breaks too, so that the next one begins on their line: at its whole
 * length, or at a few bytes where an ESC has deleted the rest. What stands on such a line, and behind it, says nothing.
 */
class GluedLinesTest {
    private static final String CALLER = "198.51.100.9";
    private static final String BAIT = "192.0.2.1";
    private static final String MANAGER = "NOTICE[1] manager.c: " + BAIT + " failed to authenticate as '";
    private static final String DATE = "[2026-11-22 11:05:15] ";
    /** Text that is too long in the message, but short when it is shown. */
    private static final String SHORT = "\u001b" + "z".repeat(7_900) + "m" + "c".repeat(1_000);

    private static final String HALF_SHORT = "\u001b" + "z".repeat(7_000) + "m" + "c".repeat(3_000);
    private static final String LONG = "A".repeat(9_000);
    private static final String FORGED_END = "oteAddress=\"IPV4/TCP/" + BAIT + "/1\"\n";
    private static final String PRAISE =
            "[1795345568] SECURITY[1] res_security_log.c: SecurityEvent=\"SuccessfulAuth\",EventTV=\"0000000000T000000000\","
                    + "Severity=\"Informational\",Service=\"PJSIP\",EventVersion=\"1\",AccountID=\"\",SessionID=\"oteAddress=\"IPV4/WS/"
                    + CALLER + "/1\",UsingPassword=\"1\"";
    private static final Map<String, Message> FIRST = Map.of(
            "a PJSIP event",
            event("InvalidAccountID", "PJSIP", "u", SHORT),
            "the continuation of one",
            event("InvalidAccountID", "PJSIP", "u\n", HALF_SHORT),
            "the continuation of one of chan_sip",
            event(
                    "InvalidPassword",
                    "SIP",
                    "1\nx",
                    "0x7f6454041af8",
                    ",Challenge=\"1f\",ReceivedChallenge=\"" + HALF_SHORT),
            "the same without an ESC",
            event(
                    "InvalidPassword",
                    "SIP",
                    "x".repeat(247) + "\n",
                    "0x7f6454041af8",
                    ",Challenge=\"1f\",ReceivedChallenge=\"" + LONG),
            "a line that is too long",
            event("InvalidAccountID", "PJSIP", "u", LONG),
            "a registration",
            notice(
                    "chan_sip.c",
                    "Registration from '\"" + SHORT + "' failed for '" + CALLER + ":5060' - Wrong password"));

    @Test
    void readNothingWhateverIsGluedToWhatever() throws Exception {
        List<Message> second = List.of(
                call("1" + FORGED_END),
                call("\n" + PRAISE + "\n"),
                call("1' failed for '" + BAIT + ":5060' - Wrong password\n"),
                call("\n" + DATE + MANAGER + "x'\n"),
                notice("chan_iax2.c", "No registration for peer 'x" + FORGED_END + "' (from " + CALLER + ")"),
                notice("manager.c", CALLER + " tried to authenticate with nonexistent user 'x" + FORGED_END + "'"),
                Message.asterisk(
                        "VERBOSE",
                        "pbx.c",
                        "Executing [1" + FORGED_END + "@public:1] NoOp(\"PJSIP/anonymous-1\", \"x\") in new stack"),
                event("ChallengeSent", "SIP", "\n" + PRAISE + "\n", "0x7f6454041af8"),
                event("InvalidAccountID", "PJSIP", "\n\u001b", "m" + DATE + MANAGER),
                event("InvalidAccountID", "PJSIP", "\n", "x"));
        for (Carrier carrier : List.of(Carrier.FILE, Carrier.PLAIN)) {
            for (String what : FIRST.keySet()) {
                for (Message next : second) {
                    String log = write(carrier, FIRST.get(what)) + write(carrier, next);

                    assertThat(Reading.read(Reading.filter("asterisk"), log))
                            .as(what + ": " + log)
                            .noneMatch(match -> match.kind() == Match.Kind.SUCCESS)
                            // Of two messages, the second is certain where the first cannot reach to its end.
                            .allMatch(match -> match.address().isEmpty() || isCallers(match));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Nov 22 11:05:15 x asterisk: " + MANAGER + "x'",
                "2026-11-22T11:05:15.631529123Z stdout F " + DATE + MANAGER + "x'",
                "{\"hostname\":\"\",\"timestamp\":\"1795345568\",\"lwp\":1,\"filename\":\"manager.c\",\"level\":\"NOTICE\",\"message\":\""
                        + BAIT + " failed to authenticate as 'x'\"}",
                "{\"log\":\"" + MANAGER + "x'\\n\",\"stream\":\"stdout\",\"time\":\"2026-11-22T11:05:15.6Z\"}"
            })
    void believeNoRecordThatLooksLikeAnotherCarriers(String record) throws Exception {
        assertThat(Reading.accused(Reading.filter("asterisk"), record))
                .as("by itself")
                .hasSizeBetween(0, 1);
        for (Message first : FIRST.values()) {
            for (Message second :
                    List.of(call("\n" + record + "\n"), event("InvalidAccountID", "PJSIP", "\n\u001b", "m" + record))) {
                String log = write(Carrier.FILE, first) + write(Carrier.FILE, second);

                assertThat(Reading.accused(Reading.filter("asterisk"), log))
                        .as(log)
                        .isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"hostname\":\"\",\"timestamp\":\"1\",\"lwp\":\"1\",\"filename\":\"x\",\"level\":\"x\",\"message\":\"",
                "{\"log\":\"c\",\"stream\":\"stdout\",\"time\":\"2026-11-22T11:05:15Z\",\"y\":\"",
                "{\"log\":\"c\",\"stream\":\"stdout\",\"time\":\"2026-11-22T11:05:15Z\",\"attrs\":{\"y\":\"",
                "{\"log\":\"c\",\"stream\":\"stdout\",\"time\":\"2026-11-22T11:05:15Z\",\"attrs\":\""
            })
    void areSeenWhereTheyPassForJson(String begin) throws Exception {
        Message first = event("InvalidAccountID", "PJSIP", "\n\u001b", "m" + begin + "c".repeat(3_000) + SHORT);
        for (String close : List.of("\"}\n", "\"}}\n")) {
            for (String record : List.of(PRAISE, DATE + MANAGER + "x'")) {
                String log = write(Carrier.FILE, first) + write(Carrier.FILE, call(close + record + "\n"));

                assertThat(log).contains("\n" + begin);
                assertThat(Reading.read(Reading.filter("asterisk"), log))
                        .as(log)
                        .allMatch(match -> match.kind() == Match.Kind.SUSPICIOUS);
            }
        }
    }

    @Test
    void areCountedWhereTheyAreTooLong() throws Exception {
        String log = write(Carrier.FILE, event("ChallengeResponseFailed", "PJSIP", "1001", "c".repeat(7_000)));

        assertThat(Reading.read(Reading.filter("asterisk"), log))
                .extracting(Match::pattern)
                .containsExactly("too-long");
    }

    @Test
    void leadNobodyOutOfDoubtByManyShortLinesOfACarrier() throws Exception {
        for (String carrier :
                List.of("Nov 22 11:05:15 pbx1 asterisk[30268]: ", "2026-11-22T11:05:15.631529123Z stdout F ")) {
            String log = carrier + "x".repeat(8_191) + DATE + MANAGER + "\n" + (carrier + "\n").repeat(300) + carrier
                    + DATE + MANAGER + "x'";

            assertThat(Reading.accused(Reading.filter("asterisk"), log))
                    .as(carrier)
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "kamailio|` 0(268) `|ERROR: <core> [core/parser/msg_parser.c:752]: parse_msg(): ERROR: parse_msg: message=<|`NOTICE: <script>: `",
                "opensips|`Nov 22 10:16:35 [268] `|ERROR:core:parse_msg: message=<|`NOTICE:`"
            })
    void knowAPacketDumpByItsFirstBytes(String server, String head, String begin, String script) throws Exception {
        String record =
                head + script + "auth-failed src=[" + BAIT + "] port=5060 proto=udp method=REGISTER code=-2 user=x";
        String dump = begin + "INVITE sip:a b SIP/2.0 " + LONG;
        String filler = ("[" + "y".repeat(98) + "\n").repeat(140);

        assertThat(Reading.accused(Reading.filter(server), filler + record)).containsExactly(BAIT);
        for (Carrier carrier : List.of(Carrier.FILE, Carrier.DOCKER)) {
            String log = carrier.write(Message.other(server, head, dump + "\n" + filler + record));

            assertThat(Reading.accused(Reading.filter(server), log)).as(log).isEmpty();
        }
    }

    @Test
    void areNoneWhereAMessageHoldsItsOwnHead() throws Exception {
        for (Carrier carrier : Carrier.values()) {
            String log = carrier.write(call("100")) + "\n" + carrier.write(call("101"));

            assertThat(Reading.accused(Reading.filter("asterisk"), log)).as(log).containsExactly(CALLER, CALLER);
        }
    }

    private static boolean isCallers(Match match) {
        return match.address().orElseThrow().toString().equals(CALLER);
    }

    private static Message call(String number) {
        return notice(
                "chan_sip.c",
                "Call from '' (" + CALLER + ":5060) to extension '" + number
                        + "' rejected because extension not found in context 'public'.");
    }

    private static Message notice(String file, String text) {
        return Message.asterisk("NOTICE", file, text);
    }

    private static Message event(String kind, String service, String account, String session) {
        return event(kind, service, account, session, "");
    }

    private static Message event(String kind, String service, String account, String session, String own) {
        return SecurityEvents.message(kind, service, account, session, "UDP", CALLER, own);
    }

    /** Returns what a file gets of a message and its line break: they are cut before an ESC deletes anything. */
    private static String write(Carrier carrier, Message message) {
        String text = message.text() + "\n";
        int head = carrier.write(Message.asterisk(message.level(), message.file(), ""))
                .length();
        String cut = text.substring(0, Math.min(text.length(), 8_191 - head));
        return carrier.write(Message.asterisk(message.level(), message.file(), cut));
    }
}
