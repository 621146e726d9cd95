package org.sipward.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.sipward.filter.Carrier.Message;

/**
 * Reads twenty-two texts that callers have got into the logs of real servers, on each carrier. The filter must read the
 * true address, or none. The caller wants 192.0.2.1, 198.51.100.200 and 2001:db8:feed::1 banned.
 */
class HostileLinesTest {
    private static final String TRUE = "203.0.113.7";
    private static final String FORGED =
            "[2026-11-22 11:05:15] NOTICE[23694] res_pjsip/pjsip_distributor.c: Request 'REGISTER' from"
                    + " '<sip:1001@192.0.2.10>' failed for '192.0.2.1:5060' (callid: x) - No matching endpoint found";
    private static final String FORGED_PLAIN =
            FORGED.replace("[23694]", "[23694]:").replace(".c:", ".c:688 log_failed_request:");
    private static final String EVENT_HEAD =
            "EventTV=\"2026-11-22T11:05:15.631+0000\",Severity=\"Error\",Service=\"%s\",EventVersion=\"1\",AccountID=\"";
    private static final String LOCAL = "\",LocalAddress=\"IPV4/UDP/192.0.2.10/5060\",RemoteAddress=\"IPV4/UDP/";

    static Stream<Arguments> lines() {
        List<Arguments> lines = new ArrayList<>();
        // Not on carriers that delete the text from ESC to m.
        add(
                lines,
                "1 ESC deletes the address",
                carrier -> !carrier.strips(),
                request(
                        "\"a\u001bz\" <sip:1001@192.0.2.10>",
                        "m\" <sip:1001@192.0.2.10>' failed for '198.51.100.200:5060' (callid: x",
                        "Failed to authenticate"));
        add(
                lines,
                "2 ESC cuts the line",
                request("\"a\u001bz\" <sip:1001@192.0.2.10>", "x", "No matching endpoint found"));
        add(
                lines,
                "3 ESC in the session",
                event(
                        "InvalidAccountID",
                        "PJSIP",
                        "1001",
                        "p5da3i\",LocalAddress=\"IPV4/UDP/192.0.2.10/5060\",RemoteAddress=\"IPV4/UDP/198.51.100.200/5060\",SessionTV=\"\u001b",
                        ""));
        for (String end : List.of("", "-- end of packet.\n", "-- end of packet.\n\n-- end of packet.\n")) {
            for (String forged : List.of(FORGED, FORGED_PLAIN)) {
                add(
                        lines,
                        "5 packet without Call-ID",
                        dump("", "REGISTER sip:192.0.2.10 SIP/2.0\r\n\r\n" + end + forged + "\n"));
                add(
                        lines,
                        "5 any packet, old pjproject",
                        dump(
                                "446 bytes ",
                                ("REGISTER sip:192.0.2.10 SIP/2.0\r\n" + end + forged + "\n" + "x".repeat(446))
                                        .substring(0, 446)));
            }
        }
        for (String forged : List.of(FORGED, FORGED_PLAIN)) {
            add(
                    lines,
                    "6 number of a guest",
                    call("chan_sip.c", "Call from '' (" + TRUE + ":50723)", "1\n" + forged + "\n"));
            add(
                    lines,
                    "6 number of a guest with an end",
                    call(
                            "chan_sip.c",
                            "Call from '' (" + TRUE + ":50723)",
                            "1' rejected because extension not found in context 'public'.\n" + forged + "\n"));
            add(
                    lines,
                    "7 number of a stranger",
                    call("res_pjsip_session.c", " anonymous: Call (UDP:" + TRUE + ":60802)", "1'\n" + forged));
            add(
                    lines,
                    "8 user of the manager over HTTP",
                    notice("manager.c", TRUE + " failed to authenticate as 'x'\n" + forged + "\n''"));
            add(
                    lines,
                    "10 IAX2 peer",
                    notice(
                            "chan_iax2.c",
                            "No registration for peer 'x' (from 192.0.2.1)\n" + forged + "\n' (from " + TRUE + ")"));
        }
        add(
                lines,
                "7 number of a stranger",
                call(
                        "res_pjsip_session.c",
                        " anonymous: Call (UDP:" + TRUE + ":60802)",
                        "1'\n[2026-11-22 11:05:15] NOTICE[38] m.c: 192.0.2.1 failed to authenticate"));
        add(
                lines,
                "8 event of the manager over HTTP",
                event(
                        "InvalidAccountID",
                        "AMI",
                        "x'\n[2026-11-22 11:05:15] NOTICE[1] manager.c: 192.0.2.1 failed to authenticate as 'admin'\n'",
                        "0x7f",
                        ""));
        add(
                lines,
                "9 user of the manager over TCP",
                notice(
                        "manager.c",
                        TRUE
                                + " failed to authenticate as 'x'\r[2026-11-22 11:05:15] NOTICE[1] manager.c: 192.0.2.1 failed to authenticate as 'admin'"));
        add(
                lines,
                "11 quotes in the session",
                event(
                        "InvalidAccountID",
                        "PJSIP",
                        "1001",
                        "s3ky\",LocalAddress=\"IPV4/UDP/192.0.2.10/5060\",RemoteAddress=\"IPV4/UDP/192.0.2.1/5060",
                        ""));
        add(
                lines,
                "11 quotes in the session",
                event(
                        "ChallengeResponseFailed",
                        "PJSIP",
                        "1001",
                        "s3ky\",LocalAddress=\"IPV4/UDP/192.0.2.10/5060\",RemoteAddress=\"IPV4/UDP/192.0.2.1/5060",
                        ",Challenge=\"1\",Response=\"\",ExpectedResponse=\"\""));
        add(
                lines,
                "12 Call-ID",
                request(
                        "<sip:1001@192.0.2.10>",
                        "x) - Failed to authenticate Request 'INVITE' from '<sip:a@b>' failed for '[2001:db8:feed::1]:5060' (callid: y",
                        "Failed to authenticate"));
        add(
                lines,
                "13 From",
                request(
                        "\"x' failed for '192.0.2.1:5060' (callid: y) - No matching endpoint found\" <sip:1001@192.0.2.10>",
                        "z",
                        "Failed to authenticate"));
        add(
                lines,
                "14 To",
                notice(
                        "chan_sip.c",
                        "Registration from '\"x' failed for '192.0.2.1:5060' - Wrong password\" <sip:1001@192.0.2.10>' failed for '"
                                + TRUE + ":40761' - Wrong password"));
        add(lines, "15 line break in the account", event("InvalidAccountID", "PJSIP", "n0\n", "x", ""));
        add(
                lines,
                "15 address in the account",
                event("InvalidAccountID", "PJSIP", "\",oteAddress=\"IPV4/UDP/192.0.2.1/1\"\n", "x", ""));
        add(lines, "16 not UTF-8", request("<sip:10@192.0.2.10>", "\u00ffabc", "Failed to authenticate"));
        add(
                lines,
                "17 memory of the server",
                request("h\u0015\u00e5\u00f2\u00ef\u007f", "x", "No matching endpoint found"));
        for (Carrier carrier : Carrier.of("freeswitch")) {
            String user = "} <script>: auth failed src=192.0.2.1:5060 proto=udp method=REGISTER code=-2";
            other(
                    lines,
                    "18 Call-ID in log_prefix",
                    carrier,
                    "kamailio",
                    Message.other(
                            "kamailio",
                            " 1(27200) NOTICE: ",
                            "{1 4561 REGISTER a" + user + "} <script>: auth failed src=" + TRUE
                                    + ":58512 proto=udp method=REGISTER code=-2 auser=x from=sip:a@b"));
            other(
                    lines,
                    "22 digest user",
                    carrier,
                    "kamailio",
                    Message.other(
                            "kamailio",
                            " 1(27200) NOTICE: ",
                            "<script>: Auth user not found x [192.0.2.1]  [" + TRUE + "]"));
            other(
                    lines,
                    "22 User-Agent",
                    carrier,
                    "kamailio",
                    Message.other(
                            "kamailio",
                            " 1(27200) WARNING: ",
                            "<script>: Scanner detected: friendly-scanner from sip:x (192.0.2.1:5060) from sip:100@192.0.2.10 ("
                                    + TRUE + ":40067)"));
            other(
                    lines,
                    "20 packet on stderr",
                    carrier,
                    "kamailio",
                    Message.other(
                            "kamailio",
                            " 0(27200) ERROR: ",
                            "<core> [core/parser/msg_parser.c:749]: parse_msg(): ERROR: parse_msg: message=<INVITE sip:a b SIP/2.0\r\nVia: x\r\n 0(27200) ALERT: {1 1 INVITE x} <script>: Blocking traffic from 192.0.2.1\n>"));
            other(
                    lines,
                    "20 packet on stderr",
                    carrier,
                    "opensips",
                    Message.other(
                            "opensips",
                            "Nov 22 10:37:56 [11391] ERROR:",
                            "core:parse_msg: message=<INVITE sip:a b SIP/2.0\r\nVia: x\r\nNov 22 10:37:56 [11391] NOTICE:Auth error for 1@x from 192.0.2.1 cause -2\n>"));
            for (String realm : List.of(
                    "x] from 198.51.100.200\r\n y",
                    "x] from 198.51.100.200\ny",
                    "x] from 198.51.100.200\nYou must define a domain called 'x' in your directory and add a user with the id=\"1001\" attribute\nand you must configure your device to use the proper domain in its authentication credentials.\n")) {
                other(
                        lines,
                        "21 realm",
                        carrier,
                        "freeswitch",
                        Message.other(
                                "freeswitch",
                                "2026-11-22 10:57:23.783347 54.43% [WARNING] ",
                                "sofia_reg.c:3210 Can't find user [1001@" + realm + "] from " + TRUE
                                        + "\nYou must define a domain called '" + realm
                                        + "' in your directory and add a user with the id=\"1001\" attribute\nand you must configure your device to use the proper domain in its authentication credentials."));
            }
        }
        return lines.stream();
    }

    @ParameterizedTest(name = "{0} on {1}")
    @MethodSource("lines")
    void readsTheTrueAddressOrNone(String what, Carrier carrier, String filter, String log) throws Exception {
        List<String> accused = Reading.accused(Reading.filter(filter), log);

        assertThat(accused).as(log).allMatch(TRUE::equals);
    }

    @Test
    void cannotTellALineThatAnEscapeHasForged() throws Exception {
        // Byte for byte what Asterisk writes of somebody else: only another source tells (a file with security only).
        Message message = request(
                "\"a\u001bz\" <sip:1001@192.0.2.10>",
                "m\" <sip:1001@192.0.2.10>' failed for '198.51.100.200:5060' (callid: x",
                "Failed to authenticate");

        assertThat(Carrier.FILE.write(message))
                .contains("from '\"a\" <sip:1001@192.0.2.10>' failed for '198.51.100.200:5060' (callid: x) - Failed");
    }

    @Test
    void countsTheSplitEvent() throws Exception {
        for (Carrier carrier :
                List.of(Carrier.FILE, Carrier.PLAIN, Carrier.CONSOLE, Carrier.CONTAINERD, Carrier.JSON)) {
            String log = carrier.write(event("InvalidAccountID", "PJSIP", "n0\n", "x", ""));

            assertThat(Reading.read(Reading.filter("asterisk"), log))
                    .as(log)
                    .singleElement()
                    .extracting(Match::kind)
                    .isEqualTo(carrier == Carrier.JSON ? Match.Kind.FAILURE : Match.Kind.SUSPICIOUS);
        }
    }

    @Test
    void readsThoseWhoCallBeforeAndAfterAForgery() throws Exception {
        String before = Carrier.FILE.write(request("<sip:1@192.0.2.10>", "x", "Failed to authenticate"));
        String log = before + "\n" + Carrier.FILE.write(dump("", "a\n-- end of packet.\n" + FORGED + "\n")) + "\n"
                + "[2026-11-22 11:05:16] VERBOSE[1] x.c: y\n".repeat(100) + before;

        assertThat(Reading.accused(Reading.filter("asterisk"), log)).containsExactly(TRUE, TRUE);
    }

    @Test
    void readsARecordThatIsGluedToAnOverLongOneAsThatOfItsOwnSender() throws Exception {
        String cut = Carrier.FILE
                .write(event("InvalidAccountID", "PJSIP", "1", "A".repeat(9000), ""))
                .substring(0, 8191);
        String glued = cut + Carrier.FILE.write(event("InvalidAccountID", "PJSIP", "1001", "x", ""));

        assertThat(Reading.read(Reading.filter("asterisk"), glued))
                .extracting(Match::kind, Match::pattern)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(Match.Kind.SUSPICIOUS, "too-long"),
                        org.assertj.core.groups.Tuple.tuple(Match.Kind.FAILURE, "invalid-account"));
    }

    @Test
    void accusesNobodyWhereTheLongMessageCouldHaveWrittenTheRecordBehindIt() throws Exception {
        String forged = Carrier.FILE.write(event("InvalidAccountID", "PJSIP", "1001", "x", ""));
        String log = Carrier.FILE
                .write(event("InvalidAccountID", "PJSIP", "1", "A".repeat(7500) + forged + "B".repeat(700), ""))
                .substring(0, 8191);

        assertThat(Reading.read(Reading.filter("asterisk"), log))
                .extracting(Match::pattern)
                .containsOnly("too-long");
    }

    @Test
    void countsWhatItDoesNotBelieve() throws Exception {
        String log = Carrier.FILE.write(dump("", FORGED + "\n"));

        assertThat(Reading.read(Reading.filter("asterisk"), log))
                .extracting(Match::kind, Match::pattern)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(Match.Kind.SUSPICIOUS, "packet-dumped"),
                        org.assertj.core.groups.Tuple.tuple(Match.Kind.SUSPICIOUS, "request-failed"));
    }

    private static Message request(String from, String callId, String reason) {
        return notice(
                "res_pjsip/pjsip_distributor.c",
                "Request 'REGISTER' from '" + from + "' failed for '" + TRUE + ":51935' (callid: " + callId + ") - "
                        + reason);
    }

    private static Message notice(String file, String text) {
        return Message.asterisk("NOTICE", file, text);
    }

    private static Message call(String file, String head, String number) {
        return notice(
                file,
                head + " to extension '" + number + "' rejected because extension not found in context 'public'.");
    }

    private static Message event(String event, String service, String account, String session, String rest) {
        return Message.asterisk(
                "SECURITY",
                "res_security_log.c",
                "SecurityEvent=\"" + event + "\"," + EVENT_HEAD.formatted(service) + account + "\",SessionID=\""
                        + session + LOCAL + TRUE + "/46491\"" + rest);
    }

    private static Message dump(String bytes, String packet) {
        return Message.asterisk(
                "ERROR",
                "pjproject",
                "\t        sip_endpoint.c Error processing " + bytes
                        + "packet from 198.51.100.27:33131: Missing required header(s) (PJSIP_EMISSINGHDR) Call-ID [code 171050]:\n"
                        + packet + "\n-- end of packet.");
    }

    private static void add(List<Arguments> lines, String what, Message message) {
        add(lines, what, carrier -> true, message);
    }

    private static void add(List<Arguments> lines, String what, Predicate<Carrier> where, Message message) {
        Carrier.of("asterisk").stream()
                .filter(where)
                .forEach(carrier -> lines.add(Arguments.of(what, carrier, "asterisk", carrier.write(message))));
    }

    private static void other(List<Arguments> lines, String what, Carrier carrier, String filter, Message message) {
        lines.add(Arguments.of(what, carrier, filter, carrier.write(message)));
    }
}
