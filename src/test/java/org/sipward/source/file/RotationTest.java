package org.sipward.source.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sipward.source.SourceState;

/** A source follows its log, whatever happens to the log while it is read. */
class RotationTest {
    @TempDir
    private Path directory;

    private Path log;
    private Path older;
    private Tail tail;

    @BeforeEach
    void readALog() throws IOException {
        log = directory.resolve("messages");
        older = directory.resolve("messages.1");
        tail = Tail.of(log);
        Tail.append(log, "one\ntwo\n");
        assertThat(tail.read()).containsExactly("one", "two");
    }

    @AfterEach
    void close() throws IOException {
        tail.close();
    }

    @Test
    void readsTheRestOfARenamedFileFirst() throws IOException {
        Tail.append(log, "three\n");
        Files.move(log, older);
        Tail.append(log, "four\n");

        assertThat(tail.read()).containsExactly("three", "four");
    }

    @Test
    void readsARenamedFileUntilItsWriterBeginsTheNewOne() throws IOException {
        Files.move(log, older);
        Files.createFile(log);
        Tail.append(older, "three\n");
        assertThat(tail.read()).containsExactly("three");

        Tail.append(older, "four\n");
        Tail.append(log, "five\n");

        assertThat(tail.read()).containsExactly("four", "five");
    }

    @Test
    void keepsReadingAFileThatWasRenamedAndNotCreatedAgain() throws IOException {
        Files.move(log, older);
        Tail.append(older, "three\n");

        assertThat(tail.read()).containsExactly("three");
        assertThat(tail.source.state()).isEqualTo(SourceState.NOT_THERE);
    }

    @Test
    void readsAFileThatIsCreatedLongAfterTheOldOneWasRenamed() throws IOException {
        Files.move(log, older);
        assertThat(tail.read()).isEmpty();
        Tail.append(older, "three\n");
        Tail.append(log, "four\n");

        assertThat(tail.read()).containsExactly("three", "four");
    }

    @Test
    void readsTheRestOfARemovedFile() throws IOException {
        Tail.append(log, "three\n");
        Files.delete(log);
        Tail.append(log, "four\n");

        assertThat(tail.read()).containsExactly("three", "four");
    }

    @Test
    void handsOutAnUnfinishedLineWhenItsWriterHasMovedOn() throws IOException {
        Tail.append(log, "unfinished");
        Files.move(log, older);
        assertThat(tail.read()).isEmpty();
        Tail.append(log, "three\n");

        assertThat(tail.read()).containsExactly("unfinished", "three");
    }

    @Test
    void readsEveryFileOfSeveralRotations() throws IOException {
        Tail.append(log, "three\n");
        Files.move(log, directory.resolve("messages.3"));
        Tail.append(log, "four\n");
        later(log, 1);
        Files.move(log, directory.resolve("messages.2"));
        Tail.append(log, "five\n");
        later(log, 2);
        Files.move(log, older);
        Tail.append(log, "six\n");

        assertThat(tail.read()).containsExactly("three", "four", "five", "six");
    }

    @Test
    void doesNotReadTheCompressedCopyOfAFileThatItHasRead() throws IOException {
        Tail.append(log, "three\n");
        Files.move(log, older);
        Tail.gzip(older);
        Tail.append(log, "four\n");

        assertThat(tail.read()).containsExactly("three", "four");
    }

    @Test
    void readsATruncatedFileFromItsBeginning() throws IOException {
        Tail.truncate(log);
        Tail.append(log, "a\n");

        assertThat(tail.read()).containsExactly("a");
    }

    @Test
    void noticesATruncationBetweenTwoReads() throws IOException {
        Tail.truncate(log);
        assertThat(tail.read()).isEmpty();
        Tail.append(log, "longer than before\n");

        assertThat(tail.read()).containsExactly("longer than before");
    }

    @Test
    void noticesThatATruncatedFileHasOutgrownItsOldLength() throws IOException {
        Tail.truncate(log);
        Tail.append(log, "three\nfour\nfive\n");

        assertThat(tail.read()).containsExactly("three", "four", "five");
    }

    @Test
    void noticesNewContentOfTheSameLength() throws IOException {
        Tail.truncate(log);
        Tail.append(log, "six\nten\n");

        assertThat(tail.read()).containsExactly("six", "ten");
    }

    @Test
    void readsTheRestOfTheCopyOfATruncatedFileFirst() throws IOException {
        Tail.append(log, "three\n");
        Files.copy(log, older);
        Tail.truncate(log);
        Tail.append(log, "a long line that outgrows the old length\n");

        assertThat(tail.read()).containsExactly("three", "a long line that outgrows the old length");
    }

    @Test
    void readsTheRestOfACompressedCopyFirst() throws IOException {
        Tail.append(log, "three\n");
        Files.copy(log, older);
        Tail.truncate(log);
        Tail.gzip(older);
        Tail.append(log, "four\n");

        assertThat(tail.read()).containsExactly("three", "four");
    }

    @Test
    void noticesThatAFileIsTruncatedAgainBeforeAnyOfItWasRead() throws IOException {
        Tail.append(log, "three\n");
        Path oldest = directory.resolve("messages.2");
        Files.copy(log, oldest);
        // Only a test rotates twice within one tick of the file system's clock.
        Files.setLastModifiedTime(oldest, FileTime.from(Instant.EPOCH));
        Tail.truncate(log);
        Tail.append(log, "four\n");
        assertThat(tail.source.poll(line -> {})).isTrue();
        Files.copy(log, older);
        Tail.truncate(log);
        Tail.append(log, "five\n");

        assertThat(tail.read()).containsExactly("three", "four", "five");
    }

    @Test
    void doesNotTakeTheCutLineAtTheEndOfACopyForALine() throws IOException {
        Tail.append(log, "three\nfrom 203.0.113.1");
        Files.copy(log, older);
        Tail.truncate(log);
        Tail.append(log, "four\n");

        assertThat(tail.read()).containsExactly("three", "four");
    }

    @Test
    void dropsOnlyTheHoleThatAWriterLeavesInATruncatedFile() throws IOException {
        long before = tail.source.counts().bytes();
        Tail.truncate(log);
        try (RandomAccessFile writer = new RandomAccessFile(log.toFile(), "rw")) {
            writer.seek(1_000_000);
            writer.writeBytes("three\nfour\n");
        }

        assertThat(tail.read()).containsExactly("three", "four");
        Tail.append(log, "five\n");
        assertThat(tail.read()).containsExactly("five");
        assertThat(tail.source.counts().bytes() - before).isEqualTo(1_000_000 + "three\nfour\nfive\n".length());
    }

    @Test
    void followsALinkThatIsSwapped() throws IOException {
        Path first = Files.createDirectory(directory.resolve("logs")).resolve("app-20261121.log");
        Path second = first.resolveSibling("app-20261122.log");
        Path link = directory.resolve("current");
        Tail.append(first, "old\n");
        Files.createSymbolicLink(link, first);
        try (Tail linked = Tail.of(link)) {
            Tail.append(first, "one\n");
            Tail.append(second, "two\n");
            Path next = Files.createSymbolicLink(directory.resolve("next"), second);
            Files.move(next, link, StandardCopyOption.ATOMIC_MOVE);

            assertThat(linked.read()).containsExactly("one", "two");
        }
    }

    @Test
    void followsALogThatRotatesByDate() throws IOException {
        Tail.append(log, "three\n");
        Files.move(log, directory.resolve("messages.2026-11-22-10-55-01.1"));
        Tail.append(log, "four\n");

        assertThat(tail.read()).containsExactly("three", "four");
    }

    @Test
    void staysLiveOverARotation() throws IOException {
        Files.move(log, older);
        Tail.append(log, "three\n");
        tail.read();

        assertThat(tail.live).containsExactly(true);
    }

    @Test
    void hasACursorInTheOldFileUntilThatIsRead() throws IOException {
        Tail.append(log, "three\n");
        Files.move(log, older);
        Tail.append(log, "four\n");
        String before = tail.source.cursor();
        tail.source.poll(line -> assertThat(line.toString()).isEqualTo("three"));
        String between = tail.source.cursor();

        try (Tail one = Tail.after(log, before);
                Tail other = Tail.after(log, between)) {
            assertThat(one.read()).containsExactly("three", "four");
            assertThat(other.read()).containsExactly("four");
        }
    }

    /** Real rotations are seconds apart; those of this test must not have the same time. */
    static void later(Path path, int seconds) throws IOException {
        var time = Files.getLastModifiedTime(path).toInstant().plusSeconds(seconds);
        Files.setLastModifiedTime(path, java.nio.file.attribute.FileTime.from(time));
    }
}
