package org.sipward.source.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sipward.source.Backfill;
import org.sipward.source.SourceState;
import org.sipward.testing.MovableClock;

class FileSourceTest {
    @TempDir
    private Path directory;

    private Path log;

    @BeforeEach
    void name() {
        log = directory.resolve("messages.log");
    }

    @Test
    void beginsAtTheEndWhenNothingIsToBeCountedAgain() throws IOException {
        Tail.append(log, "old\n");
        try (Tail tail = Tail.of(log)) {
            Tail.append(log, "new\n");

            assertThat(tail.read()).containsExactly("new");
        }
    }

    @Test
    void readsALogThatAppearsLaterFromItsFirstByte() throws IOException {
        try (Tail tail = Tail.of(log)) {
            assertThat(tail.source.state()).isEqualTo(SourceState.NOT_THERE);
            Tail.append(log, "first\n");

            assertThat(tail.read()).containsExactly("first");
            assertThat(tail.source.state()).isEqualTo(SourceState.FOLLOWING);
        }
    }

    @Test
    void splitsAtLfOnly() throws IOException {
        try (Tail tail = Tail.of(log)) {
            Tail.append(log, "a\rb\0c\u000bd\u0085e\u00e2\u0080\u00a8f\fg\u001ch\n\nlast\r\n");

            assertThat(tail.read()).containsExactly("a\rb\0c\u000bd\u0085e\u00e2\u0080\u00a8f\fg\u001ch", "", "last\r");
        }
    }

    @Test
    void waitsForTheEndOfAnUnfinishedLine() throws IOException {
        try (Tail tail = Tail.of(log)) {
            Tail.append(log, "one\nfrom 203.0.113.1");
            assertThat(tail.read()).containsExactly("one");

            Tail.append(log, "4\n");

            assertThat(tail.read()).containsExactly("from 203.0.113.14");
        }
    }

    @Test
    void waitsForTheEndOfALineThatIsUnfinishedAtTheFirstStart() throws IOException {
        Tail.append(log, "old\nfrom 203.0.113.1");
        try (Tail tail = Tail.of(log)) {
            Tail.append(log, "4\n");

            assertThat(tail.read()).containsExactly("from 203.0.113.14");
        }
    }

    @Test
    void dropsTheRestOfALongLineThatIsUnfinishedAtTheFirstStart() throws IOException {
        Tail.append(log, "old\n" + "x".repeat(9_000));
        try (Tail tail = Tail.of(log)) {
            Tail.append(log, "forged\nnew\n");

            assertThat(tail.read()).containsExactly("new");
        }
    }

    @Test
    void isLiveOnlyAfterTheEndWasReached() throws IOException {
        Tail.append(log, "1000 backlog\n");
        try (Tail tail = new Tail(log, "", Tail.TEN_MINUTES, new MovableClock(Instant.ofEpochSecond(1_000)))) {
            assertThat(tail.read()).containsExactly("1000 backlog");
            assertThat(tail.live).containsExactly(false);

            Tail.append(log, "1000 now\n");

            assertThat(tail.read()).containsExactly("1000 now");
            assertThat(tail.live).containsExactly(true);
        }
    }

    @Test
    void takesTheFilesLastWriteForTheArrivalOfABacklog() throws IOException {
        Instant written = Instant.parse("2026-12-31T23:59:00Z");
        MovableClock clock = new MovableClock(written);
        Tail.append(log, written.getEpochSecond() + " old\n");
        Files.setLastModifiedTime(log, FileTime.from(written));
        clock.move(Duration.ofMinutes(5));
        List<Long> arrivals = new ArrayList<>();
        try (Tail tail = new Tail(log, "", Tail.TEN_MINUTES, clock)) {
            tail.source.poll(line -> arrivals.add(line.arrival()));
            Tail.append(log, "new\n");
            tail.source.poll(line -> arrivals.add(line.arrival()));
        }

        assertThat(arrivals).containsExactly(written.toEpochMilli(), clock.millis());
    }

    @Test
    void countsWhatItReads() throws IOException {
        try (Tail tail = Tail.of(log)) {
            Tail.append(log, "one\n" + "x".repeat(7_001) + "\ntwo\nunfinished");
            tail.read();

            assertThat(tail.source.counts().lines()).isEqualTo(2);
            assertThat(tail.source.counts().bytes()).isEqualTo(4 + 7_002 + 4);
            assertThat(tail.source.counts().dropped()).isEqualTo(1);
        }
    }

    @Test
    void neverTakesTheTailOfAHugeLineForALine() throws IOException {
        try (Tail tail = Tail.of(log)) {
            Tail.append(log, "before\nx");
            tail.read();
            try (RandomAccessFile sparse = new RandomAccessFile(log.toFile(), "rw")) {
                sparse.setLength(1L << 30);
            }
            assertThat(tail.read()).singleElement().asString().hasSize(7_001);
            assertThat(tail.source.isAmid()).isTrue();
            String withinLine = tail.source.cursor();
            Tail.append(log, "tail\nafter\n");

            assertThat(tail.read()).containsExactly("after");
            assertThat(tail.source.counts().dropped()).isEqualTo(1);
            try (Tail restarted = Tail.after(log, withinLine)) {
                assertThat(restarted.read()).containsExactly("after");
            }
        }
    }

    @Test
    void saysThatADirectoryIsInTheLogsPlace() throws IOException {
        Files.createDirectory(log);
        try (Tail tail = Tail.after(log, "")) {
            assertThatThrownBy(tail::read)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(log.toString())
                    .hasMessageContaining("is a directory");
        }
    }

    @Test
    void continuesWhenAnUnreadableLogIsReadableAgain() throws IOException {
        Files.createDirectory(log);
        try (Tail tail = Tail.after(log, "")) {
            assertThatThrownBy(tail::read).isInstanceOf(IOException.class);
            Files.delete(log);
            assertThat(tail.read()).isEmpty();
            Tail.append(log, "first\n");

            assertThat(tail.read()).containsExactly("first");
        }
    }

    @Test
    void doesNotLoseTheOldFileWhenTheNewOneIsUnreadable() throws IOException {
        try (Tail tail = Tail.of(log)) {
            Tail.append(log, "one\n");
            tail.read();
            Files.move(log, directory.resolve("messages.log.1"));
            Files.createDirectory(log);
            Files.createFile(log.resolve("x"));
            Tail.append(directory.resolve("messages.log.1"), "two\n");
            List<String> lines = new ArrayList<>();
            assertThatThrownBy(() -> {
                        while (true) {
                            tail.source.poll(line -> lines.add(line.toString()));
                        }
                    })
                    .hasMessageContaining("is a directory");
            Files.delete(log.resolve("x"));
            Files.delete(log);
            Tail.append(directory.resolve("messages.log.1"), "three\n");
            Tail.append(log, "four\n");
            lines.addAll(tail.read());

            assertThat(lines).containsExactly("two", "three", "four");
        }
    }

    @Test
    void doesNotOpenAPipe() throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("mkfifo", log.toString()).start().waitFor())
                .isZero();
        try (Tail tail = Tail.after(log, "")) {
            assertThatThrownBy(tail::read).hasMessageContaining("pipe");
        }
    }

    @Test
    void refusesAGzippedFile() throws IOException {
        Tail.append(log, "one\n");
        try (Tail tail = Tail.after(Tail.gzip(log), "")) {
            assertThatThrownBy(tail::read).hasMessageContaining("gzipped");
        }
    }

    @Test
    void handsLinesOutAgainWhenTheSinkFailed() throws IOException {
        try (Tail tail = Tail.of(log)) {
            Tail.append(log, "one\ntwo\n");
            assertThatThrownBy(() -> tail.source.poll(line -> {
                        throw new IllegalStateException("full");
                    }))
                    .hasMessage("full");

            assertThat(tail.read()).containsExactly("one", "two");
        }
    }

    @Test
    void saysThatAPipeTookTheLogsPlace() throws Exception {
        try (Tail tail = Tail.of(log)) {
            Tail.append(log, "one\n");
            tail.read();
            Files.delete(log);
            assertThat(new ProcessBuilder("mkfifo", log.toString()).start().waitFor())
                    .isZero();

            assertThatThrownBy(tail::read).hasMessageContaining("is a pipe");
        }
    }

    @Test
    void closesARemovedFileWhenNothingWasWrittenToItForAWhile() throws IOException {
        MovableClock clock = new MovableClock(Instant.now());
        Tail.append(log, "old\n");
        try (Tail tail = new Tail(log, "", Backfill.NONE, clock);
                OutputStream writer = Files.newOutputStream(log, StandardOpenOption.APPEND)) {
            tail.read();
            Files.delete(log);
            writer.write("late\n".getBytes(StandardCharsets.UTF_8));
            assertThat(tail.read()).containsExactly("late");
            clock.move(Duration.ofSeconds(9));
            writer.write("later\n".getBytes(StandardCharsets.UTF_8));
            assertThat(tail.read()).containsExactly("later");
            clock.move(Duration.ofSeconds(9));
            tail.read();
            assertThat(descriptorsOf("messages.log")).hasSize(2);

            clock.move(Duration.ofSeconds(2));
            tail.read();

            assertThat(descriptorsOf("messages.log")).hasSize(1);
            Tail.append(log, "new\n");
            assertThat(tail.read()).containsExactly("new");
        }
    }

    @Test
    void keepsARenamedFileOpenForItsWriter() throws IOException {
        MovableClock clock = new MovableClock(Instant.now());
        Tail.append(log, "old\n");
        try (Tail tail = new Tail(log, "", Backfill.NONE, clock)) {
            tail.read();
            Path older = Files.move(log, directory.resolve("messages.log.1"));
            tail.read();
            clock.move(Duration.ofHours(1));
            tail.read();
            Tail.append(older, "late\n");

            assertThat(tail.read()).containsExactly("late");
        }
    }

    private static List<String> descriptorsOf(String name) throws IOException {
        List<String> open = new ArrayList<>();
        try (var own = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path descriptor : own) {
                if (Files.isSymbolicLink(descriptor)) {
                    open.add(Files.readSymbolicLink(descriptor).toString());
                }
            }
        }
        return open.stream().filter(path -> path.contains(name)).toList();
    }
}
