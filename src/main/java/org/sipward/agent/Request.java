package org.sipward.agent;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;

/**
 * A command of the operator.
 *
 * @param arguments as the control socket received them, the command's name among them
 */
record Request(Map<String, Object> arguments) {
    /** Returns the name of the command. */
    String command() {
        return text("command");
    }

    /** Returns the text of an argument, empty if it is not there. */
    String text(String key) {
        return String.valueOf(arguments.getOrDefault(key, ""));
    }

    /** Returns whether this option is set. */
    boolean has(String option) {
        return Boolean.TRUE.equals(arguments.get(option));
    }

    /** Returns the number that the operator gave as {@code limit}, at least 1, or the usual one. */
    int limit(int usual) {
        int asked = arguments.get("limit") instanceof Number number ? number.intValue() : usual;
        return Math.max(1, asked);
    }

    /**
     * Returns the one address that the request names.
     *
     * @throws IllegalArgumentException in the operator's words
     */
    IpAddress address() {
        String text = text("address");
        return IpAddress.parse(text)
                .orElseThrow(() -> new IllegalArgumentException(
                        text + " is not an address; write one such as 203.0.113.7 or 2001:db8::7"));
    }

    /**
     * Returns the networks that the request names, in {@code address} or in the list {@code addresses}: each once, in
     * their order.
     *
     * @throws IllegalArgumentException in the operator's words, if one of them cannot be understood
     */
    Set<Network> networks() {
        List<String> texts = new ArrayList<>();
        if (arguments.get("addresses") instanceof List<?> several) {
            several.forEach(one -> texts.add(String.valueOf(one)));
        } else {
            texts.add(text("address"));
        }
        Set<Network> networks = new LinkedHashSet<>();
        texts.forEach(text -> networks.add(network(text)));
        return networks;
    }

    private static Network network(String text) {
        Network network = Network.parse(text)
                .orElseThrow(() -> new IllegalArgumentException(text
                        + " is not an address and not a prefix; write one such as 203.0.113.7 or 198.51.100.0/24"));
        int slash = text.indexOf('/');
        if (slash >= 0 && !IpAddress.parse(text.substring(0, slash)).equals(Optional.of(network.address()))) {
            throw new IllegalArgumentException(
                    text + " is not the first address of a prefix; if you mean all of it, write " + network);
        }
        return network;
    }
}
