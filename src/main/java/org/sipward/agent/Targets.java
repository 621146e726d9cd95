package org.sipward.agent;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;

/** The addresses and prefixes that a command names. */
final class Targets {
    private Targets() {}

    /** Returns the text of an argument, empty if it is not there. */
    static String text(Map<String, Object> request, String key) {
        return String.valueOf(request.getOrDefault(key, ""));
    }

    /**
     * Returns the one address that the request names.
     *
     * @throws IllegalArgumentException in the operator's words
     */
    static IpAddress address(Map<String, Object> request) {
        String text = text(request, "address");
        return IpAddress.parse(text)
                .orElseThrow(() -> new IllegalArgumentException(
                        text + " is not an address; write one such as 203.0.113.7 or 2001:db8::7"));
    }

    /**
     * Returns what the request names in {@code address} or, several, in {@code addresses}: each network once, in their
     * order.
     *
     * @throws IllegalArgumentException in the operator's words, if one of them cannot be understood
     */
    static Set<Network> networks(Map<String, Object> request) {
        List<String> texts = new ArrayList<>();
        if (request.get("addresses") instanceof List<?> several) {
            several.forEach(one -> texts.add(String.valueOf(one)));
        } else {
            texts.add(text(request, "address"));
        }
        Set<Network> networks = new LinkedHashSet<>();
        texts.forEach(text -> networks.add(network(text)));
        return networks;
    }

    /** Returns what is banned for this: an IPv6 address with its /64, as a jail would. */
    static Network banned(Network named) {
        return named.isHost() ? Network.ofOffender(named.address()) : named;
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
