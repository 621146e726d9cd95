package org.sipward.firewall;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;

/**
 * Reads {@code nft -j list …} as a stream: the elements of our sets one by one, and the rest of our table as one text,
 * which stays the same as long as nobody changes table, chain, sets and rules. Other tables are skipped.
 *
 * <p>An element is an address, a prefix or a range, bare or, if it has a timeout, inside an {@code elem}:
 * {@code "192.0.2.1"}, {@code {"prefix": {"addr": "192.0.2.0", "len": 24}}},
 * {@code {"elem": {"val": …, "timeout": 60, "expires": 59}}} (libnftables-json(5)).
 *
 * <p>Memory: at most {@value #MAX_CHARS} characters of the text, so that a table that somebody else made under our name
 * cannot fill the memory.
 */
final class TableListing {
    /** The remaining seconds of an element without a timeout. */
    static final long NO_END = Long.MAX_VALUE;

    private static final int MAX_CHARS = 100_000;
    private static final JsonFactory JSON = new JsonFactory();

    private final JsonParser json;
    private final Elements elements;
    private final StringBuilder structure = new StringBuilder();

    private TableListing(JsonParser json, Elements elements) {
        this.json = json;
        this.elements = elements;
    }

    /** Receives the elements of our sets. */
    interface Elements {
        Elements NONE = (set, network, seconds) -> {};

        /**
         * Receives an element, or one of the prefixes that make up a range.
         *
         * @param seconds the remaining seconds, or {@link #NO_END}
         */
        void take(KernelSet set, Network network, long seconds);
    }

    /**
     * Returns our table without elements, counts and quotas; empty if it is not in the listing.
     *
     * @throws IOException if the listing is cut short or has an unknown format
     */
    static String read(InputStream in, Elements elements) throws IOException {
        try (JsonParser json = JSON.createParser(in)) {
            json.disable(JsonParser.Feature.AUTO_CLOSE_SOURCE);
            TableListing listing = new TableListing(json, elements);
            if (json.nextToken() == null) {
                return "";
            }
            listing.expect(JsonToken.FIELD_NAME);
            listing.expect(JsonToken.START_ARRAY);
            while (json.nextToken() == JsonToken.START_OBJECT) {
                listing.expect(JsonToken.FIELD_NAME);
                String kind = json.currentName();
                listing.expect(JsonToken.START_OBJECT);
                listing.object(kind);
                listing.expect(JsonToken.END_OBJECT);
            }
            listing.expect(JsonToken.END_OBJECT);
            return listing.structure.toString();
        }
    }

    private void expect(JsonToken token) throws IOException {
        if (json.nextToken() != token) {
            throw new IOException("nft printed a listing in an unknown format");
        }
    }

    private void object(String kind) throws IOException {
        StringBuilder text = new StringBuilder(kind);
        Map<String, String> names = new HashMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String field = json.currentName();
            JsonToken value = json.nextToken();
            if (field.equals("elem") && value == JsonToken.START_ARRAY) {
                elements(names);
                continue;
            }
            if (value == JsonToken.VALUE_STRING) {
                names.put(field, json.getText());
            }
            text.append(' ').append(field).append(' ');
            copy(value, text);
        }
        if (isOurs(names, kind.equals("table") ? "name" : "table") && structure.length() <= MAX_CHARS) {
            structure.append(text).append('\n');
        }
    }

    private static boolean isOurs(Map<String, String> names, String field) {
        return "inet".equals(names.get("family")) && "sipward".equals(names.get(field));
    }

    /** Copies a value, except packet and byte counters, which change by themselves. */
    private void copy(JsonToken first, StringBuilder text) throws IOException {
        int depth = 0;
        JsonToken token = first;
        while (token != null) {
            depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
            boolean counts = token == JsonToken.FIELD_NAME
                    && (json.currentName().equals("packets")
                            || json.currentName().equals("bytes"));
            if (counts) {
                json.nextToken();
            } else if (text.length() <= MAX_CHARS) {
                text.append(json.getText()).append(' ');
            }
            if (depth == 0) {
                return;
            }
            token = json.nextToken();
        }
    }

    private void elements(Map<String, String> names) throws IOException {
        Optional<KernelSet> set =
                isOurs(names, "table") ? KernelSet.named(names.getOrDefault("name", "")) : Optional.empty();
        for (JsonToken token = json.nextToken();
                token != null && token != JsonToken.END_ARRAY;
                token = json.nextToken()) {
            Timed timed = new Timed();
            element(token, timed);
            set.ifPresent(ours -> timed.networks.forEach(network -> elements.take(ours, network, timed.seconds)));
        }
    }

    private void element(JsonToken token, Timed timed) throws IOException {
        if (token == JsonToken.VALUE_STRING) {
            Network.parse(json.getText()).ifPresent(timed.networks::add);
        } else if (token == JsonToken.START_OBJECT) {
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String field = json.currentName();
                JsonToken value = json.nextToken();
                switch (field) {
                    case "elem", "val" -> element(value, timed);
                    case "prefix" -> prefix(timed);
                    case "range" -> range(timed);
                    case "expires" -> timed.seconds = json.getLongValue();
                    default -> json.skipChildren();
                }
            }
        } else {
            json.skipChildren();
        }
    }

    private void prefix(Timed timed) throws IOException {
        String address = "";
        int length = -1;
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            boolean isLength = json.currentName().equals("len");
            json.nextToken();
            if (isLength) {
                length = json.getIntValue();
            } else {
                address = json.getText();
            }
        }
        int prefix = length;
        IpAddress.parse(address)
                .filter(first -> prefix >= 0 && prefix <= first.bits())
                .ifPresent(first -> timed.networks.add(new Network(first, prefix)));
    }

    private void range(Timed timed) throws IOException {
        List<IpAddress> ends = new ArrayList<>();
        while (json.nextToken() == JsonToken.VALUE_STRING) {
            IpAddress.parse(json.getText()).ifPresent(ends::add);
        }
        if (ends.size() == 2) {
            timed.networks.addAll(BannedPrefixes.between(ends.get(0), ends.get(1)));
        }
    }

    /** An element while it is read. */
    private static final class Timed {
        private final List<Network> networks = new ArrayList<>();
        private long seconds = NO_END;
    }
}
