package org.sipward.apiban;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The two fields of an APIBAN answer, in any of their known forms: {@code ipaddress} is an array of strings, one string
 * or missing; {@code ID} is a string, a number or missing. Other fields, and the order, do not matter.
 *
 * @param addresses empty if the field is missing; an element that is not a string becomes an empty string
 * @param id empty if the field is missing
 */
public record Body(Optional<List<String>> addresses, Optional<String> id) {
    /** APIBAN sends 250. An answer with more than this is not a page, and its rest is not kept. */
    static final int MAX_ADDRESSES = 10_000;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(8)
                    .maxStringLength(10_000)
                    .maxNameLength(100)
                    .maxNumberLength(40)
                    .build())
            // Answers come minutes apart: keep nothing between them, least of all a stranger's field names.
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .recyclerPool(JsonRecyclerPools.nonRecyclingPool())
            .build();

    /** Returns the fields, or empty if the bytes are not one whole JSON object with at least one of them. */
    static Optional<Body> parse(byte[] json) {
        try (JsonParser parser = JSON.createParser(json)) {
            return parser.nextToken() == JsonToken.START_OBJECT ? object(parser) : Optional.empty();
        } catch (IOException notJson) {
            return Optional.empty();
        }
    }

    /** Returns whether the first address is not an address but these words. */
    public boolean says(String words) {
        return addresses.orElse(List.of()).stream()
                .limit(1)
                .anyMatch(text -> text.strip().toLowerCase(Locale.ROOT).equals(words));
    }

    private static Optional<Body> object(JsonParser parser) throws IOException {
        Optional<List<String>> addresses = Optional.empty();
        Optional<String> id = Optional.empty();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals("ipaddress")) {
                addresses = value == JsonToken.VALUE_NULL ? Optional.empty() : Optional.of(addresses(parser, value));
            } else if (name.equals("ID")) {
                id = value == JsonToken.VALUE_NULL ? Optional.empty() : Optional.of(text(parser, value));
            } else {
                parser.skipChildren();
            }
        }
        boolean whole = parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null;
        return whole && (addresses.isPresent() || id.isPresent())
                ? Optional.of(new Body(addresses, id))
                : Optional.empty();
    }

    private static List<String> addresses(JsonParser parser, JsonToken value) throws IOException {
        if (value != JsonToken.START_ARRAY) {
            return List.of(text(parser, value));
        }
        List<String> addresses = new ArrayList<>();
        JsonToken token = parser.nextToken();
        while (token != null && token != JsonToken.END_ARRAY) {
            String text = text(parser, token);
            // One more than allowed shows that there were too many.
            if (addresses.size() <= MAX_ADDRESSES) {
                addresses.add(text);
            }
            token = parser.nextToken();
        }
        return addresses;
    }

    private static String text(JsonParser parser, JsonToken value) throws IOException {
        if (value == JsonToken.VALUE_STRING || value == JsonToken.VALUE_NUMBER_INT) {
            return parser.getText();
        }
        parser.skipChildren();
        return "";
    }
}
