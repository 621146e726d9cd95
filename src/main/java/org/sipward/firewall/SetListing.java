package org.sipward.firewall;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.function.Consumer;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;

/**
 * Reads what a set holds out of {@code nft -j list set}, element by element.
 *
 * <p>An element is an address or a prefix, bare or, where it has a timeout, inside an {@code elem}:
 * {@code "192.0.2.1"}, {@code {"prefix": {"addr": "192.0.2.0", "len": 24}}}, {@code {"elem": {"val": …, "timeout":
 * 60}}} (libnftables-json(5)). Ranges, which we never write, are passed over.
 */
final class SetListing {
    private static final JsonFactory JSON = new JsonFactory();

    private SetListing() {}

    static void read(InputStream in, Consumer<Network> consumer) throws IOException {
        try (JsonParser parser = JSON.createParser(in)) {
            parser.disable(JsonParser.Feature.AUTO_CLOSE_SOURCE);
            String address = "";
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                String field = field(parser);
                if (token == JsonToken.VALUE_STRING && (field.equals("elem") || field.equals("val"))) {
                    Network.parse(parser.getText()).ifPresent(consumer);
                } else if (token == JsonToken.VALUE_STRING && field.equals("addr")) {
                    address = parser.getText();
                } else if (token == JsonToken.VALUE_NUMBER_INT && field.equals("len")) {
                    int prefix = parser.getIntValue();
                    IpAddress.parse(address)
                            .filter(first -> prefix >= 0 && prefix <= first.bits())
                            .ifPresent(first -> consumer.accept(new Network(first, prefix)));
                }
            }
        }
    }

    /** Returns the field that this value is of, itself or as an entry of its array; empty if of none. */
    private static String field(JsonParser parser) {
        JsonStreamContext context = parser.getParsingContext();
        String name = context.inArray() ? context.getParent().getCurrentName() : context.getCurrentName();
        return Objects.requireNonNullElse(name, "");
    }
}
