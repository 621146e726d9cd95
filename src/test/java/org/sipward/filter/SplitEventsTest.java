package org.sipward.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.sipward.filter.Carrier.Message;

/**
 * The number that a caller registers with chan_sip appears in events of every kind, and may have line breaks. Lines that
 * the caller writes with them accuse no other address, and count as no login. The caller wants 192.0.2.1 banned.
 */
class SplitEventsTest {
    private static final String TRUE = "203.0.113.7";
    private static final String BAIT = "192.0.2.1";
    private static final String RECORD = "[2026-11-22 11:05:15] SECURITY[1] res_security_log.c: ";
    private static final String HASH = ",Challenge=\"1f\",ReceivedChallenge=\"1f\",ReceivedHash=\"00\"";
    /** The longest forged event that fits into one packet; it lacks the commas and colons of a true one. */
    private static final String LAX = "a=\"\",a=\"\",a=\"\",a=\"\",AccountID=\"1\",SessionID=\"oteAddress=\"IPV4/UDP/";

    static Stream<Arguments> forged() {
        List<Arguments> all = new ArrayList<>();
        String password = RECORD + "SecurityEvent=\"InvalidPassword\"," + LAX + BAIT + "/1\"";
        String success = RECORD + "SecurityEvent=\"SuccessfulAuth\"," + LAX + TRUE + "/1\",UsingPassword=\"1\"";
        String manager = "[2026-11-22 11:05:15] NOTICE[1] manager.c: " + BAIT + " failed to authenticate as 'x'";
        String tail = "1" + tail(BAIT);
        for (String number : List.of(
                "x\n" + password + "\n",
                "x\n" + success + "\n",
                "x\n" + manager + "\n",
                "x\n" + manager,
                "1\",SessionID=\"oteAddress=\"IPV4/UDP/" + BAIT + "/1\"\n",
                "1\",SessionID=\"oteAddress=\"IPV4/UDP/" + TRUE + "/1\",UsingPassword=\"1\"\n",
                tail + "\n",
                tail + HASH + "\n",
                tail + ",UsingPassword=\"1\"\n",
                tail + ",ACLName=\"domain_must_match\"\n",
                tail + "\n" + manager,
                tail + "\n" + manager + "\n",
                tail + "\n\u001b",
                tail + HASH + "\n[x\u001b",
                tail + ",ACLName=\"domain_must_match\"\n[2026-11-22 11:05:15] \u001b")) {
            assertThat(SecurityEvents.coded(number)).isLessThanOrEqualTo(SecurityEvents.MAX_NUMBER);
            for (Carrier carrier : Carrier.of("asterisk")) {
                add(all, carrier, "ChallengeSent", number, ",Challenge=\"1f2e3d4c\"");
                add(all, carrier, "InvalidPassword", number, HASH);
                add(all, carrier, "InvalidAccountID", number, "");
                add(all, carrier, "FailedACL", number, ",ACLName=\"device_must_match_acl\"");
                add(all, carrier, "SessionLimit", number, "");
            }
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{0} on {1}")
    @MethodSource("forged")
    void neitherAccusesNorPraisesAnother(String kind, Carrier carrier, String log) throws Exception {
        List<Match> matches = Reading.read(Reading.filter("asterisk"), log);

        assertThat(Reading.accused(Reading.filter("asterisk"), log)).as(log).allMatch(TRUE::equals);
        assertThat(matches).as(log).noneMatch(match -> match.kind() == Match.Kind.SUCCESS);
    }

    @Test
    void accusesNobodyByTheAnswerToAChallenge() throws Exception {
        // chan_sip takes an answer without quotes up to the next comma.
        String answer = "oteAddress=\"IPV4/UDP/" + BAIT + "/1";
        String log = Carrier.FILE.write(event(
                "InvalidPassword",
                "1001",
                TRUE,
                ",Challenge=\"1f\",ReceivedChallenge=\"" + answer + "\",ReceivedHash=\"00\""));

        assertThat(Reading.accused(Reading.filter("asterisk"), log)).containsExactly(TRUE);
    }

    @Test
    void countsWhatALineBreakWasToHide() throws Exception {
        for (Carrier carrier : Carrier.of("asterisk")) {
            String log = carrier.write(event("InvalidPassword", "1001\n", TRUE, HASH));

            assertThat(Reading.read(Reading.filter("asterisk"), log))
                    .as(log)
                    .singleElement()
                    .extracting(Match::kind)
                    .isEqualTo(log.contains("\n") ? Match.Kind.SUSPICIOUS : Match.Kind.FAILURE);
        }
    }

    @Test
    void doesNotLoseTheEventsBeforeThoseOfOtherChannels() throws Exception {
        List<Message> messages = List.of(
                event("InvalidPassword", "1001", TRUE, HASH),
                event("ChallengeSent", "1002", "203.0.113.8", ",Challenge=\"1f\""),
                event("FailedACL", "1003", "203.0.113.9", ",ACLName=\"device_must_match_acl\""),
                event("FailedACL", "1003", "203.0.113.9", ",ACLName=\"no_extension_match\""),
                SecurityEvents.message(
                        "ChallengeSent", "PJSIP", "1001", "c", "UDP", "203.0.113.10", ",Challenge=\"1f\""),
                SecurityEvents.message("InvalidAccountID", "PJSIP", "1001", "c", "UDP", "203.0.113.11", ""),
                SecurityEvents.message(
                        "SuccessfulAuth", "AMI", "admin", "0x7f6454041af8", "TCP", "203.0.113.12", SESSION_TV),
                SecurityEvents.message(
                        "InvalidPassword", "AMI", "admin", "0x7f6454041af8", "TCP", "203.0.113.13", SESSION_TV),
                event("InvalidAccountID", "1004", "203.0.113.14", ""));
        for (Carrier carrier : Carrier.of("asterisk")) {
            StringBuilder log = new StringBuilder();
            messages.forEach(message -> log.append(carrier.write(message)).append('\n'));

            assertThat(Reading.accused(Reading.filter("asterisk"), log.toString()))
                    .as(log.toString())
                    .containsExactlyInAnyOrder(TRUE, "203.0.113.9", "203.0.113.11", "203.0.113.13", "203.0.113.14");
        }
    }

    @Test
    void isSafeOnlyBecauseNumbersAreShort() throws Exception {
        // The shortest end of an event, and the shortest beginning of another, which the true end completes.
        String head = SecurityEvents.head("SessionLimit", "SIP").replaceFirst("20[0-9T:.-]+\\+0000", "1795345568-12");
        String number =
                "\",SessionID=\"0x1234567\",LocalAddress=\"IPV4/WS/1.1.1.1/111\",RemoteAddress=\"IPV4/WS/8.8.8.8/11\""
                        + "\n[1795345568] SECURITY[1] res_security_log.c: " + head;
        String log = Carrier.FILE.write(event("InvalidAccountID", number, TRUE, ""));

        assertThat(Reading.accused(Reading.filter("asterisk"), log)).containsExactly("8.8.8.8");
        assertThat(SecurityEvents.coded(number)).isGreaterThan(SecurityEvents.MAX_NUMBER);
        // A byte less anywhere, and it is seen.
        for (int i = 0; i < number.length(); i++) {
            String shorter = new StringBuilder(number).deleteCharAt(i).toString();
            String seen = Carrier.FILE.write(event("InvalidAccountID", shorter, TRUE, ""));
            if (SecurityEvents.coded(shorter) <= SecurityEvents.MAX_NUMBER) {
                assertThat(Reading.accused(Reading.filter("asterisk"), seen))
                        .as(seen)
                        .allMatch(TRUE::equals);
            }
        }
    }

    private static final String SESSION_TV = ",SessionTV=\"1970-01-01T00:00:00.000+0000\"";

    private static String tail(String address) {
        return "\",SessionID=\"0x7f6454041af8\",LocalAddress=\"IPV4/UDP/192.0.2.10/5060\",RemoteAddress=\"IPV4/UDP/"
                + address + "/5060\"";
    }

    private static void add(List<Arguments> all, Carrier carrier, String kind, String number, String own) {
        all.add(Arguments.of(kind, carrier, carrier.write(event(kind, number, TRUE, own))));
    }

    private static Message event(String kind, String number, String address, String own) {
        return SecurityEvents.message(kind, "SIP", number, "0x7f6454041af8", "UDP", address, own);
    }
}
