package org.sipward.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sipward.filter.Carrier.Message;

/**
 * Every security event that Asterisk 10 to 23 knows, as each of its parts raises it: required fields first, then any of the
 * optional ones, in Asterisk's order. None hides the failures around it.
 */
class EveryEventTest {
    private static final String OTHER = "203.0.113.8";
    private static final String CALLER = "203.0.113.7";
    private static final String NEXT = "203.0.113.9";
    private static final String POINTER = "0x7f6454041af8";

    /** Fields behind RemoteAddress; those of the second list may be missing. */
    private static final Map<String, List<List<String>>> OWN = own();

    private static final List<String> PJSIP = List.of(
            "InvalidAccountID",
            "FailedACL",
            "ChallengeResponseFailed",
            "SuccessfulAuth",
            "ChallengeSent",
            "RequestNotSupported",
            "MemoryLimit");
    private static final List<String> SIP = List.of(
            "InvalidAccountID",
            "FailedACL",
            "InvalidPassword",
            "SuccessfulAuth",
            "SessionLimit",
            "ChallengeResponseFailed",
            "ChallengeSent",
            "InvalidTransport");
    /** Of these each service may raise what accuses the caller; other failures are of the server's, or of no interest. */
    private static final Set<String> ACCUSING =
            Set.of("InvalidAccountID", "InvalidPassword", "ChallengeResponseFailed", "FailedACL");

    private static Filter filter;

    @BeforeAll
    static void compile() throws Exception {
        filter = Reading.filter("asterisk");
    }

    static Stream<Event> events() {
        List<Event> events = new ArrayList<>();
        OWN.forEach((kind, fields) -> {
            for (String service : List.of("PJSIP", "SIP", "AMI")) {
                boolean raised = service.equals("AMI") || (service.equals("SIP") ? SIP : PJSIP).contains(kind);
                for (int present = 0; raised && present < 1 << fields.get(1).size(); present++) {
                    List<String> own = new ArrayList<>(fields.get(0));
                    for (int i = 0; i < fields.get(1).size(); i++) {
                        if ((present & (1 << i)) != 0) {
                            own.add(fields.get(1).get(i));
                        }
                    }
                    // chan_sip never leaves out the name of the list.
                    if (!service.equals("SIP") || !kind.equals("FailedACL") || own.contains("ACLName")) {
                        events.add(new Event(kind, service, own));
                    }
                }
            }
        });
        return events.stream();
    }

    @ParameterizedTest
    @MethodSource("events")
    void hidesNoFailureAroundItAndAccusesNobodyElse(Event event) throws Exception {
        // Asterisk 11 has no PJSIP.
        String iso = "2026-11-22T11:05:15.631+0000";
        for (String time : event.service().equals("PJSIP") ? List.of(iso) : List.of(iso, "1368439853-500975")) {
            String text = event.text(time);
            for (Carrier carrier : List.of(Carrier.FILE, Carrier.JSON, Carrier.CONTAINERD, Carrier.RFC3164)) {
                String alone = carrier.write(Message.asterisk("SECURITY", "res_security_log.c", text));
                List<String> accused = Reading.accused(filter, alone);

                assertThat(accused).as(alone).allMatch(CALLER::equals).hasSizeLessThan(2);
                assertThat(accused).as(alone).hasSize(event.accuses() ? accused.size() : 0);
                if (event.isUsual() && event.accuses()) {
                    assertThat(accused).as(alone).containsExactly(CALLER);
                }
                for (Message failure : failures(OTHER)) {
                    for (Message next : failures(NEXT)) {
                        String log = carrier.write(failure) + "\n" + alone + "\n" + carrier.write(next);

                        assertThat(Reading.accused(filter, log))
                                .as(log)
                                .filteredOn(address -> !address.equals(CALLER))
                                .containsExactly(OTHER, NEXT);
                    }
                }
            }
        }
    }

    private static List<Message> failures(String address) {
        String hash = ",Challenge=\"1f\",ReceivedChallenge=\"1f\",ReceivedHash=\"00\"";
        String end = ",SessionTV=\"1970-01-01T00:00:00.000+0000\"";
        return List.of(
                SecurityEvents.message("InvalidAccountID", "PJSIP", "1001", "call", "UDP", address, ""),
                SecurityEvents.message("InvalidPassword", "SIP", "1001", POINTER, "UDP", address, hash),
                SecurityEvents.message("InvalidPassword", "AMI", "admin", POINTER, "TCP", address, end));
    }

    private static Map<String, List<List<String>>> own() {
        List<String> usual = List.of("Module", "SessionTV");
        Map<String, List<List<String>>> own = new LinkedHashMap<>();
        own.put("FailedACL", List.of(List.of(), List.of("Module", "ACLName", "SessionTV")));
        own.put("InvalidAccountID", List.of(List.of(), usual));
        own.put("SessionLimit", List.of(List.of(), usual));
        own.put("MemoryLimit", List.of(List.of(), usual));
        own.put("LoadAverageLimit", List.of(List.of(), usual));
        own.put("RequestNotSupported", List.of(List.of("RequestType"), usual));
        own.put("RequestNotAllowed", List.of(List.of("RequestType"), List.of("Module", "SessionTV", "RequestParams")));
        own.put("AuthMethodNotAllowed", List.of(List.of("AuthMethod"), usual));
        own.put(
                "RequestBadFormat",
                List.of(List.of("RequestType"), List.of("Module", "SessionTV", "AccountID", "RequestParams")));
        own.put("SuccessfulAuth", List.of(List.of("UsingPassword"), usual));
        own.put("UnexpectedAddress", List.of(List.of("ExpectedAddress"), usual));
        own.put("ChallengeResponseFailed", List.of(List.of("Challenge", "Response", "ExpectedResponse"), usual));
        // Version 10 requires the last three, and so writes them first.
        own.put(
                "InvalidPassword",
                List.of(List.of(), List.of("Module", "SessionTV", "Challenge", "ReceivedChallenge", "ReceivedHash")));
        own.put("ChallengeSent", List.of(List.of("Challenge"), usual));
        own.put("InvalidTransport", List.of(List.of("AttemptedTransport"), usual));
        return own;
    }

    /** An event of one service. */
    private record Event(String kind, String service, List<String> own) {
        boolean accuses() {
            return ACCUSING.contains(kind);
        }

        /** Returns whether the service raises it with just these fields. */
        boolean isUsual() {
            List<String> usual =
                    new ArrayList<>(Objects.requireNonNull(OWN.get(kind)).get(0));
            if (service.equals("AMI")) {
                usual.add("SessionTV");
            } else if (kind.equals("FailedACL")) {
                usual.add("ACLName");
            } else if (kind.equals("InvalidPassword")) {
                usual.addAll(List.of("Challenge", "ReceivedChallenge", "ReceivedHash"));
            }
            return own.equals(usual);
        }

        String text(String time) {
            String transport = service.equals("AMI") ? "TCP" : "UDP";
            String account = kind.equals("RequestBadFormat") ? "" : ",AccountID=\"1001\"";
            String severity = kind.equals("SuccessfulAuth") || kind.equals("ChallengeSent") ? "Informational" : "Error";
            StringBuilder text = new StringBuilder("SecurityEvent=\"" + kind + "\",EventTV=\"" + time
                    + "\",Severity=\"" + severity + "\",Service=\"" + service + "\",EventVersion=\"1\"" + account
                    + ",SessionID=\"" + (service.equals("PJSIP") ? "call" : POINTER) + "\",LocalAddress=\"IPV4/"
                    + transport + "/192.0.2.10/5060\",RemoteAddress=\"IPV4/" + transport + "/" + CALLER + "/5060\"");
            own.forEach(field -> text.append(',')
                    .append(field)
                    .append("=\"")
                    .append(value(field))
                    .append('"'));
            return text.toString();
        }

        private static String value(String field) {
            return switch (field) {
                case "ACLName" -> "device_must_match_acl";
                case "SessionTV" -> "1970-01-01T00:00:00.000+0000";
                case "RequestType" -> "Action: NONE";
                case "AttemptedTransport" -> "TCP";
                case "ExpectedAddress" -> "IPV4/UDP/198.51.100.9/5060";
                case "UsingPassword" -> "1";
                default -> "1f";
            };
        }
    }
}
