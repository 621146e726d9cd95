package org.sipward.fail2ban;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.sipward.fail2ban.JailConverter.FilterCall;
import org.sipward.file.SmallFile;

/**
 * Tells whether a jail uses one of fail2ban's own filters unchanged, for which Sipward has a filter of the same name.
 * Our filter recognises logins, so it trusts phones that have logged in, and it is harder to deceive.
 *
 * <p>A file counts as unchanged if its lines, without comments and blanks, are those of a release since 0.8.0;
 * {@code stock-filters.txt} holds their checksums. One line changed by a distribution or an operator makes it the
 * operator's filter.
 */
final class StockFilters {
    /** Filters that come with both Sipward and fail2ban. */
    private static final Set<String> NAMES = Set.of("asterisk", "freeswitch", "sshd");

    /** The options of a jail that do not change the patterns of these filters. */
    private static final Map<String, Set<String>> HARMLESS =
            Map.of("mode", Set.of("normal"), "usedns", Set.of(), "maxlines", Set.of(), "port", Set.of());

    private StockFilters() {}

    /** Returns whether Sipward has a filter of this name. */
    static boolean has(String name) {
        return NAMES.contains(name);
    }

    /**
     * Returns whether Sipward's own filter does what this jail wants.
     *
     * @param base fail2ban's folder
     * @param call with the options that the jail and the defaults give
     */
    static boolean isStock(Path base, FilterCall call) throws IOException {
        String name = call.name();
        Path folder = base.resolve("filter.d");
        Path file = folder.resolve(name + ".conf");
        boolean changed = Files.exists(folder.resolve(name + ".local"))
                || Files.exists(folder.resolve(name + ".d"))
                || !call.options().entrySet().stream().allMatch(StockFilters::isHarmless);
        return has(name)
                && !changed
                && Files.isRegularFile(file)
                && shipped(name).contains(sum(file));
    }

    private static boolean isHarmless(Map.Entry<String, String> option) {
        Set<String> values = HARMLESS.get(option.getKey());
        return values != null
                && (values.isEmpty() || values.contains(option.getValue().strip()));
    }

    private static Set<String> shipped(String name) throws IOException {
        try (InputStream in = StockFilters.class.getResourceAsStream("stock-filters.txt")) {
            if (in == null) {
                throw new IOException("stock-filters.txt is missing from the program");
            }
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .map(line -> line.split(" ", -1))
                    .filter(fields -> fields[0].equals(name))
                    .map(fields -> fields[1])
                    .collect(Collectors.toSet());
        }
    }

    /** Returns the checksum of a file's lines, without comments, empty lines and the blanks around each. */
    private static String sum(Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(SmallFile.MAX_TEXT);
        }
        String lines = new String(bytes, StandardCharsets.ISO_8859_1)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#") && !line.startsWith(";"))
                .collect(Collectors.joining("\n"));
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(lines.getBytes(StandardCharsets.ISO_8859_1));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("each Java has SHA-256", e);
        }
    }
}
