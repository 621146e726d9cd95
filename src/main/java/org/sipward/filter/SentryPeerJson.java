package org.sipward.filter;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.sipward.source.Line;

/**
 * Turns a line of SentryPeer's JSON log into a plain line with the stamp in front and the caller's words at the end.
 * The order of the keys differs between versions: 1 to 3 write {@code source_ip} before the caller's words, 4 writes it
 * behind them and with a port.
 *
 * <pre>
 * {"app_name":"sentrypeer","event_timestamp":"DATE","source_ip":"A","transport_type":"T","sip_user_agent":"U",…}
 * DATE sentrypeer source=A transport=T method="M" number="N" agent="U"
 * </pre>
 *
 * <p>In the caller's words, quotes, backslashes and all bytes that are not printable ASCII become {@code \xHH}.
 */
final class SentryPeerJson {
    /** The first bytes of each such line. */
    static final byte[] START = "{\"app_name\":\"sentrypeer\"".getBytes(StandardCharsets.US_ASCII);
    /** A line with the same key twice is refused: nobody knows which value counts. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final HexFormat HEX = HexFormat.of();
    private static final Pattern STAMP = Pattern.compile("[0-9 :.-]{19,40}");
    private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F:.\\[\\]]{2,60}");
    private static final Pattern TRANSPORT = Pattern.compile("[A-Z]{2,5}");

    private SentryPeerJson() {}

    /** Returns the plain form of a line of JSON. Returns any other line, and damaged JSON, as it is. */
    static Line unwrap(Line line) {
        if (!line.startsWith(START)) {
            return line;
        }
        try {
            return plain(read(line))
                    .map(text -> Line.of(text, line.arrival(), line.isLive()))
                    .orElse(line);
        } catch (IOException damaged) {
            return line;
        }
    }

    /** Returns the fields of a line. SentryPeer writes a flat object of strings. */
    private static Map<String, String> read(Line line) throws IOException {
        Map<String, String> fields = new HashMap<>();
        try (JsonParser parser = JSON.createParser(line.buffer(), line.from(), line.length())) {
            parser.nextToken();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String key = parser.currentName();
                if (key == null || parser.nextToken() != JsonToken.VALUE_STRING) {
                    throw new IOException("is not a flat object of strings");
                }
                fields.put(key, parser.getText());
            }
            if (parser.nextToken() != null) {
                throw new IOException("goes on after its end");
            }
        }
        return fields;
    }

    private static Optional<String> plain(Map<String, String> fields) {
        String stamp = fields.getOrDefault("event_timestamp", "");
        String source = fields.getOrDefault("source_ip", "");
        String transport = fields.getOrDefault("transport_type", "");
        if (!STAMP.matcher(stamp).matches()
                || !ADDRESS.matcher(source).matches()
                || !TRANSPORT.matcher(transport).matches()) {
            return Optional.empty();
        }
        return Optional.of(stamp + " sentrypeer source=" + source + " transport=" + transport + " method="
                + quoted(fields.getOrDefault("sip_method", "")) + " number="
                + quoted(fields.getOrDefault("called_number", "")) + " agent="
                + quoted(fields.getOrDefault("sip_user_agent", "")));
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b >= ' ' && b < 0x7f && b != '"' && b != '\\') {
                quoted.append((char) b);
            } else {
                quoted.append("\\x").append(HEX.toHexDigits(b));
            }
        }
        return quoted.append('"').toString();
    }
}
