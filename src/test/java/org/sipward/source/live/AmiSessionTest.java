package org.sipward.source.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipward.source.live.Manager.EVENT;
import static org.sipward.source.live.Manager.LINE;
import static org.sipward.source.live.Manager.accept;
import static org.sipward.source.live.Manager.challenge;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs against a server that speaks Asterisk's manager protocol, correctly or not, over a real socket. */
class AmiSessionTest {
    @TempDir
    Path folder;

    private Path secret;

    @BeforeEach
    void write() throws IOException {
        secret = Files.writeString(folder.resolve("ami"), "pa55\n");
    }

    @Test
    void logsInWithoutSendingTheSecretAndTurnsAnEventIntoALine() throws Exception {
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
            assertThat(live.source.state().words()).isEqualTo("connected to Asterisk Call Manager/9.0.0");
            assertThat(live.source.cursor()).isEmpty();
        }
    }

    @Test
    void dropsAnEventThatTheEndOfTheConnectionCuts() throws Exception {
        try (FakeServer server = new FakeServer(peer -> {
                    accept(peer);
                    peer.send(EVENT + EVENT.replace("1001", "cut"));
                });
                Live live = Live.of(session(server))) {
            live.until(() -> live.source.counts().dropped() >= 3);

            assertThat(live.lines).containsOnly(LINE);
        }
    }

    @Test
    void logsAWrongPasswordOnceAndRetries() throws Exception {
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
                            "test cannot be read; will retry: the manager refuses the user sipward: "
                                    + "Authentication failed; see secret, permit and deny in manager.conf, and "
                                    + secret,
                            "test can be read again");
            assertThat(String.join("", live.said())).doesNotContain("pa55");
        }
    }

    @Test
    void reconnectsToAServerThatClosedTheConnection() throws Exception {
        try (FakeServer server = new FakeServer(peer -> {
                    accept(peer);
                    peer.send(EVENT + EVENT);
                });
                Live live = Live.of(session(server))) {

            assertThat(live.await(3)).containsOnly(LINE);
            assertThat(live.said())
                    .startsWith(
                            "test cannot be read; will retry: the server has closed the connection",
                            "test can be read again");
        }
    }

    @Test
    void leavesAServerThatNeverAnswers() throws Exception {
        try (FakeServer server = new FakeServer(peer -> {
                    accept(peer);
                    // Bytes arrive, but never a whole block.
                    while (true) {
                        peer.send("Foo: bar\r\n");
                        peer.hear();
                    }
                });
                Live live = Live.of(session(server))) {
            live.until(() -> live.source.trouble().equals("the server no longer answers"));
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
                            "test cannot be read; will retry: the server sent more than 1048576 bytes without a line end",
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
            live.until(() -> live.source.trouble().equals("the server sent a message of more than 10000 lines"));
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
            // Nobody polls now, so only as much can be sent as the inbox and the kernel's buffers hold.
            for (long last = -1; last != sent.get(); ) {
                last = sent.get();
                LockSupport.parkNanos(200_000_000);
            }

            assertThat(sent.get()).isLessThan(all / 4);
            assertThat(live.source.counts().dropped()).isZero();
        }
    }

    @Test
    void saysThatNothingListensOrThatAnotherServiceDoes() throws Exception {
        int free;
        try (FakeServer gone = new FakeServer(peer -> {})) {
            free = gone.port();
        }
        try (Live live = Live.of(new AmiSession("127.0.0.1", free, "sipward", secret, Live.SHORT, Live.CLOCK))) {
            live.until(() -> live.source.trouble().equals("nothing listens on port " + free));
        }
        try (FakeServer server = new FakeServer(peer -> {
                    peer.send("SSH-2.0-OpenSSH_9.2\r\n");
                    peer.linger();
                });
                Live live = Live.of(session(server))) {
            live.until(() -> live.source.trouble().endsWith("it answers: SSH-2.0-OpenSSH_9.2"));
        }
    }

    @Test
    void saysThatTheSecretFileIsMissing() throws Exception {
        Files.delete(secret);
        try (FakeServer server = new FakeServer(Manager::accept);
                Live live = Live.of(session(server))) {
            live.until(() -> live.source.trouble().startsWith(secret + " is missing: create it"));
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

    private AmiSession session(FakeServer server) {
        return new AmiSession("127.0.0.1", server.port(), "sipward", secret, Live.SHORT, Live.CLOCK);
    }
}
