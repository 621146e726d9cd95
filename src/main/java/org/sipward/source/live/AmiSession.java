package org.sipward.source.live;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A login to Asterisk's manager interface (AMI), which reports security events from Asterisk 12 on. Turns each event
 * into the line that Asterisk would write to syslog, with values quoted so that no value can end its field:
 *
 * <pre>
 * 2026-11-22T10:16:35.563+0000 ami asterisk: SECURITY[0]: res_security_log.c: SecurityEvent="InvalidAccountID",…
 * </pre>
 *
 * <p>AMI writes each field on its own line but does not escape values; {@link AmiMessages} separates what Asterisk
 * wrote from what a caller wrote. An event is handed on when the next event, or a pause, shows that it has ended. An
 * event that is still open when the connection breaks is dropped and counted.
 */
final class AmiSession extends LoginSession {
    private static final String GREETING = "Asterisk Call Manager/";

    private final String user;
    private final Path secretFile;
    private final Clock clock;

    AmiSession(String host, int port, String user, Path secretFile, Timeouts timeouts, Clock clock) {
        super(host, port, timeouts, "\r\n");
        this.user = user;
        this.secretFile = secretFile;
        this.clock = clock;
    }

    @Override
    void listen(Connection connection, Inbox inbox) throws IOException, InterruptedException {
        KeepAlive keepAlive = new KeepAlive(connection, timeouts().silence(), "Action: Ping\r\n\r\n");
        AmiMessages messages = new AmiMessages();
        try {
            while (true) {
                Optional<Block> block =
                        messages.isOpen() ? keepAlive.next(timeouts().pause()) : Optional.of(keepAlive.next());
                Optional<byte[]> line;
                try {
                    line = block.isPresent() ? messages.next(block.get()) : messages.end();
                } catch (RuntimeException | StackOverflowError bug) {
                    inbox.passOver("ami " + place(), bug);
                    messages = new AmiMessages();
                    continue;
                }
                if (line.isPresent()) {
                    inbox.put(Inbox.Entry.live(line.get(), clock.millis()));
                }
            }
        } finally {
            if (messages.isOpen()) {
                // If its end is missing, the address in it may be one that the attacker wrote.
                inbox.drop();
            }
        }
    }

    private String greeting(Connection connection) throws IOException {
        String greeting = connection
                .line(deadline())
                .orElseThrow(() -> new IOException(port() + " does not answer as a manager interface"));
        if (!greeting.startsWith(GREETING)) {
            throw new IOException(port() + " is not a manager interface; it answers: " + Escape.shown(greeting));
        }
        return Escape.shown(greeting);
    }

    /**
     * Logs in by challenge, so that the secret is not sent: an attacker may listen on the port while Asterisk is down.
     */
    @Override
    String logIn(Connection connection) throws IOException {
        String server = greeting(connection);
        String secret = PasswordFile.read(secretFile);
        long deadline = deadline();
        connection.send("Action: Challenge\r\nAuthType: MD5\r\n\r\n");
        Block challenge = response(connection, deadline);
        String key = md5(challenge
                        .first("Challenge")
                        .orElseThrow(
                                () -> new RefusedException("the manager gives no challenge: " + message(challenge)))
                + secret);
        connection.send("Action: Login\r\nAuthType: MD5\r\nUsername: " + user + "\r\nKey: " + key
                + "\r\nEvents: security\r\n\r\n");
        Block login = response(connection, deadline);
        if (!login.first("Response").orElse("").equals("Success")) {
            throw new RefusedException("the manager refuses the user " + user + ": " + message(login)
                    + "; see secret, permit and deny in manager.conf, and " + secretFile);
        }
        return server;
    }

    private static Block response(Connection connection, long deadline) throws IOException {
        for (Optional<Block> block = connection.block(deadline);
                block.isPresent();
                block = connection.block(deadline)) {
            if (block.get().kind().equals("Response")) {
                return block.get();
            }
        }
        throw new IOException("the manager does not answer the login");
    }

    private static String message(Block block) {
        return Escape.shown(block.first("Message").orElse("no reason given"));
    }

    private static String md5(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.ISO_8859_1)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has MD5", e);
        }
    }
}
