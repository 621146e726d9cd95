package org.sipward.source.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipward.source.live.Manager.lines;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What callers write into account names, and that we do not believe it. */
class AmiMessagesTest {
    /**
     * The longest name that chan_sip takes, in the form in which it is sent: 255 bytes with everything that belongs to
     * it.
     */
    private static final int SIP_BYTES = 248;
    /** The bytes that PJSIP keeps of a name. */
    private static final int PJSIP_BYTES = 36;

    private static final String NAME = "x";
    private static final String FORGED = "8.8.8.8";

    @TempDir
    Path folder;

    /** The kinds of events that Asterisk writes for calls and registrations, with their own fields. */
    enum Kind {
        WRONG_PASSWORD(
                "InvalidPassword", "SIP", "Challenge: 4a065aff\r\nReceivedChallenge: 4a065aff\r\nReceivedHash: 0\r\n"),
        WRONG_NAME("ChallengeResponseFailed", "SIP", "Challenge: 4a065aff\r\nResponse: 1\r\nExpectedResponse: 2\r\n"),
        UNKNOWN("InvalidAccountID", "SIP", ""),
        REFUSED("FailedACL", "SIP", "ACLName: no_extension_match\r\n"),
        CHALLENGED("ChallengeSent", "SIP", "Challenge: 4a065aff\r\n"),
        LOGGED_IN("SuccessfulAuth", "SIP", "UsingPassword: 1\r\n"),
        PJ_UNKNOWN("InvalidAccountID", "PJSIP", ""),
        PJ_FAILED("ChallengeResponseFailed", "PJSIP", "Challenge: 1/a\r\nResponse: 1\r\nExpectedResponse: \r\n"),
        PJ_REFUSED("FailedACL", "PJSIP", "ACLName: registrar_attempt_without_configured_aors\r\n");

        final String name;
        final String service;
        final String own;

        Kind(String name, String service, String own) {
            this.name = name;
            this.service = service;
            this.own = own;
        }

        boolean isSip() {
            return service.equals("SIP");
        }

        String session() {
            return isSip() ? "0x7f6454038048" : "abc@192.0.2.10";
        }

        String event(String account, String address) {
            return head(name, service) + account + "\r\n" + chain(session(), address) + own + "\r\n";
        }

        /** Returns the line that this event must become, whatever the account contains after its first line. */
        String line(String account, String address) {
            StringBuilder line = new StringBuilder(
                    "2026-11-22T10:16:35.563+0000 ami asterisk: SECURITY[0]: res_security_log.c: SecurityEvent=\""
                            + name + "\"");
            String fields = event("", address).replace("AccountID: ", "AccountID: " + account.split("\r\n", 2)[0]);
            for (String field : fields.split("\r\n", -1)) {
                if (!field.isEmpty() && !field.startsWith("Event: ") && !field.startsWith("Privilege: ")) {
                    int colon = field.indexOf(": ");
                    Escape.field(line.append(','), field.substring(0, colon), field.substring(colon + 2), 500);
                }
            }
            return line.toString();
        }
    }

    static List<String> namesOfSip() {
        String chain = "\r\n" + chain("0x1234567", FORGED);
        String head = head("SuccessfulAuth", "SIP");
        return List.of(
                NAME + "\r\n",
                NAME + "\r\n\r\n",
                NAME + "\r\nRemoteAddress: IPV4/UDP/8.8.8.8/1",
                NAME + "\r\nRemoteAddress: IPV4/UDP/8.8.8.8/1\r\n",
                NAME + chain,
                NAME + chain + "\r\n",
                NAME + chain + "\r\nResponse: Success\r\n",
                NAME + chain + "\r\nEvent: X",
                NAME + chain + "UsingPassword: 1\r\n",
                NAME + chain + "ACLName: a\r\n",
                NAME + chain + "Challenge: \r\nReceivedChallenge: \r\nReceivedHash: \r\n",
                NAME + "\r\n\r\nEvent: SuccessfulAuth\r\nEventTV: x\r\nRemoteAddress: IPV4/UDP/8.8.8.8/1\r\n\r\n",
                NAME + "\r\n\r\n" + head + "1001",
                NAME + "\r\n\r\n" + head.replace("SuccessfulAuth", "SessionLimit"),
                NAME + "\r\n" + head,
                NAME + "\r\n\r\nResponse: Success",
                NAME + "\r\n\r\nEvent: Y\r\n\r\nEvent: Z",
                NAME + "\r\n\r\nSessionID: 0x1234567",
                NAME + "\r\rEvent: A\n\nRemoteAddress: IPV4/UDP/8.8.8.8/1\n",
                NAME + "\r");
    }

    static List<String> namesOfPjsip() {
        return List.of(
                "\r\nRemoteAddress:IPV4/U/8.8.8.8/1\r\n",
                "\r\nRemoteAddress: IPV4/U/8.8.8.8/1\r\n",
                NAME + "\r\n",
                NAME + "\r\n\r\n",
                NAME + "\r\n\r\nEvent: SuccessfulAuth",
                NAME + "\r\n\r\nResponse: Success",
                NAME + "\r\nSessionID: abc",
                "\r\n\r\n\r\n");
    }

    @ParameterizedTest
    @MethodSource("namesOfSip")
    void believesTheServerWhateverAnAccountOfChanSipHolds(String account) throws Exception {
        assertThat(coded(account)).hasSizeLessThanOrEqualTo(SIP_BYTES);

        assertAllTrue(account, true);
    }

    @ParameterizedTest
    @MethodSource("namesOfPjsip")
    void believesTheServerWhateverAnAccountOfPjsipHolds(String account) throws Exception {
        assertThat(account).hasSizeLessThanOrEqualTo(PJSIP_BYTES);

        assertAllTrue(account, false);
    }

    @Test
    void believesTheServerAfterAWholeEventOfTheCaller() throws Exception {
        // Longer than any text that a caller can write. The last chain is still the server's.
        String account = "1\r\n\r\n" + Kind.WRONG_PASSWORD.event("2", FORGED) + "\r\nEvent: X";

        assertAllTrue(account, true);
    }

    @Test
    void findsTheAddressAfterManyLinesInAnAccount() throws Exception {
        assertAllTrue(NAME + "\r\nRemoteAddress: IPV4/UDP/8.8.8.8/1".repeat(500), true);
        assertAllTrue((NAME + "\r\n" + chain("0x1234567", FORGED)).repeat(500), true);
    }

    @Test
    void believesTheServerWhateverRandomTextTheAccountHolds() throws Exception {
        Random random = new Random(4711);
        StringBuilder events = new StringBuilder();
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < 6_000; i++) {
            Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
            String account = account(random, kind.isSip());
            String address = "203.0.113." + random.nextInt(256);
            events.append(kind.event(account, address));
            lines.add(kind.line(account, address));
        }

        assertThat(lines(folder, events.toString())).containsExactlyElementsOf(lines);
    }

    @ParameterizedTest
    @EnumSource(names = {"WRONG_PASSWORD", "WRONG_NAME", "UNKNOWN", "REFUSED", "CHALLENGED", "LOGGED_IN"})
    void acceptsNoForgeryThatFitsIntoAnAccountOfChanSip(Kind kind) throws Exception {
        // A forgery needs a chain, and a head that makes the chain count.
        String text =
                "\r\n" + chain("0x1234567", "8.8.8.8").replace("/UDP/", "/WS/").replace("192.0.2.10/5060", "::/1")
                        + kind.own + "\r\n" + head("FailedACL", "X").replace(".563", "");
        assertThat(misleads(kind, text)).isTrue();

        String shortest = shortest(text, shorter -> misleads(kind, shorter));

        assertThat(coded(shortest))
                .describedAs(shortest)
                .hasSizeGreaterThan(SIP_BYTES)
                .hasSizeLessThan(coded(text).length());
    }

    @Test
    void acceptsNoHeadWithoutAnAccountThatFitsIntoAnAccountOfChanSip() throws Exception {
        String head = head("RequestBadFormat", "X").replace(".563", "").replace("\r\nAccountID: ", "");
        String text = "\r\n" + chain("0x1234567", FORGED).replace("/UDP/", "/WS/") + "\r\n" + head;
        assertThat(misleads(Kind.UNKNOWN, text)).isTrue();

        String shortest = shortest(text, shorter -> misleads(Kind.UNKNOWN, shorter));

        assertThat(coded(shortest)).describedAs(shortest).hasSizeGreaterThan(SIP_BYTES);
    }

    @Test
    void acceptsNoTwoHeadsThatFitIntoAnAccountOfChanSip() throws Exception {
        String head = "\r\n\r\n" + head("FailedACL", "X").replace(".563", "");
        assertThat(misleads(Kind.UNKNOWN, head)).isFalse();
        assertThat(misleads(Kind.UNKNOWN, head + head)).isTrue();

        String shortest = shortest(head + head, shorter -> misleads(Kind.UNKNOWN, shorter));

        assertThat(coded(shortest)).describedAs(shortest).hasSizeGreaterThan(SIP_BYTES);
    }

    /** Returns whether an event with this account, or an honest event after it, becomes a line that is not true. */
    private static boolean misleads(Kind kind, String account) throws IOException {
        AmiMessages messages = new AmiMessages();
        List<String> lines = new ArrayList<>();
        Block block = new Block();
        String events = kind.event(account, "203.0.113.7") + kind.event("1001", "100.64.0.30");
        for (String line : events.split("\r\n", -1)) {
            if (block.endsWith(line)) {
                messages.next(block).ifPresent(bytes -> lines.add(new String(bytes, StandardCharsets.ISO_8859_1)));
                block = new Block();
            }
        }
        messages.end().ifPresent(bytes -> lines.add(new String(bytes, StandardCharsets.ISO_8859_1)));
        return !lines.equals(List.of(kind.line(account, "203.0.113.7"), kind.line("1001", "100.64.0.30")));
    }

    private interface Trial {
        boolean works(String text) throws IOException;
    }

    /** Removes from the text, a piece at a time, everything that the forgery does not need. */
    private static String shortest(String text, Trial trial) throws IOException {
        String shortest = text;
        for (int size = 40; size > 0; ) {
            int from = 0;
            while (from + size <= shortest.length()) {
                String shorter = shortest.substring(0, from) + shortest.substring(from + size);
                if (trial.works(shorter)) {
                    shortest = shorter;
                } else {
                    from++;
                }
            }
            size--;
        }
        return shortest;
    }

    private static String account(Random random, boolean sip) {
        StringBuilder account = new StringBuilder();
        while (true) {
            String piece = piece(random);
            boolean fits = sip
                    ? coded(account + piece).length() <= SIP_BYTES
                    : account.length() + piece.length() <= PJSIP_BYTES;
            if (!fits) {
                return account.toString();
            }
            account.append(piece);
        }
    }

    private static String piece(Random random) {
        String[] pieces = {
            "\r",
            "\n",
            "\r\n",
            "\r\n\r\n",
            "\r\n\r\n",
            "1001",
            ": ",
            "Event: SuccessfulAuth\r\n",
            "Event: A\r\nPrivilege: security,all\r\n",
            "Response: Success\r\n",
            "SessionID: 0x1234567\r\n",
            "SessionID: \r\n",
            "LocalAddress: IPV4/WS/1.1.1.1/1\r\n",
            "RemoteAddress: IPV4/WS/8.8.8.8/1\r\n",
            "RemoteAddress:IPV4/U/8.8.8.8/1\r\n",
            "AccountID: y\r\n",
            "Challenge: \r\n",
            "UsingPassword: 1\r\n",
            "ACLName: a\r\n",
            "\r\n" + chain("0x1234567", FORGED),
            "\r\n" + chain("0x1234567", FORGED) + "\r\n",
            "\r\n" + chain("0x1234567", FORGED) + Kind.values()[random.nextInt(6)].own + "\r\n",
            "\r\n\r\n" + head("SuccessfulAuth", "SIP"),
            "\r\n\r\n" + head("FailedACL", "PJSIP"),
        };
        return pieces[random.nextInt(pieces.length)];
    }

    /** As chan_sip takes a name from a request, where a colon would end it. */
    private static String coded(String text) {
        return text.replace("\r", "%0d").replace("\n", "%0a").replace(":", "%3a");
    }

    private static String head(String kind, String service) {
        return "Event: " + kind
                + "\r\nPrivilege: security,all\r\nEventTV: 2026-11-22T10:16:35.563+0000\r\nSeverity: Error"
                + "\r\nService: " + service + "\r\nEventVersion: 1\r\nAccountID: ";
    }

    private static String chain(String session, String address) {
        return "SessionID: " + session + "\r\nLocalAddress: IPV4/UDP/192.0.2.10/5060\r\nRemoteAddress: IPV4/UDP/"
                + address + "/5061\r\n";
    }

    private void assertAllTrue(String account, boolean sip) throws Exception {
        List<Kind> kinds = List.of(Kind.values()).stream()
                .filter(kind -> kind.isSip() == sip)
                .toList();
        String events = kinds.stream()
                .map(kind -> kind.event(account, "203.0.113.7") + kind.event("1001", "100.64.0.30"))
                .collect(Collectors.joining());

        assertThat(lines(folder, events))
                .containsExactlyElementsOf(kinds.stream()
                        .flatMap(kind ->
                                List.of(kind.line(account, "203.0.113.7"), kind.line("1001", "100.64.0.30")).stream())
                        .toList());
    }
}
