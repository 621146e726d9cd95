package org.sipward.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PageRunsTest {
    private static long page(int kind) {
        return switch (kind) {
            case 'f' -> 1L << 63 | 1L << 61 | 1L << 56 | 0x1234;
            case 'c' -> 1L << 63 | 1L << 55;
            case 's' -> 1L << 62 | 0x77;
            default -> 0;
        };
    }

    /** f: of a file, c: changed, s: changed and swapped, -: not in memory. */
    @ParameterizedTest
    @CsvSource({
        "ffff, 0+4",
        "ffcff, 0+2 3+2",
        "cffs-f-c, 1+2 4+3",
        "-f--, 0+4",
        "----, ''",
        "--c-s-, ''",
        "cccc, ''",
        "'', ''"
    })
    void findsRunsOfUnchangedPages(String pages, String expected) throws IOException {
        List<String> found = new ArrayList<>();
        PageRuns runs = new PageRuns((first, count) -> found.add(first + "+" + count));

        for (int kind : pages.chars().toArray()) {
            runs.add(page(kind));
        }
        runs.end();

        assertThat(String.join(" ", found)).isEqualTo(expected);
    }
}
