package org.sipward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OddLinesTest {
    private static final Path LOG = Path.of("log");

    private final PrintStream realOut = System.out;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final OddLines listing = new OddLines(100);

    @BeforeEach
    void catchOutput() {
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void giveOutputBack() {
        System.setOut(realOut);
    }

    @Test
    void saysNothingOfNothing() {
        listing.print("line", "lines");

        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void showsOneLineOfEachKindTheMostFrequentFirst() {
        listing.add(LOG, 1, "", "Nov 22 10:00:00 login of 'bob' denied to 192.0.2.1");
        listing.add(LOG, 2, "", "Nov 22 10:00:01 call failed");
        listing.add(LOG, 3, "", "Nov 22 10:00:02 call failed");

        listing.print("line", "lines");

        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("""
                3 lines:
                       2  log:2: Nov 22 10:00:01 call failed
                       1  log:1: Nov 22 10:00:00 login of 'bob' denied to 192.0.2.1
                """);
    }

    @Test
    void takesLinesThatDifferInTheSendersWordsForOneKind() {
        listing.add(LOG, 1, "", "login of 'bob' denied to 192.0.2.1 (callid a1@x)");
        listing.add(LOG, 2, "", "login of 'eve x' denied to 2001:db8::1 (callid b2@y)");

        listing.print("line", "lines");

        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("2 lines:\n       2  log:1: ");
    }

    @Test
    void staysSmallWhateverAnAttackerWrites() {
        for (int i = 0; i < 10_000; i++) {
            listing.add(LOG, i, "", "denied " + Integer.toString(i, 36).replaceAll("[0-9]", "z") + "x".repeat(i % 90));
        }

        listing.print("line", "lines");

        String shown = out.toString(StandardCharsets.UTF_8);
        assertThat(shown).startsWith("10000 lines; one of each of the 10 most frequent kinds:\n");
        assertThat(shown.lines()).hasSize(11);
    }
}
