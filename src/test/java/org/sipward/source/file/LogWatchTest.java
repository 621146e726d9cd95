package org.sipward.source.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LogWatchTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(50);
    /** Longer than a flood can last without a write. */
    private static final Duration CALM = Duration.ofMillis(600);

    @TempDir
    private Path directory;

    private Path log;
    private LogWatch watch;

    @BeforeEach
    void open() {
        log = directory.resolve("messages");
        watch = LogWatch.open();
    }

    @AfterEach
    void close() throws IOException {
        watch.close();
    }

    @Test
    void wakesWhenALogIsWrittenTo() throws IOException {
        Tail.append(log, "one\n");
        watch.watch(log);
        Tail.append(log, "two\n");

        assertThat(watch.await(LONG)).containsExactly(log);
    }

    @Test
    void reportsWhichLogChanged() throws IOException {
        Path other = directory.resolve("full");
        watch.watch(log);
        watch.watch(other);
        Tail.append(other, "one\n");

        assertThat(watch.await(LONG)).containsExactly(other);
    }

    @Test
    void wakesWhenARenamedLogIsWrittenTo() throws IOException {
        Tail.append(log, "one\n");
        Files.move(log, directory.resolve("messages.1"));
        watch.watch(log);
        Tail.append(directory.resolve("messages.1"), "two\n");

        assertThat(watch.await(LONG)).containsExactly(log);
    }

    @Test
    void turnsAFloodIntoOneWakeUp() throws IOException {
        watch.watch(log);
        for (int i = 0; i < 1_000; i++) {
            Tail.append(log, "line\n");
        }
        assertThat(watch.await(LONG)).containsExactly(log);

        int wakeUps = 1;
        while (!watch.await(SHORT).isEmpty()) {
            wakeUps++;
        }
        assertThat(wakeUps).isLessThan(50);
    }

    @Test
    void reportsEveryChangeInAFloodAndItsEnd() throws IOException {
        Path other = directory.resolve("full");
        watch.watch(log);
        watch.watch(other);
        for (int i = 0; i < 3 * WatchedDirectory.FLOOD_WAKE_UPS; i++) {
            Tail.append(log, "line\n");
            assertThat(awaitChangeOf(log)).isTrue();
        }

        // A write to a log that was quiet, and a rotation.
        Tail.append(other, "one\n");
        assertThat(awaitChangeOf(other)).isTrue();
        Files.move(log, directory.resolve("messages.1"));
        Tail.append(log, "new\n");
        assertThat(awaitChangeOf(log)).isTrue();

        while (!watch.await(CALM).isEmpty()) {}
        Tail.append(log, "line\n");
        assertThat(watch.await(LONG)).containsExactly(log);
    }

    /** Waits until this path is reported, whatever else is. */
    private boolean awaitChangeOf(Path path) {
        for (Set<Path> changed = watch.await(LONG); !changed.isEmpty(); changed = watch.await(LONG)) {
            if (changed.contains(path)) {
                return true;
            }
        }
        return false;
    }

    @Test
    void returnsNothingWhenTheTimeIsOver() {
        watch.watch(log);

        assertThat(watch.await(SHORT)).isEmpty();
    }

    @Test
    void wakesForADirectoryInWhichAFileAppears() throws IOException {
        watch.watchDirectory(directory);
        Tail.append(directory.resolve("new.log"), "one\n");

        assertThat(watch.await(LONG)).containsExactly(directory);
    }

    @Test
    void wakesForALogWhoseDirectoryAppears() throws IOException {
        Path deep = directory.resolve("later/messages");
        watch.watch(deep);
        Files.createDirectory(deep.getParent());

        assertThat(watch.await(LONG)).containsExactly(deep);
        Tail.append(deep, "one\n");
        assertThat(watch.await(LONG)).containsExactly(deep);
    }

    @Test
    void wakesForALogWhoseDirectoryIsCreatedAgain() throws IOException {
        Path deep = Files.createDirectory(directory.resolve("sub")).resolve("messages");
        watch.watch(deep);
        Files.delete(deep.getParent());
        assertThat(watch.await(SHORT)).isEmpty();
        Files.createDirectory(deep.getParent());

        assertThat(watch.await(LONG)).containsExactly(deep);
        Tail.append(deep, "one\n");
        assertThat(watch.await(LONG)).containsExactly(deep);
    }

    @Test
    void wakesWhenALinksTargetIsWrittenTo() throws IOException {
        Path first = Files.createDirectory(directory.resolve("one")).resolve("a.log");
        Path second = Files.createDirectory(directory.resolve("two")).resolve("b.log");
        Files.createFile(first);
        Files.createFile(second);
        Files.createSymbolicLink(log, first);
        watch.watch(log);
        Tail.append(first, "one\n");
        assertThat(watch.await(LONG)).containsExactly(log);

        Path next = Files.createSymbolicLink(directory.resolve("next"), second);
        Files.move(next, log, StandardCopyOption.ATOMIC_MOVE);
        assertThat(watch.await(LONG)).containsExactly(log);
        Tail.append(second, "two\n");
        assertThat(watch.await(LONG)).containsExactly(log);
    }

    @Test
    void pollsByTheClockIfNoEventsCome() throws IOException {
        try (LogWatch polling = LogWatch.open(any -> false)) {
            polling.watch(log);
            assertThat(polling.await(LONG)).containsExactly(log);
            assertThat(polling.await(LONG)).containsExactly(log);
        }
    }

    @Test
    void forgetsALog() throws IOException {
        watch.watch(log);
        watch.forget(log);
        Tail.append(log, "one\n");

        assertThat(watch.await(SHORT)).isEmpty();
    }

    @Test
    void isWokenByAnotherThread() throws InterruptedException, ExecutionException {
        watch.watch(log);
        FutureTask<Boolean> waiting = new FutureTask<>(() -> watch.await(LONG).isEmpty() && !Thread.interrupted());
        Thread thread = new Thread(waiting);
        thread.start();
        watch.wake();

        assertThat(waiting.get()).isTrue();
    }

    @Test
    void remembersThatItWasWokenBeforeItWaited() {
        watch.watch(log);
        CompletableFuture.runAsync(watch::wake).join();

        assertThat(watch.await(LONG)).isEmpty();
    }

    @Test
    void keepsTheThreadInterrupted() {
        watch.watch(log);
        Thread.currentThread().interrupt();

        assertThat(watch.await(LONG)).isEmpty();
        assertThat(Thread.interrupted()).isTrue();
    }
}
