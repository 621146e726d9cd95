package org.sipward.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sipward.control.ExitCode;
import org.sipward.net.Network;

/** The addresses and prefixes of a command line; {@code -} stands for a list on standard input, one per line. */
final class Addresses {
    /** The most addresses that one command accepts; a longer list should be a feed. */
    private static final int MAX = 100_000;
    /** The most addresses in one request; the agent answers so many within a second. */
    private static final int BATCH = 200;

    private Addresses() {}

    /**
     * Returns the requests for these addresses: one for each batch of them.
     *
     * @param base the request without the addresses
     * @throws CommandFailure if one of them is not an address, before anything is sent
     */
    static List<Map<String, Object>> requests(Map<String, Object> base, List<String> words) {
        List<String> addresses = new ArrayList<>();
        for (String word : words) {
            if (word.equals("-")) {
                addresses.addAll(standardInput());
            } else {
                addresses.add(word);
            }
        }
        addresses.forEach(Addresses::check);
        if (addresses.isEmpty()) {
            throw new CommandFailure(ExitCode.USAGE, "standard input holds no address");
        }
        List<Map<String, Object>> requests = new ArrayList<>();
        for (int from = 0; from < addresses.size(); from += BATCH) {
            Map<String, Object> request = new LinkedHashMap<>(base);
            request.put("addresses", addresses.subList(from, Math.min(from + BATCH, addresses.size())));
            requests.add(request);
        }
        return requests;
    }

    /** Returns the lines that hold an address, without blanks and without comments, which begin with {@code #}. */
    private static List<String> standardInput() {
        List<String> lines = new ArrayList<>();
        try {
            BufferedReader reader = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                String address = line.replaceFirst("#.*", "").strip();
                if (!address.isEmpty()) {
                    lines.add(address);
                }
                if (lines.size() > MAX) {
                    throw new CommandFailure(ExitCode.USAGE, "standard input holds more than " + MAX + " addresses");
                }
            }
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.USAGE, "cannot read standard input: " + e.getMessage());
        }
        return lines;
    }

    private static void check(String address) {
        if (Network.parse(address).isEmpty()) {
            throw new CommandFailure(
                    ExitCode.USAGE,
                    Text.shown(address, 100)
                            + " is not an address or prefix; write one such as 203.0.113.7 or 198.51.100.0/24");
        }
    }
}
