package org.sipward.source.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Speaks and writes events like Asterisk's manager interface. */
final class Manager {
    private static final String GREETING = "Asterisk Call Manager/9.0.0\r\n";
    static final String EVENT = """
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
    static final String LINE = "2026-11-22T10:16:35.563+0000 ami asterisk: SECURITY[0]: res_security_log.c: "
            + "SecurityEvent=\"InvalidAccountID\",EventTV=\"2026-11-22T10:16:35.563+0000\",Severity=\"Error\","
            + "Service=\"PJSIP\",EventVersion=\"1\",AccountID=\"1001\",SessionID=\"abc@192.0.2.10\","
            + "LocalAddress=\"IPV4/UDP/192.0.2.10/5060\",RemoteAddress=\"IPV4/UDP/203.0.113.7/5061\"";

    private static final Duration LONG = Duration.ofMinutes(1);

    private Manager() {}

    static void challenge(FakeServer.Peer peer) throws IOException {
        peer.send(GREETING);
        assertThat(peer.hear()).isEqualTo("Action: Challenge AuthType: MD5");
        peer.send("Response: Success\r\nChallenge: 4711\r\n\r\n");
    }

    /** Accepts the client's login, and returns its login message. */
    static String accept(FakeServer.Peer peer) throws IOException {
        challenge(peer);
        String login = peer.hear();
        peer.send("Response: Success\r\nMessage: Authentication accepted\r\n\r\n");
        return login;
    }

    /** Returns a session that takes this pause for the end of an event, and twice as long for silence. */
    static AmiSession session(FakeServer server, Path folder, Duration pause) throws IOException {
        Timeouts timeouts = new Timeouts(
                Duration.ofSeconds(2), pause.multipliedBy(2), pause, Duration.ofMillis(5), Duration.ofMillis(40));
        Path secret = Files.writeString(folder.resolve("ami"), "pa55\n");
        return new AmiSession("127.0.0.1", server.port(), "sipward", secret, timeouts, Live.CLOCK);
    }

    /** Returns the lines that these events become, without any pause between them. */
    static List<String> lines(Path folder, String events) throws Exception {
        String end = LINE.replace("1001", "the end");
        try (FakeServer server = new FakeServer(peer -> {
                    accept(peer);
                    peer.send(events + EVENT.replace("1001", "the end") + EVENT);
                    peer.linger();
                });
                Live live = Live.of(session(server, folder, LONG))) {
            live.until(() -> live.lines.contains(end));
            return live.lines.subList(0, live.lines.size() - 1);
        }
    }
}
