package org.sipward.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a server that speaks Asterisk's manager protocol over a real socket, well or badly. */
class AmiSessionTest {
    private static final String GREETING = "Asterisk Call Manager/9.0.0\r\n";
    private static final String EVENT = """
            Event: InvalidAccountID
            Privilege: security,all
            EventTV: 2026-11-22T10:16:35.563+0000
            Severity: Error
            Service: PJSIP
            EventVersion: 1
            AccountID: 1001
            SessionID: abc@192.0.2.10
            LocalAddress: IPV4/UDP/192.0.2.10/5060
            RemoteAddress: IPV4/UDP/203.0.113.7/5061

            """.replace("\n", "\r\n");
    private static final String LINE = "2026-11-22T10:16:35.563+0000 ami asterisk: SECURITY[0]: res_security_log.c: "
            + "SecurityEvent=\"InvalidAccountID\",EventTV=\"2026-11-22T10:16:35.563+0000\",Severity=\"Error\","
            + "Service=\"PJSIP\",EventVersion=\"1\",AccountID=\"1001\",SessionID=\"abc@192.0.2.10\","
            + "LocalAddress=\"IPV4/UDP/192.0.2.10/5060\",RemoteAddress=\"IPV4/UDP/203.0.113.7/5061\"";

    @TempDir
    Path folder;

    private Path secret;

    @BeforeEach
    void write() throws IOException {
        secret = Files.writeString(folder.resolve("ami"), "pa55\n");
    }

    @Test
    void logsInWithoutSendingTheSecretAndMakesALineOfAnEvent() throws Exception {
        AtomicReference<String> login = new AtomicReference<>("");
        try (FakeServer server = new FakeServer(peer -> {
                    login.set(accept(peer));
                    peer.send("Event: FullyBooted\r\nPrivilege: system,all\r\n\r\n" + EVENT);
                    peer.linger();
                });
                Live live = Live.of(session(server))) {

            assertThat(live.await(1)).containsExactly(LINE);

            String key = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("MD5").digest("4711pa55".getBytes(StandardCharsets.US_ASCII)));
            assertThat(login.get())
                    .isEqualTo("Action: Login AuthType: MD5 Username: sipward Key: " + key + " Events: security");
            assertThat(live.source.state()).isEqualTo("connected to Asterisk Call Manager/9.0.0");
            assertThat(live.source.cursor()).isEmpty();
        }
    }

    @Test
    void keepsWhatASenderWroteWithinItsField() throws Exception {
        String hostile = "x\",RemoteAddress=\"IPV4/UDP/192.0.2.1/5060\n\u001b[31m\u00e9";

        assertThat(lines(EVENT.replace("abc@192.0.2.10", hostile)))
                .containsExactly(LINE.replace(
                        "abc@192.0.2.10", "x%22,RemoteAddress=%22IPV4/UDP/192.0.2.1/5060%0A%1B[31m\u00e9"));
    }

    @Test
    void writesTheOwnFieldsOfAKindInTheOrderInWhichTheyCame() throws Exception {
        String event = EVENT.replace("InvalidAccountID", "ChallengeResponseFailed")
                .replace(
                        "/5061\r\n",
                        "/5061\r\nChallenge: c\r\nResponse: r\"\r\nExpectedResponse: \r\nSessionTV: t\r\n");

        assertThat(lines(event))
                .containsExactly(LINE.replace("InvalidAccountID", "ChallengeResponseFailed")
                        + ",Challenge=\"c\",Response=\"r%22\",ExpectedResponse=\"\",SessionTV=\"t\"");
    }

    @Test
    void passesOverWhatTheServerWritesBeforeTheTime() throws Exception {
        String more =
                "Timestamp: 1795342595.563000\r\nSequenceNumber: 1\r\nFile: f.c\r\nLine: 1\r\nFunc: f\r\nEventTV: ";

        assertThat(lines(EVENT.replace("EventTV: ", more))).containsExactly(LINE);
    }

    @Test
    void handsOnAnEventWhenThePauseBehindItConfirmsIt() throws Exception {
        AtomicLong sent = new AtomicLong();
        try (FakeServer server = new FakeServer(peer -> {
                    accept(peer);
                    sent.set(System.nanoTime());
                    peer.send(EVENT + "Response: Success\r\nPing: Pong\r\n\r\n");
                    peer.linger();
                });
                Live live = Live.of(session(server))) {

            assertThat(live.await(1)).containsExactly(LINE);

            assertThat(System.nanoTime() - sent.get())
                    .isGreaterThanOrEqualTo(Live.SHORT.pause().toNanos());
            assertThat(live.said()).isEmpty();
        }
    }

    @Test
    void handsOnAnEventAtOnceWhenTheNextOneConfirmsIt() throws Exception {
        Patience longPause = pause(Duration.ofHours(1));
        try (FakeServer server = new FakeServer(peer -> {
                    accept(peer);
                    peer.send(EVENT + EVENT.replace("1001", "1002") + EVENT.replace("1001", "open"));
                    peer.linger();
                });
                Live live = Live.of(session(server, longPause))) {

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
                    // Comes only when the pause is over.
                    peer.hear();
                    peer.send(event.substring(middle));
                    peer.linger();
                });
                Live live = Live.of(session(server))) {

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
                Live live = Live.of(session(server))) {

            assertThat(live.await(1)).containsExactly(LINE.substring(0, LINE.indexOf(",SessionID")));
        }
    }

    @Test
    void losesNoMoreThanTheNextEventBehindOneThatItCannotRead() throws Exception {
        String odd = EVENT.replace("RemoteAddress: IPV4/UDP", "RemoteAddress: IPV5/DCCP");
        String flawed = LINE.substring(0, LINE.indexOf(",SessionID"));
        String other = EVENT.replace("InvalidAccountID", "SuccessfulAuth")
                .replace("/5061\r\n", "/5061\r\nUsingPassword: 1\r\n");

        assertThat(lines(odd + other + EVENT)).containsExactly(flawed, LINE);
    }

    @Test
    void takesTheAddressOfAnEventFromThatEventAlone() throws Exception {
        String badFormat = EVENT.replace("InvalidAccountID", "RequestBadFormat")
                .replace("AccountID: 1001\r\n", "")
                .replace("203.0.113.7", "8.8.8.8")
                .replace("/5061\r\n", "/5061\r\nRequestType: NONE\r\n");
        String unknown = EVENT.replace("InvalidAccountID", "Registered").replace("203.0.113.7", "8.8.8.8");

        assertThat(lines(EVENT + badFormat + EVENT + unknown)).containsExactly(LINE, LINE);
    }

    @Test
    void believesNoEventThatTheEndOfTheConnectionCuts() throws Exception {
        try (FakeServer server = new FakeServer(peer -> {
                    accept(peer);
                    peer.send(EVENT + EVENT.replace("1001", "cut"));
                });
                Live live = Live.of(session(server))) {
            live.until(() -> live.source.droppedLines() >= 3);

            assertThat(live.lines).containsOnly(LINE);
        }
    }

    @Test
    void cutsLongValuesAndNotTheAddress() throws Exception {
        List<String> lines = lines(EVENT.replace("abc@192.0.2.10", "\"".repeat(100_000)));

        assertThat(lines.get(0))
                .hasSizeLessThan(1_200)
                .endsWith("LocalAddress=\"IPV4/UDP/192.0.2.10/5060\",RemoteAddress=\"IPV4/UDP/203.0.113.7/5061\"");
    }

    @Test
    void saysOnceThatThePasswordIsWrongAndComesBack() throws Exception {
        try (FakeServer server = new FakeServer(peer -> {
                    if (peer.number < 4) {
                        challenge(peer);
                        peer.send("Response: Error\r\nMessage: Authentication failed\r\n\r\n");
                        return;
                    }
                    accept(peer);
                    peer.send(EVENT);
                    peer.linger();
                });
                Live live = Live.of(session(server))) {
            live.await(1);

            assertThat(live.said())
                    .containsExactly(
                            "test cannot be read and is tried again: the manager refuses the user sipward: "
                                    + "Authentication failed; see secret, permit and deny in manager.conf, and "
                                    + secret,
                            "test can be read again");
            assertThat(String.join("", live.said())).doesNotContain("pa55");
        }
    }

    @Test
    void comesBackToAServerThatCloses() throws Exception {
        try (FakeServer server = new FakeServer(peer -> {
                    accept(peer);
                    peer.send(EVENT + EVENT);
                });
                Live live = Live.of(session(server))) {

            assertThat(live.await(3)).containsOnly(LINE);
            assertThat(live.said())
                    .startsWith(
                            "test cannot be read and is tried again: the server has closed the connection",
                            "test can be read again");
        }
    }

    @Test
    void leavesAServerThatNeverAnswers() throws Exception {
        try (FakeServer server = new FakeServer(peer -> {
                    accept(peer);
                    // Bytes come, but nothing whole.
                    while (true) {
                        peer.send("Foo: bar\r\n");
                        peer.hear();
                    }
                });
                Live live = Live.of(session(server))) {
            live.until(() -> live.source.trouble().equals("the server does not answer any more"));
        }
    }

    @Test
    void asksAServerThatIsSilent() throws Exception {
        CountDownLatch asked = new CountDownLatch(3);
        try (FakeServer server = new FakeServer(peer -> {
                    accept(peer);
                    while (true) {
                        assertThat(peer.hear()).isEqualTo("Action: Ping");
                        asked.countDown();
                        peer.send("Response: Success\r\nPing: Pong\r\n\r\n");
                    }
                });
                Live live = Live.of(session(server))) {
            live.until(() -> asked.getCount() == 0);

            assertThat(server.connections.get()).isOne();
            assertThat(live.said()).isEmpty();
        }
    }

    @Test
    void leavesAServerThatSendsNoLineEnds() throws Exception {
        byte[] chunk = "x".repeat(1 << 16).getBytes(StandardCharsets.US_ASCII);
        try (FakeServer server = new FakeServer(peer -> {
                    accept(peer);
                    if (peer.number == 1) {
                        for (long sent = 0; sent < 1L << 30; sent += chunk.length) {
                            peer.out.write(chunk);
                        }
                    }
                    peer.send(EVENT);
                    peer.linger();
                });
                Live live = Live.of(session(server))) {

            assertThat(live.await(1)).containsExactly(LINE);
            assertThat(live.said())
                    .containsExactly(
                            "test cannot be read and is tried again: sends more than 1048576 bytes without a line end",
                            "test can be read again");
        }
    }

    @Test
    void leavesAServerThatSendsAnEventWithoutEnd() throws Exception {
        try (FakeServer server = new FakeServer(peer -> {
                    accept(peer);
                    while (true) {
                        peer.send("Foo: bar\r\n");
                    }
                });
                Live live = Live.of(session(server))) {
            live.until(() -> live.source.trouble().equals("sends a message of more than 10000 lines"));
        }
    }

    @Test
    void letsAFloodWaitForTheReader() throws Exception {
        long all = 256 << 20;
        AtomicLong sent = new AtomicLong();
        byte[] flood = EVENT.repeat(100).getBytes(StandardCharsets.US_ASCII);
        try (FakeServer server = new FakeServer(peer -> {
                    accept(peer);
                    for (; sent.get() < all; sent.addAndGet(flood.length)) {
                        peer.out.write(flood);
                    }
                    peer.linger();
                });
                Live live = Live.of(session(server))) {
            live.await(10_000);
            // Nobody polls now: what waits in the inbox and in the kernel's buffers is all that can be sent.
            for (long last = -1; last != sent.get(); ) {
                last = sent.get();
                LockSupport.parkNanos(200_000_000);
            }

            assertThat(sent.get()).isLessThan(all / 4);
            assertThat(live.source.droppedLines()).isZero();
        }
    }

    @Test
    void saysThatNobodyListensAndThatAnotherServiceDoes() throws Exception {
        int free;
        try (FakeServer gone = new FakeServer(peer -> {})) {
            free = gone.port();
        }
        try (Live live = Live.of(new AmiSession("127.0.0.1", free, "sipward", secret, Live.SHORT, Live.CLOCK))) {
            live.until(() -> live.source.trouble().equals("nobody listens on port " + free));
        }
        try (FakeServer server = new FakeServer(peer -> {
                    peer.send("SSH-2.0-OpenSSH_9.2\r\n");
                    peer.linger();
                });
                Live live = Live.of(session(server))) {
            live.until(() -> live.source.trouble().endsWith("it greets with: SSH-2.0-OpenSSH_9.2"));
        }
    }

    @Test
    void saysThatTheSecretIsNotThere() throws Exception {
        Files.delete(secret);
        try (FakeServer server = new FakeServer(AmiSessionTest::accept);
                Live live = Live.of(session(server))) {
            live.until(() -> live.source.trouble().startsWith(secret + " is not there"));
        }
    }

    @Test
    void closesWhileTheServerIsSilent() throws Exception {
        try (FakeServer server = new FakeServer(FakeServer.Peer::linger)) {
            Live live = Live.of(session(server));
            live.until(() -> server.connections.get() == 1);

            long start = System.nanoTime();
            live.close();

            assertThat(System.nanoTime() - start).isLessThan(1_500_000_000L);
        }
    }

    private List<String> lines(String events) throws Exception {
        try (FakeServer server = new FakeServer(peer -> {
                    accept(peer);
                    peer.send(events + EVENT.replace("1001", "the end"));
                    peer.linger();
                });
                Live live = Live.of(session(server))) {
            live.until(() -> live.lines.contains(LINE.replace("1001", "the end")));
            return live.lines.subList(0, live.lines.size() - 1);
        }
    }

    static void challenge(FakeServer.Peer peer) throws IOException {
        peer.send(GREETING);
        assertThat(peer.hear()).isEqualTo("Action: Challenge AuthType: MD5");
        peer.send("Response: Success\r\nChallenge: 4711\r\n\r\n");
    }

    /** Lets the client in, and returns how it logged in. */
    static String accept(FakeServer.Peer peer) throws IOException {
        challenge(peer);
        String login = peer.hear();
        peer.send("Response: Success\r\nMessage: Authentication accepted\r\n\r\n");
        return login;
    }

    private AmiSession session(FakeServer server) {
        return session(server, Live.SHORT);
    }

    private AmiSession session(FakeServer server, Patience patience) {
        return new AmiSession("127.0.0.1", server.port(), "sipward", secret, patience, Live.CLOCK);
    }

    /** Returns a patience that takes no shorter pause for the end of an event. */
    static Patience pause(Duration pause) {
        return new Patience(
                Duration.ofSeconds(2), Duration.ofMinutes(1), pause, Duration.ofMillis(5), Duration.ofMillis(40));
    }
}
