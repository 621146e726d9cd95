package org.sipward.net;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sipward.file.SmallFile;

/**
 * A file that a person or a script wrote: one address, prefix or host name a line, with comments after {@code #}. Names
 * are not looked up. Memory: the file, with at most {@link SmallFile#MAX_TEXT} bytes and {@link #MAX_LINES} lines.
 *
 * @param networks addresses and prefixes
 * @param names host names
 * @param wrong the other lines, at most {@link #MAX_WRONG} of them
 */
public record AddressFile(List<Network> networks, List<String> names, List<Wrong> wrong) {
    static final int MAX_LINES = 10_000;
    static final int MAX_WRONG = 100;

    /** The bytes of a byte order mark in UTF-8. */
    private static final String MARK = "\u00ef\u00bb\u00bf";

    public AddressFile {
        networks = List.copyOf(networks);
        names = List.copyOf(names);
        wrong = List.copyOf(wrong);
    }

    /**
     * A line that allows nothing.
     *
     * @param line the number of the line, from 1
     * @param text the beginning of the line, safe to print
     * @param what what is wrong with the line
     */
    public record Wrong(int line, String text, String what) {
        private static final int MAX_CHARS = 80;

        public Wrong {
            text = text.substring(0, Math.min(text.length(), MAX_CHARS)).replaceAll("[^ -~]", "?");
        }
    }

    /**
     * Reads a regular file; does not wait for a pipe or device.
     *
     * @throws IOException with the reason, without the path, if it cannot be read or is too large
     */
    public static AddressFile read(Path file) throws IOException {
        String text = new String(SmallFile.read(file, SmallFile.MAX_TEXT), StandardCharsets.ISO_8859_1);
        List<String> lines = (text.startsWith(MARK) ? text.substring(MARK.length()) : text)
                .lines()
                .toList();
        if (lines.size() > MAX_LINES) {
            throw new IOException("has more than " + MAX_LINES + " lines");
        }
        return of(lines);
    }

    private static AddressFile of(List<String> lines) {
        List<Network> networks = new ArrayList<>();
        List<String> names = new ArrayList<>();
        List<Wrong> wrong = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            int comment = lines.get(i).indexOf('#');
            String text = (comment < 0 ? lines.get(i) : lines.get(i).substring(0, comment)).trim();
            Optional<Network> network = Network.parse(text);
            if (network.filter(any -> any.prefix() > 0).isPresent()) {
                networks.add(network.get());
            } else if (network.isEmpty() && HostName.isValid(text)) {
                names.add(text);
            } else if (!text.isEmpty() && wrong.size() < MAX_WRONG) {
                String what = network.isPresent() ? "would allow everybody" : "is not an address, prefix or host name";
                wrong.add(new Wrong(i + 1, text, what));
            }
        }
        return new AddressFile(networks, names, wrong);
    }
}
