package org.sipward.firewall;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;

/** The contents of a namespace's kernel table, as nft lists them. */
final class KernelTable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final NetworkNamespace namespace;

    KernelTable(NetworkNamespace namespace) {
        this.namespace = namespace;
    }

    /** Returns the elements of a set with their timeouts in seconds; 0 if an element has no timeout. */
    Map<String, Integer> set(String name) throws IOException {
        Map<String, Integer> elements = new TreeMap<>();
        for (JsonNode object : objects("list", "set", "inet", "sipward", name)) {
            for (JsonNode element : object.path("set").path("elem")) {
                boolean timed = element.has("elem");
                JsonNode value = timed ? element.path("elem").path("val") : element;
                elements.put(
                        text(value),
                        timed ? element.path("elem").path("timeout").asInt() : 0);
            }
        }
        return elements;
    }

    /** Returns type and flags of each set. */
    Map<String, String> sets() throws IOException {
        Map<String, String> sets = new TreeMap<>();
        for (JsonNode object : objects("list", "ruleset")) {
            JsonNode set = object.path("set");
            if (!set.isMissingNode()) {
                sets.put(
                        set.path("name").asText(),
                        set.path("type").asText() + " " + texts(set.path("flags")) + (set.has("size") ? " size" : ""));
            }
        }
        return sets;
    }

    /** Returns the names of the tables. */
    List<String> tables() throws IOException {
        List<String> tables = new ArrayList<>();
        for (JsonNode object : objects("list", "ruleset")) {
            if (object.has("table")) {
                JsonNode table = object.path("table");
                tables.add(
                        table.path("family").asText() + " " + table.path("name").asText());
            }
        }
        return tables;
    }

    /** Returns the chains as type, hook, priority and policy. */
    List<String> chains() throws IOException {
        List<String> chains = new ArrayList<>();
        for (JsonNode object : objects("list", "ruleset")) {
            JsonNode chain = object.path("chain");
            if (!chain.isMissingNode()) {
                chains.add(String.join(
                        " ",
                        chain.path("name").asText(),
                        chain.path("type").asText(),
                        chain.path("hook").asText(),
                        chain.path("prio").asText(),
                        chain.path("policy").asText()));
            }
        }
        return chains;
    }

    /** Returns the lines of the chain's rules, without counts. */
    List<String> rules() throws IOException {
        return namespace
                .run("nft", "list", "chain", "inet", "sipward", "guard")
                .lines()
                .map(String::strip)
                .filter(line -> line.startsWith("ip"))
                .map(line -> line.replaceAll(" packets [0-9]+ bytes [0-9]+", ""))
                .toList();
    }

    private static String text(JsonNode value) {
        JsonNode prefix = value.path("prefix");
        return prefix.isMissingNode()
                ? value.asText()
                : prefix.path("addr").asText() + "/" + prefix.path("len").asText();
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    private JsonNode objects(String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("-j"));
        all.addAll(List.of(arguments));
        return JSON.readTree(namespace.run("nft", all.toArray(String[]::new))).path("nftables");
    }
}
