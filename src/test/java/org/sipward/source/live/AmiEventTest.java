package org.sipward.source.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipward.source.live.Manager.EVENT;
import static org.sipward.source.live.Manager.LINE;
import static org.sipward.source.live.Manager.accept;
import static org.sipward.source.live.Manager.lines;
import static org.sipward.source.live.Manager.session;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which line an event becomes, and when it is known to have ended. */
class AmiEventTest {
    private static final Duration PAUSE = Duration.ofMillis(150);

    @TempDir
    Path folder;

    @Test
    void keepsACallersTextWithinItsField() throws Exception {
        String hostile = "x\",RemoteAddress=\"IPV4/UDP/192.0.2.1/5060\n\u001b[31m\u00e9";

        assertThat(lines(folder, EVENT.replace("abc@192.0.2.10", hostile)))
                .containsExactly(LINE.replace(
                        "abc@192.0.2.10", "x%22,RemoteAddress=%22IPV4/UDP/192.0.2.1/5060%0A%1B[31m\u00e9"));
    }

    @Test
    void writesAKindsOwnFieldsInTheirOriginalOrder() throws Exception {
        String event = EVENT.replace("InvalidAccountID", "ChallengeResponseFailed")
                .replace(
                        "/5061\r\n",
                        "/5061\r\nChallenge: c\r\nResponse: r\"\r\nExpectedResponse: \r\nSessionTV: t\r\n");

        assertThat(lines(folder, event))
                .containsExactly(LINE.replace("InvalidAccountID", "ChallengeResponseFailed")
                        + ",Challenge=\"c\",Response=\"r%22\",ExpectedResponse=\"\",SessionTV=\"t\"");
    }

    @Test
    void skipsTheFieldsThatTheServerWritesBeforeTheTime() throws Exception {
        String more =
                "Timestamp: 1795342595.563000\r\nSequenceNumber: 1\r\nFile: f.c\r\nLine: 1\r\nFunc: f\r\nEventTV: ";

        assertThat(lines(folder, EVENT.replace("EventTV: ", more))).containsExactly(LINE);
    }

    @Test
    void handsOnAnEventWhenThePauseAfterItConfirmsIt() throws Exception {
        AtomicLong sent = new AtomicLong();
        try (FakeServer server = new FakeServer(peer -> {
                    accept(peer);
                    sent.set(System.nanoTime());
                    peer.send(EVENT + "Response: Success\r\nPing: Pong\r\n\r\n");
                    peer.linger();
                });
                Live live = Live.of(session(server, folder, PAUSE))) {

            assertThat(live.await(1)).containsExactly(LINE);

            assertThat(System.nanoTime() - sent.get()).isGreaterThanOrEqualTo(PAUSE.toNanos());
            assertThat(live.said()).isEmpty();
        }
    }

    @Test
    void handsOnAnEventAtOnceWhenTheNextOneConfirmsIt() throws Exception {
        try (FakeServer server = new FakeServer(peer -> {
                    accept(peer);
                    peer.send(EVENT + EVENT.replace("1001", "1002") + EVENT.replace("1001", "open"));
                    peer.linger();
                });
                Live live = Live.of(session(server, folder, Duration.ofHours(1)))) {

            assertThat(live.await(2)).containsExactly(LINE, LINE.replace("1001", "1002"));
        }
    }

    @Test
    void waitsForTheRestOfABlockThatHasBegun() throws Exception {
        String account =
                "x\r\nSessionID: y\r\nLocalAddress: IPV4/UDP/8.8.8.8/1\r\nRemoteAddress: IPV4/UDP/8.8.8.8/1\r\n\r\n";
        String event = EVENT.replace("1001", account);
        int middle = event.lastIndexOf("RemoteAddress");
        try (FakeServer server = new FakeServer(peer -> {
                    accept(peer);
                    peer.send(event.substring(0, middle));
                    // Arrives only after the pause.
                    peer.hear();
                    peer.send(event.substring(middle));
                    peer.linger();
                });
                Live live = Live.of(session(server, folder, PAUSE))) {

            assertThat(live.await(1)).containsExactly(LINE.replace("1001", "x"));
        }
    }

    @Test
    void saysThatAnEventHasNoAddress() throws Exception {
        String half = EVENT.substring(0, EVENT.indexOf("SessionID")) + "\r\n";
        try (FakeServer server = new FakeServer(peer -> {
                    accept(peer);
                    peer.send(half);
                    peer.linger();
                });
                Live live = Live.of(session(server, folder, PAUSE))) {

            assertThat(live.await(1)).containsExactly(LINE.substring(0, LINE.indexOf(",SessionID")));
        }
    }

    @Test
    void losesAtMostTheEventAfterOneThatItCannotRead() throws Exception {
        String odd = EVENT.replace("RemoteAddress: IPV4/UDP", "RemoteAddress: IPV5/DCCP");
        String flawed = LINE.substring(0, LINE.indexOf(",SessionID"));
        String other = EVENT.replace("InvalidAccountID", "SuccessfulAuth")
                .replace("/5061\r\n", "/5061\r\nUsingPassword: 1\r\n");

        assertThat(lines(folder, odd + other + EVENT)).containsExactly(flawed, LINE);
    }

    @Test
    void takesTheAddressOfAnEventFromThatEventAlone() throws Exception {
        String event = EVENT.replace("InvalidAccountID", "RequestNotSupported")
                .replace("/5061\r\n", "/5061\r\nRequestType: x\r\n");
        String badFormat = event.replace("RequestNotSupported", "RequestBadFormat")
                .replace("AccountID: 1001\r\n", "")
                .replace("203.0.113.7", "8.8.8.8");
        String unknown = EVENT.replace("InvalidAccountID", "Registered").replace("203.0.113.7", "8.8.8.8");

        assertThat(lines(folder, event + badFormat + EVENT + unknown))
                .containsExactly(LINE.replace("InvalidAccountID", "RequestNotSupported") + ",RequestType=\"x\"", LINE);
    }

    @Test
    void cutsLongValuesAndNotTheAddress() throws Exception {
        List<String> lines = lines(folder, EVENT.replace("abc@192.0.2.10", "\"".repeat(100_000)));

        assertThat(lines.get(0))
                .hasSizeLessThan(1_200)
                .endsWith("LocalAddress=\"IPV4/UDP/192.0.2.10/5060\",RemoteAddress=\"IPV4/UDP/203.0.113.7/5061\"");
    }

    /** Replaces one thing that the server writes by one that it never writes. */
    static List<Arguments> oddities() {
        String password = "InvalidPassword";
        String hashes = "Challenge: a\r\nReceivedChallenge: a\r\nReceivedHash: b\r\n";
        return List.of(
                Arguments.of(password, "SIP", hashes, "0x7f6454038048", "abc"),
                Arguments.of(password, "SIP", hashes, hashes, ""),
                Arguments.of(password, "SIP", hashes, hashes, "Challenge: a\r\n"),
                Arguments.of(password, "SIP", hashes, "ReceivedHash: b", "ReceivedHash:b"),
                Arguments.of(password, "SIP", hashes, "ReceivedHash: b", "ReceivedHash: b\r\nx"),
                Arguments.of(password, "SIP", hashes, "RemoteAddress", "Module: m\r\nRemoteAddress"),
                Arguments.of(password, "SIP", hashes, "LocalAddress: ", "LocalAddress:"),
                Arguments.of(password, "SIP", hashes, "IPV4/UDP/203", "IPV4/UDP/x203"),
                Arguments.of(password, "AMI", "", "0x7f6454038048", "abc"),
                Arguments.of("FailedACL", "SIP", "ACLName: a\r\n", "ACLName: a\r\n", ""),
                Arguments.of(
                        "ChallengeResponseFailed",
                        "PJSIP",
                        "Challenge: a\r\nResponse: b\r\nExpectedResponse: \r\n",
                        "ExpectedResponse: \r\n",
                        ""),
                Arguments.of("SuccessfulAuth", "PJSIP", "UsingPassword: 1\r\n", "UsingPassword: 1\r\n", ""),
                Arguments.of("InvalidAccountID", "PJSIP", "", "/5061\r\n", "/5061\r\nRequestType: x\r\n"));
    }

    @ParameterizedTest
    @MethodSource("oddities")
    void takesNothingElseForTheEndOfAnEvent(String kind, String service, String own, String usual, String odd)
            throws Exception {
        String event = EVENT.replace("InvalidAccountID", kind)
                .replace("PJSIP", service)
                .replace("abc@192.0.2.10", "0x7f6454038048")
                .replace("/5061\r\n", "/5061\r\n" + own);

        assertThat(isWhole(event)).isTrue();
        assertThat(isWhole(event.replace(usual, odd))).isFalse();
    }

    private static boolean isWhole(String event) throws IOException {
        Block block = new Block();
        for (String line : event.split("\r\n", -1)) {
            block.endsWith(line);
        }
        return AmiEvent.of(block).orElseThrow().isWhole();
    }
}
