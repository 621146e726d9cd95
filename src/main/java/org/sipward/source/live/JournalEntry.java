package org.sipward.source.live;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One entry of the journal, as {@code journalctl -o json} prints it: one object per line. Its values are strings, or
 * arrays of byte numbers for a value that is not printable UTF-8.
 */
final class JournalEntry {
    private static final JsonFactory JSON = new JsonFactory();
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'+00:00'");
    private static final int MAX_WORD = 64;

    private final Map<String, byte[]> fields = new HashMap<>();

    private JournalEntry() {}

    /** Reads the first {@code length} bytes as an entry; throws if they are not one. */
    static JournalEntry parse(byte[] json, int length) throws IOException {
        JournalEntry entry = new JournalEntry();
        try (JsonParser parser = JSON.createParser(json, 0, length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new IOException("is not a JSON object");
            }
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String key = parser.currentName();
                entry.read(key, parser);
            }
        }
        if (entry.cursor().isEmpty() || entry.micros() < 0) {
            throw new IOException("is not a journal entry");
        }
        return entry;
    }

    /** Returns the entry's cursor. */
    String cursor() {
        return text("__CURSOR");
    }

    /** Returns when the entry was received, in microseconds since 1970. */
    long micros() {
        String micros = text("__REALTIME_TIMESTAMP");
        return micros.matches("[0-9]{1,17}") ? Long.parseLong(micros) : -1;
    }

    /**
     * Returns the line that rsyslog would have written for this entry; empty if it has no message.
     *
     * <pre>2026-11-22T10:10:55.985907+00:00 pbx1 asterisk[8365]: text</pre>
     */
    Optional<byte[]> line() {
        byte[] message = fields.get("MESSAGE");
        if (message == null) {
            return Optional.empty();
        }
        Instant time = Instant.ofEpochSecond(micros() / 1_000_000, micros() % 1_000_000 * 1_000);
        String ident = word(text("SYSLOG_IDENTIFIER").isEmpty() ? text("_COMM") : text("SYSLOG_IDENTIFIER"));
        String pid = text("SYSLOG_PID").isEmpty() ? text("_PID") : text("SYSLOG_PID");
        String header = TIME.format(time.atOffset(ZoneOffset.UTC)) + " " + word(text("_HOSTNAME")) + " " + ident
                + (pid.matches("[0-9]{1,10}") ? "[" + pid + "]" : "") + ": ";
        int to = message.length;
        while (to > 0 && (message[to - 1] == '\n' || message[to - 1] == '\r')) {
            to--;
        }
        ByteArrayOutputStream line = new ByteArrayOutputStream(header.length() + to);
        line.writeBytes(header.getBytes(StandardCharsets.US_ASCII));
        Escape.message(line, message, 0, to);
        return Optional.of(line.toByteArray());
    }

    /** Returns whether a field has this value, written as in {@code SYSLOG_IDENTIFIER=asterisk}. */
    boolean matches(String match) {
        int equals = match.indexOf('=');
        byte[] value = fields.get(match.substring(0, equals));
        return value != null && new String(value, StandardCharsets.UTF_8).equals(match.substring(equals + 1));
    }

    private void read(String key, JsonParser parser) throws IOException {
        JsonToken value = parser.nextToken();
        if (value == JsonToken.VALUE_STRING) {
            fields.put(key, parser.getText().getBytes(StandardCharsets.UTF_8));
        } else if (value == JsonToken.START_ARRAY) {
            fields.put(key, array(parser));
        } else if (value != JsonToken.VALUE_NULL) {
            throw new IOException("has a value of an unexpected type");
        }
    }

    /**
     * Reads an array: byte numbers, or several values that a program gave to one field, of which the first is
     * returned.
     */
    private static byte[] array(JsonParser parser) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        boolean isList = false;
        for (JsonToken item = parser.nextToken(); item != JsonToken.END_ARRAY; item = parser.nextToken()) {
            if (item == JsonToken.VALUE_NUMBER_INT) {
                bytes.write(parser.getIntValue());
            } else if (item == JsonToken.VALUE_STRING || item == JsonToken.START_ARRAY) {
                byte[] value = item == JsonToken.VALUE_STRING
                        ? parser.getText().getBytes(StandardCharsets.UTF_8)
                        : array(parser);
                if (!isList) {
                    bytes.writeBytes(value);
                }
                isList = true;
            } else {
                throw new IOException("has an array of an unexpected type");
            }
        }
        return bytes.toByteArray();
    }

    private String text(String key) {
        byte[] value = fields.get(key);
        return value == null ? "" : new String(value, StandardCharsets.ISO_8859_1);
    }

    /** Returns one word of harmless characters, because a program may give itself any name. */
    private static String word(String text) {
        char[] word = text.isEmpty() ? new char[] {'-'} : text.toCharArray();
        for (int i = 0; i < word.length; i++) {
            char c = word[i];
            boolean fine = c < 0x7f && (Character.isLetterOrDigit(c) || "._-/@".indexOf(c) >= 0);
            word[i] = fine ? c : '_';
        }
        return new String(Arrays.copyOf(word, Math.min(word.length, MAX_WORD)));
    }
}
