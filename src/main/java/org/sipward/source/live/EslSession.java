package org.sipward.source.live;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/**
 * A login to FreeSWITCH's event socket (ESL), which reports registrations whatever {@code log-auth-failures} is set
 * to. Turns each event into a line of our own format, with the address first and every value quoted so that no value
 * can end its field:
 *
 * <pre>
 * 2026-11-22T10:54:35.483609Z esl freeswitch: sofia::register_failure address=203.0.113.7 port=5060 type="REGISTER" …
 * </pre>
 *
 * <p>FreeSWITCH URL-encodes the values, so a line break in a value cannot begin a field.
 */
final class EslSession extends LoginSession {
    private static final String FAILURE = "sofia::register_failure";
    private static final String SUCCESS = "sofia::register";
    /** Registration events have some 40 fields, most of them written by FreeSWITCH itself. */
    private static final int MAX_BODY = 1 << 16;

    private static final int MAX_SKIPPED = 1 << 24;
    private static final int MAX_VALUE = 500;

    private final Path passwordFile;
    private final Clock clock;

    EslSession(String host, int port, Path passwordFile, Timeouts timeouts, Clock clock) {
        super(host, port, timeouts, "\n");
        this.passwordFile = passwordFile;
        this.clock = clock;
    }

    @Override
    void listen(Connection connection, Inbox inbox) throws IOException, InterruptedException {
        KeepAlive keepAlive = new KeepAlive(connection, timeouts().silence(), "api uptime\n\n");
        while (true) {
            Block block = keepAlive.next();
            String body = body(connection, block);
            if (type(block).equals("text/disconnect-notice")) {
                throw new IOException("the server has closed the connection");
            }
            if (type(block).equals("text/event-plain")) {
                Optional<byte[]> line;
                try {
                    line = line(body);
                } catch (RuntimeException | StackOverflowError bug) {
                    inbox.passOver("esl " + place(), bug);
                    continue;
                }
                if (line.isPresent()) {
                    inbox.put(Inbox.Entry.live(line.get(), clock.millis()));
                } else if (body.length() == MAX_BODY) {
                    inbox.drop();
                }
            }
        }
    }

    @Override
    String logIn(Connection connection) throws IOException {
        long deadline = deadline();
        Block greeting = answer(connection, deadline);
        if (type(greeting).equals("text/rude-rejection")) {
            throw new RefusedException(
                    "the event socket denies this address: see apply-inbound-acl in event_socket.conf.xml");
        }
        if (!type(greeting).equals("auth/request")) {
            throw new IOException(port() + " is not an event socket");
        }
        connection.send("auth " + PasswordFile.read(passwordFile) + "\n\n");
        if (!reply(answer(connection, deadline)).startsWith("+OK")) {
            throw new RefusedException(
                    "the event socket refuses the password: see event_socket.conf.xml, and " + passwordFile);
        }
        connection.send("event plain CUSTOM " + FAILURE + " " + SUCCESS + "\n\n");
        String subscribed = reply(answer(connection, deadline));
        if (!subscribed.startsWith("+OK")) {
            throw new RefusedException("the event socket refuses to send events: " + Escape.shown(subscribed));
        }
        return "FreeSWITCH";
    }

    private Block answer(Connection connection, long deadline) throws IOException {
        Block block = connection
                .block(deadline)
                .orElseThrow(() -> new IOException(port() + " does not answer as an event socket"));
        body(connection, block);
        return block;
    }

    private static String type(Block block) {
        return block.first("Content-Type").orElse("");
    }

    private static String reply(Block block) {
        return block.first("Reply-Text").orElse("");
    }

    /** Reads the body that follows a block's lines. */
    private String body(Connection connection, Block block) throws IOException {
        String length = block.first("Content-Length").orElse("0").strip();
        if (!length.matches("[0-9]{1,9}") || Integer.parseInt(length) > MAX_SKIPPED) {
            throw new IOException("the server announced a message of " + Escape.shown(length) + " bytes");
        }
        return connection.body(Integer.parseInt(length), MAX_BODY, deadline());
    }

    /**
     * Returns the line for a registration, or empty if the event is of another kind or longer than any registration.
     */
    Optional<byte[]> line(String body) throws IOException {
        Block event = new Block();
        boolean whole = false;
        for (String field : body.split("\n", Block.MAX_FIELDS)) {
            whole = event.endsWith(field);
            if (whole) {
                break;
            }
        }
        String kind = value(event, "Event-Subclass");
        if (!whole || !(kind.equals(FAILURE) || kind.equals(SUCCESS))) {
            return Optional.empty();
        }
        StringBuilder line =
                new StringBuilder(time(event)).append(" esl freeswitch: ").append(kind);
        line.append(" address=").append(literal(value(event, "network-ip")));
        line.append(" port=").append(literal(value(event, "network-port")));
        append(line, "type", value(event, "registration-type"));
        append(line, "profile", value(event, "profile-name"));
        append(line, "user", value(event, "to-user"));
        append(line, "host", value(event, "to-host"));
        append(line, "agent", value(event, "user-agent"));
        append(line, "call", value(event, "call-id"));
        return Optional.of(Escape.bytes(line));
    }

    private static void append(StringBuilder line, String name, String value) {
        Escape.field(line.append(' '), name, value, MAX_VALUE);
    }

    /** Returns the text if it can be an address or a number, otherwise {@code -}. */
    private static String literal(String text) {
        return text.matches("[0-9a-fA-F:.]{1,45}") ? text : "-";
    }

    private String time(Block event) {
        String micros = value(event, "Event-Date-Timestamp");
        if (!micros.matches("[0-9]{1,17}")) {
            return clock.instant().toString();
        }
        long time = Long.parseLong(micros);
        return Instant.ofEpochSecond(time / 1_000_000, time % 1_000_000 * 1_000).toString();
    }

    /** Returns a field's decoded value, one char per byte; empty if the field is missing. */
    private static String value(Block event, String name) {
        String text = event.first(name).orElse("");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
            int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
            if (c == '%' && high >= 0 && low >= 0) {
                bytes.write(high << 4 | low);
                i += 2;
            } else {
                bytes.write(c);
            }
        }
        return bytes.toString(StandardCharsets.ISO_8859_1);
    }
}
