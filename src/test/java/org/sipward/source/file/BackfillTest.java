package org.sipward.source.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sipward.source.Backfill;
import org.sipward.source.StampReader;
import org.sipward.testing.MovableClock;

/** Which past lines are handed out at a start. Stamps are in seconds, and the window is 600 seconds. */
class BackfillTest {
    private static final long NOW = 100_000;

    @TempDir
    private Path directory;

    private Path log;
    private MovableClock clock;

    @BeforeEach
    void name() {
        log = directory.resolve("app.log");
        clock = new MovableClock(Instant.ofEpochSecond(NOW));
    }

    @Test
    void handsOutTheLinesOfTheWindowAtTheFirstStart() throws IOException {
        Tail.append(log, "99399 too old\n99400 oldest\nno stamp\n99999 newest\n");

        assertThat(first()).containsExactly("99400 oldest", "no stamp", "99999 newest");
    }

    @Test
    void handsOutNothingWhenEveryLineIsOlder() throws IOException {
        Tail.append(log, "1 a\n2 b\n");

        assertThat(first()).isEmpty();
    }

    @Test
    void handsOutNothingWhenNoStampCanBeRead() throws IOException {
        Tail.append(log, "no stamp\n".repeat(100_000));

        assertThat(first()).isEmpty();
    }

    @Test
    void findsThePlaceInALargeLogByReadingLittleOfIt() throws IOException {
        writeAMillionLines();
        AtomicLong looked = new AtomicLong();
        StampReader counting = line -> {
            looked.addAndGet(line.length() + 1);
            return Tail.SECONDS.stamp(line);
        };
        Backfill backfill = new Backfill(counting, Tail.TEN_MINUTES.window(), Backfill.MAX_BYTES);
        try (Tail tail = new Tail(log, "", backfill, clock)) {
            List<String> lines = tail.read();

            assertThat(Files.size(log)).isGreaterThan(50_000_000);
            assertThat(lines).hasSize(6_000).first().asString().startsWith("99400 ");
            assertThat(tail.source.counts().bytes()).isLessThan(1_000_000);
            assertThat(looked).hasValueLessThan(1_000_000);
        }
    }

    @Test
    void goesBackNoFurtherThanAllowed() throws IOException {
        Tail.append(log, (NOW + " a line of 20 bytes\n").repeat(10_000));
        try (Tail tail = new Tail(log, "", new Backfill(Tail.SECONDS, Tail.TEN_MINUTES.window(), 100_000), clock)) {
            tail.read();

            assertThat(tail.source.counts().bytes()).isBetween(99_000L, 100_000L);
            assertThat(tail.source.counts().dropped()).isZero();
        }
    }

    @Test
    void findsThePlaceBeforeALongStretchWithoutStamps() throws IOException {
        Tail.append(log, "1 old\n".repeat(20_000) + "99500 in time\n" + "no stamp\n".repeat(30_000) + "99900 new\n");

        assertThat(first()).contains("99500 in time").endsWith("99900 new").doesNotContain("1 old");
    }

    @Test
    void readsThePredecessorToo() throws IOException {
        Tail.append(directory.resolve("app.log.1"), "1 old\n99500 before\n");
        Tail.append(log, "99900 after\n");

        assertThat(first()).containsExactly("99500 before", "99900 after");
    }

    @Test
    void readsThePredecessorOfAnEmptyLog() throws IOException {
        Tail.append(directory.resolve("app.log.1"), "1 old\n99500 before\n");
        Files.createFile(log);

        assertThat(first()).containsExactly("99500 before");
    }

    @Test
    void handsLinesBeforeTheCursorOutAgain() throws IOException {
        Tail.append(log, "1 old\n2000 one\n2599 two\n");
        String cursor = cursorAtTheEnd();
        Tail.append(log, "2700 three\n");
        try (Tail tail = new Tail(log, cursor, Tail.TEN_MINUTES, clock)) {
            assertThat(tail.read()).containsExactly("2000 one", "2599 two", "2700 three");
            assertThat(tail.repeating).containsExactly(true, true, false);
            assertThat(tail.live).containsOnly(false);
        }
    }

    @Test
    void keepsTheOldCursorWhileItRepeats() throws IOException {
        Tail.append(log, (NOW + " a line that is handed out again\n").repeat(10_000));
        String cursor = cursorAtTheEnd();
        Tail.append(log, "new\n");
        try (Tail tail = new Tail(log, cursor, Tail.TEN_MINUTES, clock)) {
            assertThat(tail.source.poll(line -> {})).isTrue();
            assertThat(tail.source.isRepeating()).isTrue();
            assertThat(tail.source.cursor()).isEqualTo(cursor);
            assertThat(tail.read()).endsWith("new");
            assertThat(tail.source.cursor()).isNotEqualTo(cursor);
        }
    }

    @Test
    void repeatsThePredecessorOfAYoungLog() throws IOException {
        Path older = directory.resolve("app.log.1");
        Tail.append(older, "1 old\n99500 before\n");
        Tail.append(log, "99900 after\n");
        String cursor = cursorAtTheEnd();
        try (Tail tail = new Tail(log, cursor, Tail.TEN_MINUTES, clock)) {
            assertThat(tail.read()).containsExactly("99500 before", "99900 after");
            assertThat(tail.repeating).containsOnly(true);
            assertThat(tail.source.isRepeating()).isFalse();
        }
    }

    @Test
    void repeatsThePredecessorOfALogThatWasStillEmpty() throws IOException {
        Tail.append(directory.resolve("app.log.1"), "1 old\n99500 one\n99900 two\n");
        Files.createFile(log);
        String cursor = cursorAtTheEnd();
        Tail.append(log, "99950 three\n");
        try (Tail tail = new Tail(log, cursor, Tail.TEN_MINUTES, clock)) {
            assertThat(tail.read()).containsExactly("99500 one", "99900 two", "99950 three");
            assertThat(tail.repeating).containsExactly(true, true, false);
        }
    }

    @Test
    void repeatsInARotatedFileAndReadsItsRest() throws IOException {
        Tail.append(log, "1 old\n99500 one\n");
        String cursor = cursorAtTheEnd();
        Tail.append(log, "99600 two\n");
        Files.move(log, directory.resolve("app.log.1"));
        Tail.append(log, "99700 three\n");
        try (Tail tail = new Tail(log, cursor, Tail.TEN_MINUTES, clock)) {
            assertThat(tail.read()).containsExactly("99500 one", "99600 two", "99700 three");
            assertThat(tail.repeating).containsExactly(true, false, false);
        }
    }

    @Test
    void repeatsEachFileThatWasRotatedWithinTheWindow() throws IOException {
        olderFile("app.log.4", "97000 too old\n", 97_000);
        olderFile("app.log.3", "1 old\n99400 one\n", 99_400);
        olderFile("app.log.2", "99500 two\n", 99_500);
        olderFile("app.log.1", "99600 three\n", 99_600);
        Tail.append(log, "99700 four\n");
        String cursor = cursorAtTheEnd();
        try (Tail tail = new Tail(log, cursor, Tail.TEN_MINUTES, clock)) {
            assertThat(tail.read()).containsExactly("99400 one", "99500 two", "99600 three", "99700 four");
            assertThat(tail.repeating).containsOnly(true);
        }
    }

    @Test
    void repeatsTheFilesBeforeARotatedFileThatWasNotReadToItsEnd() throws IOException {
        olderFile("app.log.2", "1 old\n99500 one\n", 99_500);
        Tail.append(log, "99600 two\n");
        String cursor = cursorAtTheEnd();
        Tail.append(log, "99700 three\n");
        Files.move(log, directory.resolve("app.log.1"));
        Tail.append(log, "99800 four\n");
        try (Tail tail = new Tail(log, cursor, Tail.TEN_MINUTES, clock)) {
            assertThat(tail.read()).containsExactly("99500 one", "99600 two", "99700 three", "99800 four");
            assertThat(tail.repeating).containsExactly(true, true, false, false);
        }
    }

    @Test
    void countsNothingTwiceWhileTheLogIsCopiedAndTruncated() throws IOException {
        olderFile("app.log.2", "1 old\n99500 before\n", 99_500);
        String line = "99600 a line that is longer than the first bytes by which a log is known: " + "x".repeat(200);
        Tail.append(log, line + "\n99700 two\n");
        String cursor = cursorAtTheEnd();
        Tail.append(directory.resolve("app.log.1"), line + "\n99");
        try (Tail tail = new Tail(log, cursor, Tail.TEN_MINUTES, clock)) {
            assertThat(tail.read()).containsExactly("99500 before", line, "99700 two");
        }
        assertThat(first()).containsExactly("99500 before", line, "99700 two");
    }

    @Test
    void goesBackThroughSeveralFilesNoFurtherThanAllowed() throws IOException {
        String line = NOW + " a line of 20 bytes\n";
        for (int i = 2; i < 9; i++) {
            olderFile("app.log." + i, i + line.repeat(1_000), NOW - i);
        }
        Tail.append(log, line.repeat(1_000));
        try (Tail tail = new Tail(log, "", new Backfill(Tail.SECONDS, Tail.TEN_MINUTES.window(), 60_000), clock)) {
            assertThat(tail.read()).hasSizeBetween(2_500, 4_000);
        }
    }

    @Test
    void countsTheLinesReadFromALogThatWasCompressedMeanwhile() throws IOException {
        Tail.append(log, "1 old\n99400 one\n99500 two\n99600 three\n");
        String cursor = cursorAtTheEnd();
        Tail.append(log, "99700 four\n");
        Files.move(log, directory.resolve("app.log.1"));
        Tail.gzip(directory.resolve("app.log.1"));
        Tail.append(log, "99800 five\n");
        try (Tail tail = new Tail(log, cursor, Tail.TEN_MINUTES, clock)) {
            assertThat(tail.read())
                    .containsExactly("99400 one", "99500 two", "99600 three", "99700 four", "99800 five");
            assertThat(tail.repeating).containsExactly(true, true, true, false, false);
        }
    }

    @Test
    void repeatsCompressedPredecessors() throws IOException {
        olderFile("app.log.3", "1 old\n99400 one\n", 99_400);
        olderFile("app.log.2", "99500 two\n", 99_500);
        olderFile("app.log.1", "99600 three\n", 99_600);
        Tail.gzip(directory.resolve("app.log.3"));
        Tail.gzip(directory.resolve("app.log.2"));
        Tail.append(log, "99700 four\n");
        String cursor = cursorAtTheEnd();
        try (Tail tail = new Tail(log, cursor, Tail.TEN_MINUTES, clock)) {
            assertThat(tail.read()).containsExactly("99400 one", "99500 two", "99600 three", "99700 four");
            assertThat(tail.repeating).containsOnly(true);
        }
    }

    @Test
    void findsThePlaceInALargeCompressedLog() throws IOException {
        writeAMillionLines();
        String cursor = cursorAtTheEnd();
        Files.move(log, directory.resolve("app.log.1"));
        Tail.gzip(directory.resolve("app.log.1"));
        Tail.append(log, "100000 after\n");
        try (Tail tail = new Tail(log, cursor, Tail.TEN_MINUTES, clock)) {
            assertThat(tail.read()).first().asString().startsWith("99399 ");
            assertThat(tail.repeating).hasSize(6_010 + 1).endsWith(true, false);
        }
    }

    @Test
    void doesNotReadACompressedLogThatContainsFarTooMuch() throws IOException {
        Backfill backfill = new Backfill(Tail.SECONDS, Tail.TEN_MINUTES.window(), 10_000);
        olderFile("app.log.1", "99500 one\n" + "99500 zeros\n".repeat(10_000), 99_500);
        Tail.gzip(directory.resolve("app.log.1"));
        Tail.append(log, "99700 two\n");
        try (Tail tail = new Tail(log, "", backfill, clock)) {
            assertThat(tail.read()).containsExactly("99700 two");
        }
    }

    private void olderFile(String name, String text, long written) throws IOException {
        Path file = directory.resolve(name);
        Tail.append(file, text);
        Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(written)));
    }

    private List<String> first() throws IOException {
        try (Tail tail = new Tail(log, "", Tail.TEN_MINUTES, clock)) {
            return tail.read();
        }
    }

    private String cursorAtTheEnd() throws IOException {
        try (Tail tail = Tail.of(log)) {
            return tail.source.cursor();
        }
    }

    /** Ten lines for each of the last 100,000 seconds. */
    private void writeAMillionLines() throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(log)) {
            for (int i = 0; i < 1_000_000; i++) {
                out.write(i / 10 + " a line of fifty bytes or so, such as PBXes write\n");
            }
        }
    }
}
