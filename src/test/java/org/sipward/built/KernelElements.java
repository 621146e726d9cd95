package org.sipward.built;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.TreeMap;

/** The elements of a set of our table in the kernel of a host. */
final class KernelElements {
    private static final ObjectMapper JSON = new ObjectMapper();

    private KernelElements() {}

    /** Returns the addresses, each with its remaining seconds. Fails if there is no such set. */
    static Map<String, Long> of(Host host, String set) throws Exception {
        Map<String, Long> elements = new TreeMap<>();
        JsonNode listing = JSON.readTree(host.run("nft", "-j", "list", "set", "inet", "sipward", set));
        for (JsonNode object : listing.path("nftables")) {
            for (JsonNode element : object.path("set").path("elem")) {
                JsonNode timed = element.path("elem");
                elements.put(timed.path("val").asText(), timed.path("expires").asLong());
            }
        }
        return elements;
    }
}
