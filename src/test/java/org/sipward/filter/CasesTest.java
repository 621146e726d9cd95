package org.sipward.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Reads logs as distributions, containers and published recipes write them: {@code cases/NAME.log}, whose lines must be read as
 * {@code NAME.expect} says. A line there is the number of one of the log's, a tab, and what it reports: {@code failure ADDRESS},
 * {@code success ADDRESS} or {@code -} for nobody. Its comments name the filter.
 */
class CasesTest {
    private static final Path CASES = Path.of("src/test/resources/cases");
    private static final String FILTER = "# filter: ";

    static List<String> cases() throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> logs = Files.newDirectoryStream(CASES, "*.log")) {
            logs.forEach(log -> names.add(log.getFileName().toString().replaceFirst("\\.log$", "")));
        }
        return names;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void readsEachLineAsExpected(String name) throws Exception {
        List<String> expect = Files.readAllLines(CASES.resolve(name + ".expect"));
        String filter = expect.stream()
                .filter(line -> line.startsWith(FILTER))
                .map(line -> line.substring(FILTER.length()))
                .findFirst()
                .orElseThrow();
        Map<Integer, String> expected = expect.stream()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("\t", 2))
                .collect(Collectors.toMap(
                        line -> Integer.valueOf(line[0]), line -> line[1], (one, other) -> other, TreeMap::new));

        Map<Integer, String> read =
                read(Reading.filter(filter), Files.readString(log(name), StandardCharsets.ISO_8859_1));

        assertThat(read).isEqualTo(expected);
    }

    private static Map<Integer, String> read(Filter filter, String log) {
        Map<Integer, String> read = new TreeMap<>();
        LogReader reader = filter.reader(ZoneOffset.UTC);
        String[] lines = log.replaceFirst("\n$", "").split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            int number = i + 1;
            read.put(number, "-");
            reader.read(
                    Reading.line(lines[i]),
                    match -> match.address()
                            .ifPresent(address ->
                                    read.put(number, match.kind().name().toLowerCase(Locale.ROOT) + " " + address)));
        }
        reader.end();
        return read;
    }

    private static Path log(String name) {
        return CASES.resolve(name + ".log");
    }
}
