package org.sipward.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.sipward.filter.Carrier.Message;
import org.sipward.filter.Template.Field;

/** Asterisk's security events, and what a caller writes into each. */
final class SecurityEvents {
    /** The room for the number, as it is sent, in a To header or a request's URI of chan_sip. */
    static final int MAX_NUMBER = 251;

    private static final String PJSIP_CHALLENGE = ",Challenge=\"1/2\",Response=\"";

    private SecurityEvents() {}

    static List<Template> all() {
        List<Template> all = new ArrayList<>();
        Field account = Field.any(36);
        Field callId = Field.header(500);
        Field response = Field.header(300).quoted(text -> text.replace("\\", "").replace("\"", "\\\""));
        all.add(event("InvalidAccountID", "PJSIP", account, callId, List.of()));
        all.add(event("SuccessfulAuth", "PJSIP", "1001", callId, List.of(",UsingPassword=\"1\"")));
        all.add(event("FailedACL", "PJSIP", "1001", callId, List.of(",ACLName=\"not_match_acl\"")));
        all.add(event(
                "ChallengeResponseFailed",
                "PJSIP",
                "1001",
                callId,
                List.of(PJSIP_CHALLENGE, response, "\",ExpectedResponse=\"\"")));

        Field number = Field.any(MAX_NUMBER).quoted(SecurityEvents::cut);
        // chan_sip ends an answer at the next quote, or where it begins with none, at the next comma.
        Field answer = Field.header(300)
                .quoted(text -> text.startsWith("\"") ? text.replace("\"", "") : text.replace(",", ""));
        Object pointer = "0x7f6454041af8";
        all.add(event("InvalidAccountID", "SIP", number, pointer, List.of()));
        all.add(event("SessionLimit", "SIP", number, pointer, List.of()));
        all.add(event("ChallengeSent", "SIP", number, pointer, List.of(",Challenge=\"1f2e3d4c\"")));
        all.add(event("SuccessfulAuth", "SIP", number, pointer, List.of(",UsingPassword=\"1\"")));
        all.add(event("FailedACL", "SIP", number, pointer, List.of(",ACLName=\"device_must_match_acl\"")));
        all.add(event("FailedACL", "SIP", number, pointer, List.of(",ACLName=\"no_extension_match\"")));
        all.add(event(
                "InvalidPassword",
                "SIP",
                number,
                pointer,
                List.of(",Challenge=\"1f\",ReceivedChallenge=\"", answer, "\",ReceivedHash=\"", answer, "\"")));
        all.add(event(
                "ChallengeResponseFailed",
                "SIP",
                number,
                pointer,
                List.of(",Challenge=\"1f\",Response=\"", answer, "\",ExpectedResponse=\"1001\"")));

        // Over TCP a name and an answer are lines; over HTTP they hold all, and as much as one likes.
        String end = ",SessionTV=\"1970-01-01T00:00:00.000+0000\"";
        Field line = Field.line(500);
        all.add(event("InvalidAccountID", "AMI", Field.any(500), pointer, List.of(end)));
        all.add(event("InvalidPassword", "AMI", line, pointer, List.of(end)));
        all.add(event(
                "ChallengeResponseFailed",
                "AMI",
                line,
                pointer,
                List.of(",Challenge=\"1\",Response=\"", line, "\",ExpectedResponse=\"x\"" + end)));
        return all;
    }

    /** Returns as much of a number as can be sent: what ends it in a URI is sent as %xx. */
    private static String cut(String number) {
        int end = 0;
        for (int coded = 0; end < number.length() && coded + cost(number.charAt(end)) <= MAX_NUMBER; end++) {
            coded += cost(number.charAt(end));
        }
        return number.substring(0, end);
    }

    private static int cost(char c) {
        return "\n\r\0:;@%".indexOf(c) >= 0 ? 3 : 1;
    }

    /** Returns how many bytes a number has as it is sent. */
    static int coded(String number) {
        return number.chars().map(c -> cost((char) c)).sum();
    }

    /** Returns whether the text is one of a login that succeeded. */
    static boolean praises(String text) {
        return text.startsWith("SecurityEvent=\"SuccessfulAuth\"");
    }

    /** Returns an event's text up to the account's name. */
    static String head(String kind, String service) {
        String severity = kind.equals("SuccessfulAuth") || kind.equals("ChallengeSent") ? "Informational" : "Error";
        return "SecurityEvent=\"" + kind + "\",EventTV=\"2026-11-22T11:05:15.631+0000\",Severity=\"" + severity
                + "\",Service=\"" + service + "\",EventVersion=\"1\",AccountID=\"";
    }

    /** Returns an event of a registrar at 192.0.2.10. */
    static Message message(
            String kind, String service, String account, String session, String transport, String address, String own) {
        return Message.asterisk(
                "SECURITY",
                "res_security_log.c",
                head(kind, service) + account + "\",SessionID=\"" + session
                        + "\",LocalAddress=\"IPV4/" + transport + "/192.0.2.10/5060\",RemoteAddress=\"IPV4/" + transport
                        + "/" + address + "/5060\"" + own);
    }

    private static Template event(String kind, String service, Object account, Object session, List<Object> own) {
        String transport = service.equals("AMI") ? "TCP" : "UDP";
        Stream<Object> parts = Stream.concat(
                Stream.of(
                        head(kind, service),
                        account,
                        "\",SessionID=\"",
                        session,
                        "\",LocalAddress=\"IPV4/" + transport + "/192.0.2.10/5060\",RemoteAddress=\"IPV4/" + transport
                                + "/",
                        Template.ADDRESS,
                        "/5060\""),
                own.stream());
        boolean accuses = List.of("InvalidAccountID", "InvalidPassword", "ChallengeResponseFailed")
                .contains(kind);
        return new Template("asterisk", "SECURITY", "res_security_log.c", "", parts.toList(), accuses);
    }
}
