package org.sipward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final PrintStream realOut = System.out;
    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
    private final PrintStream terminal = new PrintStream(screen, true, StandardCharsets.UTF_8);

    /** A terminal shows both streams. */
    @BeforeEach
    void catchOutput() {
        System.setOut(terminal);
    }

    @AfterEach
    void giveOutputBack() {
        System.setOut(realOut);
    }

    @Test
    void takesItsLineAwayBeforeALineOfTheResult() {
        Progress progress = new Progress(terminal, true);

        progress.show(Path.of("big.log"), 30, 120, Duration.ofSeconds(10).toNanos());
        progress.println("a ban");
        progress.println("another");

        assertThat(screen.toString(StandardCharsets.UTF_8))
                .isEqualTo("\r\u001b[Kbig.log: 25 %, 30s to go\r\u001b[Ka ban\nanother\n");
    }

    @Test
    void showsNothingWhereNobodyLooks() {
        Progress progress = new Progress(terminal, false);

        progress.println("a ban");
        progress.clear();

        assertThat(screen.toString(StandardCharsets.UTF_8)).isEqualTo("a ban\n");
    }
}
