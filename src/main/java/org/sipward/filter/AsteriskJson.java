package org.sipward.filter;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sipward.source.Line;

/**
 * Turns a line of Asterisk's {@code [json]} formatter (14 and later) into the line of the default formatter, so that
 * the same patterns read both:
 *
 * <pre>
 * {"hostname":"","timestamp":"DATE","identifiers":{"lwp":8365,"callid":""},"logmsg":{"location":{"filename":"F",
 *  "function":"f","line":688},"level":"NOTICE","message":"text\n"}}
 * [DATE] NOTICE[8365] F: text
 * </pre>
 */
final class AsteriskJson {
    /** The first bytes of each such line. */
    static final byte[] START = "{\"hostname\":\"".getBytes(StandardCharsets.US_ASCII);

    private static final JsonFactory JSON = new JsonFactory();

    private @Nullable String timestamp;
    private @Nullable String lwp;
    private @Nullable String file;
    private @Nullable String level;
    private @Nullable String message;

    private AsteriskJson() {}

    /**
     * Returns a line of JSON as the default formatter writes it. Returns any other line, and damaged JSON, as it is.
     */
    static Line unwrap(Line line) {
        if (!line.startsWith(START)) {
            return line;
        }
        try {
            return new AsteriskJson().read(line).orElse(line);
        } catch (IOException damaged) {
            return line;
        }
    }

    private Optional<Line> read(Line line) throws IOException {
        try (JsonParser parser = JSON.createParser(line.buffer(), line.from(), line.length())) {
            parser.nextToken();
            readObject(parser);
            if (parser.nextToken() != null) {
                throw new IOException("goes on after its end");
            }
        }
        String text = message;
        if (timestamp == null || lwp == null || file == null || level == null || text == null) {
            return Optional.empty();
        }
        if (text.endsWith("\n")) {
            text = text.substring(0, text.length() - 1);
        }
        byte[] plain = ("[" + timestamp + "] " + level + "[" + lwp + "] " + file + ": " + text)
                .getBytes(StandardCharsets.UTF_8);
        Line record = new Line();
        record.set(plain, 0, plain.length, line.arrival(), line.isLive());
        return Optional.of(record);
    }

    /** Reads the object at whose start the parser stands. In this format, no key occurs on two levels. */
    private void readObject(JsonParser parser) throws IOException {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            JsonToken value = parser.nextToken();
            if (key == null || value == null) {
                throw new IOException("ends early");
            }
            if (value == JsonToken.START_OBJECT) {
                readObject(parser);
            } else if (value == JsonToken.START_ARRAY) {
                parser.skipChildren();
            } else {
                keep(key, parser.getText());
            }
        }
    }

    private void keep(String key, String value) {
        switch (key) {
            case "timestamp" -> timestamp = value;
            case "lwp" -> lwp = value;
            case "filename" -> file = value;
            case "level" -> level = value;
            case "message" -> message = value;
            default -> {}
        }
    }
}
