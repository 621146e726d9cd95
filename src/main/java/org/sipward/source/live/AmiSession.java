package org.sipward.source.live;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A login to Asterisk's manager interface (AMI), which tells of security events from version 12 on. Makes of each the line
 * that Asterisk writes for it to syslog, with values quoted so that none can end its field:
 *
 * <pre>
 * 2026-11-22T10:16:35.563+0000 ami asterisk: SECURITY[0]: res_security_log.c: SecurityEvent="InvalidAccountID",…
 * </pre>
 *
 * <p>Fields stand on lines of their own there, but values are written as they are: {@link AmiMessages} tells what Asterisk wrote
 * from what a caller wrote. An event is handed on when the next one, or a pause, shows that it has ended. One that was still open when
 * the connection broke is dropped, and counted.
 */
final class AmiSession implements Session {
    private static final String GREETING = "Asterisk Call Manager/";

    private final String host;
    private final int port;
    private final String user;
    private final Path secretFile;
    private final Timeouts patience;
    private final Clock clock;
    private @Nullable Connection open;
    private boolean closed;

    AmiSession(String host, int port, String user, Path secretFile, Timeouts patience, Clock clock) {
        this.host = host;
        this.port = port;
        this.user = user;
        this.secretFile = secretFile;
        this.patience = patience;
        this.clock = clock;
    }

    @Override
    public void run(Inbox inbox, Ready ready) throws IOException, InterruptedException {
        try (Connection connection = begin()) {
            connection.open(host, port, patience.answer());
            String server = greeting(connection);
            logIn(connection);
            ready.with("connected to " + server);
            KeepAlive silence = new KeepAlive(connection, patience.silence(), "Action: Ping\r\n\r\n");
            hearOut(silence, inbox);
        }
    }

    private void hearOut(KeepAlive silence, Inbox inbox) throws IOException, InterruptedException {
        AmiMessages messages = new AmiMessages();
        try {
            while (true) {
                Optional<Block> block =
                        messages.isOpen() ? silence.next(patience.pause()) : Optional.of(silence.next());
                Optional<byte[]> line;
                try {
                    line = block.isPresent() ? messages.next(block.get()) : messages.end();
                } catch (RuntimeException | StackOverflowError bug) {
                    inbox.passOver("ami " + host + ":" + port, bug);
                    messages = new AmiMessages();
                    continue;
                }
                if (line.isPresent()) {
                    inbox.put(Inbox.Entry.live(line.get(), clock.millis()));
                }
            }
        } finally {
            if (messages.isOpen()) {
                // The rest of it may be what is missing: then the address that it has is a stranger's.
                inbox.drop();
            }
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (open != null) {
            open.close();
        }
    }

    private synchronized Connection begin() throws IOException {
        Connection connection = new Connection("\r\n");
        if (closed) {
            connection.close();
        }
        open = connection;
        return connection;
    }

    private String greeting(Connection connection) throws IOException {
        String greeting = connection
                .line(deadline())
                .orElseThrow(() -> new IOException("port " + port + " does not greet as a manager interface"));
        if (!greeting.startsWith(GREETING)) {
            throw new IOException(
                    "port " + port + " is no manager interface, it greets with: " + Escape.shown(greeting));
        }
        return Escape.shown(greeting);
    }

    /** By challenge, so that the secret does not travel: a stranger may listen on the port while Asterisk is down. */
    private void logIn(Connection connection) throws IOException {
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
    }

    private static Block response(Connection connection, long deadline) throws IOException {
        for (Optional<Block> block = connection.block(deadline);
                block.isPresent();
                block = connection.block(deadline)) {
            if (block.get().kind().equals("Response")) {
                return block.get();
            }
        }
        throw new IOException("the manager does not answer to a login");
    }

    private static String message(Block block) {
        return Escape.shown(block.first("Message").orElse("no reason given"));
    }

    private long deadline() {
        return System.nanoTime() + patience.answer().toNanos();
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
