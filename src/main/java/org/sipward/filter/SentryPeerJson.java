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
 * Turns a line of SentryPeer's JSON log into a plain one with the stamp in front and the sender's words at the end,
 * because the order of the keys differs between its versions (1 to 3 write {@code source_ip} before the sender's
 * words, 4 behind them and with a port):
 *
 * <pre>
 * {"app_name":"sentrypeer","event_timestamp":"DATE","source_ip":"A","transport_type":"T","sip_user_agent":"U",…}
 * DATE sentrypeer source=A transport=T method="M" number="N" agent="U"
 * </pre>
 *
 * <p>Whatever is not printable ASCII in the sender's words, and quotes and backslashes, become {@code \xHH}.
 */
final class SentryPeerJson {
    private static final byte[] START = "{\"app_name\":\"sentrypeer\"".getBytes(StandardCharsets.US_ASCII);
    /** A key that comes twice would leave open which value counts. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final HexFormat HEX = HexFormat.of();
    private static final Pattern STAMP = Pattern.compile("[0-9 :.-]{19,40}");
    private static final Pattern ADDRESS = Pattern.compile("[0-9a-fA-F:.\\[\\]]{2,60}");
    private static final Pattern TRANSPORT = Pattern.compile("[A-Z]{2,5}");

    private SentryPeerJson() {}

    /** Returns the plain form of a JSON line, and any other line as it is; a damaged JSON line too. */
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

    /** Returns the fields of a flat object of strings, which is all that SentryPeer writes. */
    private static Map<String, String> read(Line line) throws IOException {
        Map<String, String> fields = new HashMap<>();
        try (JsonParser parser = JSON.createParser(line.buffer(), line.from(), line.length())) {
            parser.nextToken();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String key = parser.currentName();
                if (key == null || parser.nextToken() != JsonToken.VALUE_STRING) {
                    throw new IOException("is no flat object of strings");
                }
                fields.put(key, parser.getText());
            }
            if (parser.nextToken() != null) {
                throw new IOException("goes on behind its end");
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
