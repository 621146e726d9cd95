package org.sipward.built;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.ZipFile;

/** Real logs of real attacks, with the present time as their stamps. */
final class Corpus {
    private static final Path ZIP = Path.of("src/test/resources/corpus.zip");
    private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
    private static final Pattern STAMPED = Pattern.compile("^\\[\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\]");
    private static final Pattern ACCUSED = Pattern.compile("\"expect\": \"fail\", \"ip\": \"([^\"]+)\"");
    private static final String BRUTE = "asterisk22-pjsip/a_brute_transports/messages.log";
    private static final String BRUTE_FROM = "203.0.113.128";
    private static final String BRUTE_CALL = "y381s830afarvqbh";

    private Corpus() {}

    /** Returns the lines of a log, stamped with the present time. */
    static List<String> lines(String file) throws IOException {
        String now = "[" + STAMP.format(ZonedDateTime.now(ZoneId.systemDefault())) + "]";
        try (ZipFile zip = new ZipFile(ZIP.toFile());
                InputStream in = zip.getInputStream(zip.getEntry(file))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> STAMPED.matcher(line).replaceFirst(now))
                    .toList();
        }
    }

    /** Returns the addresses that a log truly accuses. */
    static Set<String> attackers(String file) throws IOException {
        try (ZipFile zip = new ZipFile(ZIP.toFile());
                BufferedReader labels = new BufferedReader(new InputStreamReader(
                        zip.getInputStream(zip.getEntry("labels.jsonl")), StandardCharsets.UTF_8))) {
            return labels.lines()
                    .filter(label -> label.contains("\"file\": \"" + file + "\""))
                    .map(ACCUSED::matcher)
                    .filter(Matcher::find)
                    .map(accused -> accused.group(1))
                    .collect(Collectors.toSet());
        }
    }

    /** Returns lines that each report one wrong password from this address now, each in another call. */
    static List<String> failures(String address, int first, int count) throws IOException {
        String line = lines(BRUTE).get(0).replace(BRUTE_FROM, address);
        return IntStream.range(first, first + count)
                .mapToObj(call -> line.replace(BRUTE_CALL, "call" + call))
                .toList();
    }
}
