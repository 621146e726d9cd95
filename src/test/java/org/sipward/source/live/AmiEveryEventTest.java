package org.sipward.source.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every security event of Asterisk 12 to 23, with any of its optional fields: no event hides its neighbours. */
class AmiEveryEventTest {
    static Stream<Arguments> events() {
        String usual = "Module SessionTV";
        return Stream.of(
                Arguments.of("FailedACL", "", "Module ACLName SessionTV"),
                Arguments.of("InvalidAccountID", "", usual),
                Arguments.of("SessionLimit", "", usual),
                Arguments.of("MemoryLimit", "", usual),
                Arguments.of("LoadAverageLimit", "", usual),
                Arguments.of("RequestNotSupported", "RequestType", usual),
                Arguments.of("RequestNotAllowed", "RequestType", "Module SessionTV RequestParams"),
                Arguments.of("AuthMethodNotAllowed", "AuthMethod", usual),
                Arguments.of("RequestBadFormat", "RequestType", "Module SessionTV AccountID RequestParams"),
                Arguments.of("SuccessfulAuth", "UsingPassword", usual),
                Arguments.of("UnexpectedAddress", "ExpectedAddress", usual),
                Arguments.of("ChallengeResponseFailed", "Challenge Response ExpectedResponse", usual),
                Arguments.of("InvalidPassword", "", "Module SessionTV Challenge ReceivedChallenge ReceivedHash"),
                Arguments.of("ChallengeSent", "Challenge", usual),
                Arguments.of("InvalidTransport", "AttemptedTransport", usual));
    }

    @ParameterizedTest
    @MethodSource("events")
    void hidesNoEventAroundIt(String kind, String required, String optional) throws Exception {
        String[] options = optional.split(" ", -1);
        for (String service : List.of("AMI", "PJSIP", "SIP")) {
            for (int present = 0; present < 1 << options.length; present++) {
                List<String> own = new ArrayList<>(required.isEmpty() ? List.of() : List.of(required.split(" ", -1)));
                for (int i = 0; i < options.length; i++) {
                    if ((present & (1 << i)) != 0) {
                        own.add(options[i]);
                    }
                }
                // chan_sip never leaves these out.
                boolean lacks = (kind.equals("FailedACL") && !own.contains("ACLName"))
                        || (kind.equals("InvalidPassword") && present < 0b11100);
                if (service.equals("SIP") && lacks) {
                    continue;
                }
                List<String> lines = lines(
                        event("InvalidAccountID", "PJSIP", "203.0.113.8", List.of()),
                        event(kind, service, "203.0.113.7", own),
                        event("InvalidAccountID", "PJSIP", "203.0.113.9", List.of()));

                assertThat(lines)
                        .as(kind + " " + service + " " + own)
                        .filteredOn(line -> line.contains("\"InvalidAccountID\"") && line.contains("PJSIP"))
                        .anyMatch(line -> line.endsWith("/203.0.113.8/5060\""))
                        .anyMatch(line -> line.endsWith("/203.0.113.9/5060\""));
            }
        }
    }

    private static List<String> lines(String... events) throws IOException {
        AmiMessages messages = new AmiMessages();
        List<String> lines = new ArrayList<>();
        for (String event : events) {
            Block block = new Block();
            for (String line : event.split("\r\n", -1)) {
                block.endsWith(line);
            }
            messages.next(block).map(AmiEveryEventTest::text).ifPresent(lines::add);
        }
        messages.end().map(AmiEveryEventTest::text).ifPresent(lines::add);
        return lines;
    }

    private static String text(byte[] line) {
        return new String(line, StandardCharsets.ISO_8859_1);
    }

    private static String event(String kind, String service, String address, List<String> own) {
        StringBuilder event = new StringBuilder("Event: " + kind
                + "\r\nPrivilege: security,all\r\nEventTV: 2026-11-22T10:16:35.563+0000\r\nSeverity: Error\r\nService: "
                + service + "\r\nEventVersion: 1\r\n"
                + (kind.equals("RequestBadFormat") ? "" : "AccountID: 1001\r\n") + "SessionID: "
                + (service.equals("PJSIP") ? "call" : "0x7f6454038048")
                + "\r\nLocalAddress: IPV4/TCP/192.0.2.10/5060\r\nRemoteAddress: IPV4/TCP/" + address + "/5060\r\n");
        own.forEach(field -> event.append(field).append(": 1f\r\n"));
        return event.toString();
    }
}
