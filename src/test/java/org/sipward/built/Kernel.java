package org.sipward.built;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The contents of a host's kernel table, as the host's own {@code nft} lists them. */
final class Kernel {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern PACKETS = Pattern.compile("packets ([0-9]+)");

    private Kernel() {}

    /** Returns the members of one of our sets, each with its remaining seconds; empty if there is no such set. */
    static Map<String, Long> members(Host host, String set) throws Exception {
        Map<String, Long> members = new HashMap<>();
        for (JsonNode object :
                JSON.readTree(host.run("nft", "-j", "list", "ruleset")).path("nftables")) {
            JsonNode listed = object.path("set");
            if (listed.path("name").asText().equals(set)
                    && listed.path("table").asText().equals("sipward")) {
                for (JsonNode element : listed.path("elem")) {
                    JsonNode value = element.path("elem").path("val");
                    String text = value.isMissingNode() ? text(element) : text(value);
                    members.put(text, element.path("elem").path("expires").asLong());
                }
            }
        }
        return members;
    }

    private static String text(JsonNode value) {
        JsonNode prefix = value.path("prefix");
        return prefix.isMissingNode()
                ? value.asText()
                : prefix.path("addr").asText() + "/" + prefix.path("len").asText();
    }

    /** Returns how many packets the rule of a set has dropped. */
    static long dropped(Host host, String set) throws Exception {
        for (String rule : host.run("nft", "list", "chain", "inet", "sipward", "guard")
                .lines()
                .toList()) {
            Matcher packets = PACKETS.matcher(rule);
            if (rule.contains("@" + set + " ") && packets.find()) {
                return Long.parseLong(packets.group(1));
            }
        }
        throw new AssertionError("no rule for " + set);
    }
}
