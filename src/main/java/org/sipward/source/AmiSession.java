package org.sipward.source;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A login to Asterisk's manager interface (AMI), which tells of security events from version 12 on. Makes of each the line
 * that Asterisk writes for it to syslog, with values quoted so that none can end its field:
 *
 * <pre>
 * 2026-11-22T10:16:35.563+0000 ami asterisk: SECURITY[0]: res_security_log.c: SecurityEvent="InvalidAccountID",…
 * </pre>
 *
 * <p>Fields stand on lines of their own there, but values are written as they are: whoever gets a CR LF into the name of an
 * account adds fields. The address stands behind the account, so the last one counts. What that cannot stop: an
 * attacker who writes whole events, which is possible where AMI is served over HTTP ({@code webenabled=yes}).
 */
final class AmiSession implements Session {
    private static final String GREETING = "Asterisk Call Manager/";
    private static final Pattern TIME =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,6})?[+-]\\d{4}");
    private static final Pattern NAME = Pattern.compile("[A-Za-z]{1,40}");
    /** Written before the account's name, so that only their first occurrence is Asterisk's. */
    private static final List<String> BEFORE = List.of("EventTV", "Severity", "Service", "EventVersion");

    private static final List<String> FIELDS = List.of("AccountID", "SessionID", "LocalAddress", "RemoteAddress");
    /** What some events have besides; in the order in which filters expect them. The answers to challenges are left out. */
    private static final List<String> EXTRA = List.of("UsingPassword", "Challenge", "ACLName");

    /** Leaves room for all fields in the 8,000 bytes of a line. */
    private static final int MAX_VALUE = 500;

    private final String host;
    private final int port;
    private final String user;
    private final Path secretFile;
    private final Patience patience;
    private final Clock clock;
    private @Nullable Connection open;
    private boolean closed;

    AmiSession(String host, int port, String user, Path secretFile, Patience patience, Clock clock) {
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
            Silence silence = new Silence(connection, patience.silence(), "Action: Ping\r\n\r\n");
            while (true) {
                Block block = silence.next();
                if (block.kind().equals("Event")) {
                    Optional<byte[]> line = line(block);
                    if (line.isPresent()) {
                        inbox.put(Inbox.Entry.live(line.get(), clock.millis()));
                    }
                }
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
        String secret = SecretFile.read(secretFile);
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

    /** Returns the line for a security event, or empty if the event is of another kind. */
    private Optional<byte[]> line(Block event) {
        String kind = event.first("Event").orElse("");
        boolean isSecurity = event.first("EventTV").isPresent()
                && event.last("RemoteAddress").isPresent()
                && NAME.matcher(kind).matches();
        if (!isSecurity) {
            return Optional.empty();
        }
        String time = event.first("EventTV")
                .filter(text -> TIME.matcher(text).matches())
                .orElseGet(() -> clock.instant().toString());
        StringBuilder line = new StringBuilder(time)
                .append(" ami asterisk: SECURITY[0]: res_security_log.c: SecurityEvent=\"")
                .append(kind)
                .append('"');
        BEFORE.forEach(name -> append(line, name, event.first(name).orElse("")));
        FIELDS.forEach(name -> append(line, name, event.last(name).orElse("")));
        EXTRA.forEach(name -> event.last(name).ifPresent(value -> append(line, name, value)));
        return Optional.of(Escape.bytes(line));
    }

    private static void append(StringBuilder line, String name, String value) {
        Escape.field(line.append(','), name, value, MAX_VALUE);
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
