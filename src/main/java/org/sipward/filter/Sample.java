package org.sipward.filter;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of a {@code NAME.log} beside a filter, and what the filter must read out of it.
 *
 * @param number of the line in its file
 * @param line its bytes, one char each
 * @param expected the JSON object in the comment above the line: any of {@code kind}, {@code pattern}, {@code address},
 *     {@code time}, {@code user}, {@code number}, {@code agent}, {@code session} and {@code proven}; or
 *     {@code match: false}
 */
record Sample(int number, String line, Map<String, String> expected) {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Pattern ESCAPE = Pattern.compile("\\\\x([0-9a-f]{2})");
    private static final Set<String> KEYS = Set.of(
            "kind", "pattern", "address", "time", "user", "number", "agent", "session", "proven", "match", "forged",
            "ignored", "escaped");

    /**
     * Reads all samples of a filter.
     *
     * @param text the whole file, one char for each byte
     * @throws IOException with the number of the line at its start, if a comment is not valid
     */
    static List<Sample> of(String text) throws IOException {
        List<Sample> samples = new ArrayList<>();
        Optional<Map<String, String>> expected = Optional.empty();
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            if (line.startsWith("# {")) {
                expected = Optional.of(read(number, line.substring(2)));
            } else if (expected.isPresent()) {
                Map<String, String> keys = expected.get();
                samples.add(new Sample(number, keys.containsKey("escaped") ? unescape(line) : line, keys));
                expected = Optional.empty();
            }
        }
        return samples;
    }

    Optional<String> text(String key) {
        return Optional.ofNullable(expected.get(key));
    }

    /** Returns whether a pattern may match the line. */
    boolean mayMatch() {
        return !"false".equals(expected.get("match"));
    }

    private static Map<String, String> read(int number, String json) throws IOException {
        Map<String, String> keys = new LinkedHashMap<>();
        try (JsonParser parser = JSON.createParser(json)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String key = parser.currentName();
                JsonToken value = parser.nextToken();
                if (!value.isScalarValue()) {
                    throw new IOException(key + " is not a single value");
                }
                keys.put(key, parser.getText());
            }
            if (!parser.hasToken(JsonToken.END_OBJECT) || parser.nextToken() != null) {
                throw new IOException("text after the object");
            }
        } catch (IOException notJson) {
            throw new IOException(number + ": is not a JSON object", notJson);
        }
        for (String key : keys.keySet()) {
            if (!KEYS.contains(key)) {
                throw new IOException(number + ": has an unknown key, " + key);
            }
        }
        return keys;
    }

    private static String unescape(String line) {
        return ESCAPE.matcher(line)
                .replaceAll(hex -> Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(hex.group(1), 16))));
    }
}
