package org.sipward.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sipward.testing.MovableClock;

class OldCursorsTest {
    private static final Duration HOURS = Duration.ofHours(6);

    @TempDir
    private Path folder;

    private final MovableClock clock = new MovableClock(Instant.parse("2026-11-22T10:00:00Z"));
    private final MemoryCursors cursors = new MemoryCursors();
    private final OldCursors old = new OldCursors(cursors, clock);
    private Path log;

    @BeforeEach
    void save() throws IOException {
        log = folder.resolve("messages-2026-11-21.log");
        cursors.saveCursor(log.toString(), "1");
    }

    @Test
    void forgetsTheCursorOfALogThatHasBeenGoneForADay() throws IOException {
        look(4);
        assertThat(cursors.cursors()).containsExactly(log.toString());

        look(1);

        assertThat(cursors.cursors()).isEmpty();
    }

    @Test
    void keepsTheCursorOfALogThatAJailStillReadsThoughItsFileIsGone() throws IOException {
        for (int i = 0; i < 10; i++) {
            old.forget(Set.of(log));
            clock.move(HOURS);
        }

        assertThat(cursors.cursors()).containsExactly(log.toString());
    }

    @Test
    void keepsTheCursorOfALogThatIsThereThoughNoJailReadsIt() throws IOException {
        Files.createFile(log);

        look(10);

        assertThat(cursors.cursors()).containsExactly(log.toString());
    }

    @Test
    void countsTheDayAgainForALogThatCameBack() throws IOException {
        look(4);
        Files.createFile(log);
        look(1);
        Files.delete(log);

        look(4);
        assertThat(cursors.cursors()).containsExactly(log.toString());
        look(1);

        assertThat(cursors.cursors()).isEmpty();
    }

    @Test
    void countsTheDayAgainAfterARestart() throws IOException {
        look(4);
        OldCursors restarted = new OldCursors(cursors, clock);

        restarted.forget(Set.of());

        assertThat(cursors.cursors()).containsExactly(log.toString());
    }

    @Test
    void keepsTheCursorsOfFeedsAndOfTheJournal() throws IOException {
        cursors.saveCursor("feed:apiban", "1000");
        cursors.saveCursor("journal asterisk.service", "s=1");

        look(10);

        assertThat(cursors.cursors()).containsExactlyInAnyOrder("feed:apiban", "journal asterisk.service");
    }

    @Test
    void triesAgainAfterAStoreThatFailed() throws IOException {
        look(4);
        cursors.failing = true;
        try (LogRecorder said = new LogRecorder(OldCursors.class)) {
            look(1);

            assertThat(said.with("will retry: the disk is full")).hasSize(1);
        }
        cursors.failing = false;
        look(1);

        assertThat(cursors.cursors()).isEmpty();
    }

    private void look(int times) {
        for (int i = 0; i < times; i++) {
            old.forget(Set.of());
            clock.move(HOURS);
        }
    }
}
