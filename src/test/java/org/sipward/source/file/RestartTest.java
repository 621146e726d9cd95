package org.sipward.source.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipward.source.LineCounter;
import org.sipward.source.LineSplitter;

/** A restart finds its place, whatever happened to the log meanwhile. */
class RestartTest {
    @TempDir
    private Path directory;

    private Path log;
    private Path older;
    private String cursor;

    @BeforeEach
    void readALogAndStop() throws IOException {
        log = directory.resolve("app.log");
        older = directory.resolve("app.log.1");
        try (Tail tail = Tail.of(log)) {
            Tail.append(log, "one\ntwo\n");
            tail.read();
            cursor = tail.source.cursor();
        }
        Tail.append(log, "three\n");
    }

    @Test
    void continuesWhereItStopped() throws IOException {
        assertThat(afterRestart()).containsExactly("three");
    }

    @Test
    void isNotLiveUntilItHasCaughtUp() throws IOException {
        try (Tail tail = Tail.after(log, cursor)) {
            tail.read();
            assertThat(tail.live).containsExactly(false);
            Tail.append(log, "four\n");
            tail.read();
            assertThat(tail.live).containsExactly(true);
        }
    }

    @Test
    void repeatsButNeverSkipsWithAnOlderCursor() throws IOException {
        try (Tail tail = Tail.after(log, cursor)) {
            assertThat(tail.read()).containsExactly("three");
        }

        assertThat(afterRestart()).containsExactly("three");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "app.log.1",
                "app.log-20261122",
                "app-20261122.log",
                "app.log.2026-11-22-10-55-01.1",
                "app.log.old",
                "something else"
            })
    void readsTheRestOfARenamedFileFirst(String name) throws IOException {
        Files.move(log, directory.resolve(name));
        Tail.append(log, "four\n");

        assertThat(afterRestart()).containsExactly("three", "four");
    }

    @Test
    void readsTheRestOfAFileThatWasRenamedAndNotCreatedAgain() throws IOException {
        Files.move(log, older);
        try (Tail tail = Tail.after(log, cursor)) {
            assertThat(tail.read()).containsExactly("three");
            Tail.append(older, "four\n");
            Tail.append(log, "five\n");
            assertThat(tail.read()).containsExactly("four", "five");
        }
    }

    @Test
    void readsTheRestOfACompressedFileFirst() throws IOException {
        Files.move(log, older);
        Tail.gzip(older);
        Tail.append(log, "four\n");

        assertThat(afterRestart()).containsExactly("three", "four");
    }

    @Test
    void continuesWithinACompressedFile() throws IOException {
        StringBuilder much = new StringBuilder();
        for (int i = 0; i < 50_000; i++) {
            much.append("line ").append(i).append('\n');
        }
        Tail.append(log, much.toString());
        Files.move(log, older);
        Tail.gzip(older);
        Tail.append(log, "four\n");
        String within;
        try (Tail tail = Tail.after(log, cursor)) {
            assertThat(tail.source.poll(line -> {})).isTrue();
            within = tail.source.cursor();
            assertThat(tail.read()).endsWith("line 49999", "four").hasSizeGreaterThan(10_000);
        }
        try (Tail tail = Tail.after(log, within)) {
            assertThat(tail.read()).endsWith("line 49999", "four").hasSizeBetween(10_000, 49_000);
        }
    }

    @Test
    void readsTheRestOfTheCopyOfATruncatedFileFirst() throws IOException {
        Files.copy(log, older);
        Tail.truncate(log);
        Tail.append(log, "a line that is longer than all before\n");

        assertThat(afterRestart()).containsExactly("three", "a line that is longer than all before");
    }

    @Test
    void continuesWhenTheFileIsTruncatedDuringTheSearchForIt() throws IOException {
        OpenFile opened = OpenFile.open(log).orElseThrow();
        try (opened) {
            Tail.truncate(log);
            Tail.append(log, "a line that is longer than all before\n");

            assertThat(opened.seek(FileCursor.parse(cursor).orElseThrow())).isFalse();
            assertThat(opened.read(new LineSplitter(), new LineCounter(), line -> {}, Long.MAX_VALUE, 0, true))
                    .isEqualTo(OpenFile.Outcome.END);
        }
    }

    @Test
    void readsTheRestOfTheCompressedCopyOfATruncatedFileFirst() throws IOException {
        Files.copy(log, older);
        Tail.gzip(older);
        Tail.truncate(log);
        Tail.append(log, "four\n");

        assertThat(afterRestart()).containsExactly("three", "four");
    }

    @Test
    void readsEveryFileOfSeveralRotationsOldestFirst() throws IOException {
        Files.move(log, directory.resolve("app.log.3"));
        Tail.gzip(directory.resolve("app.log.3"));
        Tail.append(log, "four\n");
        RotationTest.later(log, 10);
        Files.move(log, directory.resolve("app.log.2"));
        Tail.gzip(directory.resolve("app.log.2"));
        Tail.append(log, "five\n");
        RotationTest.later(log, 20);
        Files.move(log, older);
        Tail.append(log, "six\n");

        assertThat(afterRestart()).containsExactly("three", "four", "five", "six");
    }

    @Test
    void doesNotReadFilesThatWereRotatedBefore() throws IOException {
        Path oldest = directory.resolve("app.log.2");
        Tail.append(oldest, "zero\n");
        Files.setLastModifiedTime(oldest, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
        Files.move(log, older);
        Tail.append(log, "four\n");

        assertThat(afterRestart()).containsExactly("three", "four");
    }

    @Test
    void isNotFooledByAReusedInode() throws IOException {
        Files.move(log, directory.resolve("kept"));
        Tail.append(log, "others' line that is longer\nfour\n");
        long inode = FileStat.of(log).orElseThrow().inode();
        FileCursor was = FileCursor.parse(cursor).orElseThrow();
        FileCursor reused =
                new FileCursor(was.device(), inode, was.offset(), was.length(), was.checksum(), false, 0, 0);
        Files.delete(directory.resolve("kept"));
        try (Tail tail = Tail.after(log, reused.text())) {
            assertThat(tail.read()).containsExactly("others' line that is longer", "four");
        }
    }

    @Test
    void continuesInTheSameContentUnderAnotherInode() throws IOException {
        Path moved = Files.copy(log, directory.resolve("restored"));
        Files.delete(log);
        Files.move(moved, log);

        assertThat(afterRestart()).containsExactly("three");
    }

    @Test
    void readsTheNewFileWhenTheOldOneIsGone() throws IOException {
        Files.delete(log);
        Tail.append(log, "four\n");

        assertThat(afterRestart()).containsExactly("four");
    }

    @Test
    void keepsTheCursorWhileThereIsNoFile() throws IOException {
        Path away = Files.createDirectory(directory.resolve("away")).resolve("app.log");
        Files.move(log, away);
        try (Tail tail = Tail.after(log, cursor)) {
            assertThat(tail.read()).isEmpty();
            assertThat(tail.source.cursor()).isEqualTo(cursor);
            Files.move(away, log);
            assertThat(tail.read()).containsExactly("three");
        }
    }

    @Test
    void readsTheFilesAfterADamagedCompressedFile() throws IOException {
        Files.move(log, older);
        Path zipped = Tail.gzip(older);
        byte[] bytes = Files.readAllBytes(zipped);
        Files.write(zipped, java.util.Arrays.copyOf(bytes, bytes.length - 10));
        Tail.append(log, "four\n");

        assertThat(afterRestart()).endsWith("four");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "1:2:3", "9:1:2:3:4:5:", "1:1:1:-5:0:0:", "1:1:1:5:300:0:", "\0"})
    void startsAsAtTheFirstRunWithADamagedCursor(String damaged) throws IOException {
        try (Tail tail = Tail.after(log, damaged)) {
            assertThat(tail.read()).isEmpty();
            Tail.append(log, "four\n");
            assertThat(tail.read()).containsExactly("four");
        }
    }

    @Test
    void findsAFileOfWhichNothingWasRead() throws IOException {
        Path empty = Files.createFile(directory.resolve("empty"));
        String atNothing;
        try (Tail tail = Tail.of(empty)) {
            atNothing = tail.source.cursor();
        }
        Tail.append(empty, "one\n");
        Files.move(empty, directory.resolve("empty.1"));
        Tail.append(empty, "two\n");

        try (Tail tail = Tail.after(empty, atNothing)) {
            assertThat(tail.read()).containsExactly("one", "two");
        }
    }

    private java.util.List<String> afterRestart() throws IOException {
        try (Tail tail = Tail.after(log, cursor)) {
            return tail.read();
        }
    }
}
