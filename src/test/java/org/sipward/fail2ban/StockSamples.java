package org.sipward.fail2ban;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * fail2ban's own sample lines with what it makes of them, as Debian's package brings them. They are read where
 * {@code dist/test} has unpacked the package, and are no part of this tree.
 */
final class StockSamples {
    static final Path PACKAGE = Path.of("target/fail2ban");
    static final Path CONFIG = PACKAGE.resolve("etc/fail2ban");

    private static final Path LOGS = PACKAGE.resolve("usr/lib/python3/dist-packages/fail2ban/tests/files/logs");
    private static final Pattern HEAD = Pattern.compile("#+ ?(failJSON|(?:file|filter)Options|addFILE):(.+)");
    private static final Pattern CONSTRAINT = Pattern.compile("(name|opts\\.get\\('mode'\\)) ?(==|!=) ?'([^']*)'");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String filter;
    private final List<Sample> samples = new ArrayList<>();
    private final List<String> files = new ArrayList<>();
    private JsonNode common = JSON.createObjectNode();

    private StockSamples(String filter) {
        this.filter = filter;
        files.add(filter);
    }

    /**
     * A line and what fail2ban makes of it.
     *
     * @param options of the filter, as in {@code filter = NAME[…]}
     * @param host whom it accuses, empty if nobody
     */
    record Sample(String line, Map<String, String> options, Optional<String> host) {}

    static List<Sample> of(String filter) throws IOException {
        StockSamples read = new StockSamples(filter);
        for (int i = 0; i < read.files.size(); i++) {
            read.file(LOGS.resolve(read.files.get(i)));
        }
        return read.samples;
    }

    private void file(Path file) throws IOException {
        List<JsonNode> options = new ArrayList<>(List.of(common));
        Optional<JsonNode> expected = Optional.empty();
        for (String line : new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
                .lines()
                .toList()) {
            Matcher head = HEAD.matcher(line);
            if (expected.isPresent()) {
                add(line, options, expected.get());
                expected = Optional.empty();
            } else if (head.matches()) {
                JsonNode value = JSON.readTree(head.group(2));
                switch (head.group(1)) {
                    case "fileOptions" -> {
                        common = value;
                        options = new ArrayList<>(List.of(common));
                    }
                    case "filterOptions" -> {
                        options = new ArrayList<>();
                        (value.isArray() ? value : JSON.createArrayNode().add(value)).forEach(options::add);
                    }
                    case "addFILE" -> files.add(value.asText());
                    default -> expected = Optional.of(value);
                }
            } else if (!line.startsWith("#") && !line.isBlank()) {
                add(line, options, JSON.createObjectNode());
            }
        }
    }

    private void add(String line, List<JsonNode> options, JsonNode expected) {
        for (JsonNode each : options) {
            Map<String, String> all = new LinkedHashMap<>();
            common.properties()
                    .forEach(
                            option -> all.put(option.getKey(), option.getValue().asText()));
            each.properties()
                    .forEach(
                            option -> all.put(option.getKey(), option.getValue().asText()));
            boolean applies = holds(all.getOrDefault("test.condition", ""), all)
                    && holds(expected.path("constraint").asText(""), all);
            String whole = all.getOrDefault("test.prefix-line", "") + line;
            all.keySet().removeIf(key -> key.startsWith("test."));
            if (applies) {
                Optional<String> host = expected.path("match").asBoolean()
                        ? Optional.of(expected.path("host").asText(""))
                        : Optional.empty();
                samples.add(new Sample(whole, Map.copyOf(all), host));
            }
        }
    }

    private boolean holds(String condition, Map<String, String> options) {
        Matcher test = CONSTRAINT.matcher(condition);
        if (!test.matches()) {
            return true;
        }
        String value = test.group(1).equals("name") ? filter : options.getOrDefault("mode", "");
        return value.equals(test.group(3)) == test.group(2).equals("==");
    }
}
