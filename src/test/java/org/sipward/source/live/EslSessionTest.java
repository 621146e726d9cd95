package org.sipward.source.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs against a server that speaks FreeSWITCH's event socket protocol, correctly or not, over a real socket. */
class EslSessionTest {
    private static final String BODY = """
            Event-Name: CUSTOM
            Core-UUID: 571d73d3-d23e-4bcf-a992-6f3be4f1f581
            Event-Date-Timestamp: 1795385759174182
            Event-Subclass: sofia%3A%3Aregister_failure
            profile-name: internal
            to-user: 1001
            to-host: 192.0.2.10
            network-ip: 203.0.113.7
            user-agent: friendly-scanner%201
            network-port: 5061
            registration-type: REGISTER

            """;
    private static final String LINE = "2026-11-22T22:15:59.174182Z esl freeswitch: sofia::register_failure "
            + "address=203.0.113.7 port=5061 type=\"REGISTER\" profile=\"internal\" user=\"1001\" host=\"192.0.2.10\" "
            + "agent=\"friendly-scanner 1\" call=\"\"";

    @TempDir
    Path folder;

    private Path password;

    @BeforeEach
    void write() throws IOException {
        password = Files.writeString(folder.resolve("esl"), "ClueCon\n");
    }

    @Test
    void turnsAFailedRegistrationIntoALine() throws Exception {
        assertThat(lines(event(BODY))).containsExactly(LINE);
    }

    @Test
    void keepsACallersTextWithinItsField() throws Exception {
        String hostile = "x%22%20address%3D192.0.2.1%0Anetwork-ip%3A%20192.0.2.1%E9%zz%4";

        assertThat(lines(event(BODY.replace("friendly-scanner%201", hostile))))
                .containsExactly(LINE.replace(
                        "friendly-scanner 1", "x%22 address=192.0.2.1%0Anetwork-ip: 192.0.2.1\u00e9%zz%4"));
    }

    @Test
    void skipsOtherEventsAndLongOnes() throws Exception {
        String longer = BODY.replace("1001", "1".repeat(100_000));

        assertThat(lines(event(BODY.replace("register_failure", "expire")) + event(longer) + event(BODY)))
                .containsExactly(LINE);
    }

    @Test
    void writesADashForTextThatIsNotAnAddress() throws Exception {
        assertThat(lines(event(BODY.replace("203.0.113.7", "x%20address%3D192.0.2.1")))
                        .get(0))
                .contains(" address=- port=5061 ");
    }

    @Test
    void logsAWrongPasswordOnce() throws Exception {
        try (FakeServer server = new FakeServer(peer -> {
                    if (peer.number < 4) {
                        peer.send("Content-Type: auth/request\n\n");
                        peer.hear();
                        peer.send("Content-Type: command/reply\nReply-Text: -ERR invalid\n\n");
                        return;
                    }
                    accept(peer);
                    peer.send(event(BODY));
                    peer.linger();
                });
                Live live = Live.of(session(server))) {
            live.await(1);

            assertThat(live.said())
                    .containsExactly(
                            "test cannot be read; will retry: the event socket refuses the password: "
                                    + "see event_socket.conf.xml, and " + password,
                            "test can be read again");
        }
    }

    @Test
    void saysThatTheServerDeniesItsAddress() throws Exception {
        try (FakeServer server = new FakeServer(peer -> peer.send(
                        "Content-Type: text/rude-rejection\nContent-Length: 24\n\nAccess Denied, go away.\n"));
                Live live = Live.of(session(server))) {
            live.until(() -> live.source.trouble().startsWith("the event socket denies this address"));
        }
    }

    @Test
    void reconnectsAfterADisconnectNotice() throws Exception {
        try (FakeServer server = new FakeServer(peer -> {
                    accept(peer);
                    peer.send(event(BODY) + "Content-Type: text/disconnect-notice\nContent-Length: 3\n\nbye");
                    peer.linger();
                });
                Live live = Live.of(session(server))) {

            assertThat(live.await(2)).containsOnly(LINE);
        }
    }

    @Test
    void leavesAServerThatAnnouncesTooMuchOrStopsHalfWay() throws Exception {
        List<String> ends = List.of(
                "Content-Type: text/event-plain\nContent-Length: 999999999\n\n",
                "Content-Type: text/event-plain\nContent-Length: -1\n\n",
                "Content-Type: text/event-plain\nContent-Length: 600\n\nEvent-Name: CUS");
        try (FakeServer server = new FakeServer(peer -> {
                    accept(peer);
                    if (peer.number <= ends.size()) {
                        peer.send(ends.get(peer.number - 1));
                    } else {
                        peer.send(event(BODY));
                    }
                    peer.linger();
                });
                Live live = Live.of(session(server))) {

            assertThat(live.await(1)).containsExactly(LINE);
            assertThat(live.said())
                    .containsSequence(
                            "test cannot be read; will retry: the server announced a message of 999999999 bytes",
                            "test can be read again",
                            "test cannot be read; will retry: the server announced a message of -1 bytes",
                            "test can be read again",
                            "test cannot be read; will retry: the server stopped in the middle of a message",
                            "test can be read again");
        }
    }

    @Test
    void leavesAServerThatSendsNoLineEnds() throws Exception {
        byte[] chunk = "x".repeat(1 << 16).getBytes(StandardCharsets.US_ASCII);
        try (FakeServer server = new FakeServer(peer -> {
                    while (true) {
                        peer.out.write(chunk);
                    }
                });
                Live live = Live.of(session(server))) {
            live.until(
                    () -> live.source.trouble().equals("the server sent more than 1048576 bytes without a line end"));
        }
    }

    private List<String> lines(String events) throws Exception {
        String end = "the-end";
        try (FakeServer server = new FakeServer(peer -> {
                    accept(peer);
                    peer.send(events + event(BODY.replace("1001", end)));
                    peer.linger();
                });
                Live live = Live.of(session(server))) {
            live.until(() -> live.lines.contains(LINE.replace("1001", end)));
            return live.lines.subList(0, live.lines.size() - 1);
        }
    }

    private static String event(String body) {
        return "Content-Length: " + body.length() + "\nContent-Type: text/event-plain\n\n" + body;
    }

    private static void accept(FakeServer.Peer peer) throws IOException {
        peer.send("Content-Type: auth/request\n\n");
        assertThat(peer.hear()).isEqualTo("auth ClueCon");
        peer.send("Content-Type: command/reply\nReply-Text: +OK accepted\n\n");
        assertThat(peer.hear()).isEqualTo("event plain CUSTOM sofia::register_failure sofia::register");
        peer.send("Content-Type: command/reply\nReply-Text: +OK event listener enabled plain\n\n");
    }

    private EslSession session(FakeServer server) {
        return new EslSession("127.0.0.1", server.port(), password, Live.SHORT, Live.CLOCK);
    }
}
