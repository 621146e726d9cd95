package org.sipward.filter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A line of {@code src/test/resources/filters/NAME.log}, and what a filter must read from it: the JSON object in the
 * comment above it.
 *
 * @param number of the line in its file
 * @param line its bytes, one char each
 * @param expected {@code kind}, {@code pattern}, {@code address}, {@code time}, {@code user}, {@code session}, {@code proven}; or {@code match: false}
 */
record Sample(int number, String line, JsonNode expected) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern ESCAPE = Pattern.compile("\\\\x([0-9a-f]{2})");
    private static final Set<String> KEYS = Set.of(
            "kind", "pattern", "address", "time", "user", "session", "proven", "match", "forged", "ignored", "escaped");

    /** Reads all samples of a filter. */
    static List<Sample> of(Path log) throws IOException {
        List<Sample> samples = new ArrayList<>();
        Optional<JsonNode> expected = Optional.empty();
        int number = 0;
        for (String line : Files.readString(log, StandardCharsets.ISO_8859_1).split("\n", -1)) {
            number++;
            if (line.startsWith("# {")) {
                expected = Optional.of(read(log + ":" + number, line.substring(2)));
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

    private static JsonNode read(String where, String json) throws IOException {
        JsonNode node = JSON.readTree(json);
        node.fieldNames().forEachRemaining(key -> {
            if (!KEYS.contains(key)) {
                throw new IllegalArgumentException(where + ": unknown key " + key);
            }
        });
        return node;
    }

    private static String unescape(String line) {
        return ESCAPE.matcher(line)
                .replaceAll(hex -> java.util.regex.Matcher.quoteReplacement(
                        String.valueOf((char) Integer.parseInt(hex.group(1), 16))));
    }
}
