package org.sipward.filter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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
record Sample(int number, String line, JsonNode expected) {
    private static final ObjectMapper JSON = new ObjectMapper();
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
        Optional<JsonNode> expected = Optional.empty();
        int number = 0;
        for (String line : text.split("\n", -1)) {
            number++;
            if (line.startsWith("# {")) {
                expected = Optional.of(read(number, line.substring(2)));
            } else if (expected.isPresent()) {
                JsonNode node = expected.get();
                samples.add(new Sample(number, node.has("escaped") ? unescape(line) : line, node));
                expected = Optional.empty();
            }
        }
        return samples;
    }

    Optional<String> text(String key) {
        return Optional.ofNullable(expected.get(key)).map(JsonNode::asText);
    }

    private static JsonNode read(int number, String json) throws IOException {
        JsonNode node;
        try {
            node = JSON.readTree(json);
        } catch (IOException notJson) {
            throw new IOException(number + ": is not a JSON object", notJson);
        }
        for (String key : (Iterable<String>) node::fieldNames) {
            if (!KEYS.contains(key)) {
                throw new IOException(number + ": has an unknown key, " + key);
            }
        }
        return node;
    }

    private static String unescape(String line) {
        return ESCAPE.matcher(line)
                .replaceAll(hex -> Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(hex.group(1), 16))));
    }
}
