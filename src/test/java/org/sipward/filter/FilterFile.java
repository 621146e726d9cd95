package org.sipward.filter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.sipward.filter.FilterSpec.Kind;

/** Reads a filter's file, as it is, without a word on what is wrong with it. */
final class FilterFile {
    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

    private FilterFile() {}

    static FilterSpec read(Path file) throws IOException {
        JsonNode root = YAML.readTree(file.toFile());
        List<String> time = new ArrayList<>();
        root.path("time").forEach(name -> time.add(name.asText()));
        List<FilterSpec.Pattern> patterns = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            root.path(kind.key()).properties().forEach(entry -> {
                JsonNode value = entry.getValue();
                String regex =
                        value.isTextual() ? value.asText() : value.path("regex").asText();
                int weight = value.path("weight").asInt(1);
                patterns.add(new FilterSpec.Pattern(kind, entry.getKey(), regex, weight));
            });
        }
        return new FilterSpec(
                root.path("name").asText(),
                root.path("description").asText(),
                time,
                root.path("prefix").asText(),
                patterns);
    }
}
