package org.sipward.source.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sipward.source.LineSplitter;

class LogFileTest {

    @TempDir
    private Path directory;

    private Path log;

    @BeforeEach
    void name() {
        log = directory.resolve("full");
    }

    @Test
    void numbersTheLinesAndCountsDroppedOnes() throws IOException {
        Tail.append(log, "one\n" + "x".repeat(100_000) + "\n\nfour\nfive without LF");

        assertThat(numbered(log))
                .containsExactly("1 one", "2 " + "x".repeat(100_000), "3 ", "4 four", "5 five without LF");
    }

    @Test
    void handsOutALongLineWithoutAnEndInParts() throws IOException {
        Tail.append(log, "one\n" + "x".repeat(70_000));

        assertThat(numbered(log)).containsExactly("1 one", "2 " + "x".repeat(70_000));
    }

    @Test
    void readsAFileAsLongAsTheBuffer() throws IOException {
        Tail.append(log, "x".repeat(7).concat("\n").repeat(LineSplitter.BUFFER_BYTES / 8 - 1) + "no LF 8!");

        assertThat(numbered(log)).hasSize(8_192).endsWith("8192 no LF 8!");
    }

    @Test
    void readsGzipWhateverItsName() throws IOException {
        StringBuilder much = new StringBuilder();
        List<String> expected = new ArrayList<>();
        for (int i = 1; i <= 100_000; i++) {
            much.append("line ").append(i).append('\n');
            expected.add(i + " line " + i);
        }
        Tail.append(log, much.toString());
        Files.move(Tail.gzip(log), log);

        assertThat(numbered(log)).isEqualTo(expected);
    }

    @Test
    void knowsHowMuchItHasRead() throws IOException {
        Tail.append(log, "a line\n".repeat(100_000));
        try (LogFile file = LogFile.open(log, new LineSplitter())) {
            assertThat(file.poll(line -> {})).isTrue();
            assertThat(file.bytesRead()).isEqualTo(LineSplitter.BUFFER_BYTES);
            assertThat(file.bytesTotal()).isEqualTo(700_000);
        }
    }

    @Test
    void takesTheLastWriteForTheArrivalOfItsLines() throws IOException {
        Tail.append(log, "one\n");
        try (LogFile file = LogFile.open(log, new LineSplitter())) {
            List<Long> arrivals = new ArrayList<>();
            file.poll(line -> arrivals.add(line.arrival()));

            assertThat(arrivals).containsExactly(Files.getLastModifiedTime(log).toMillis());
        }
    }

    @Test
    void distinguishesEmptyBinaryAndTextFiles() throws IOException {
        Path text = log;
        Path empty = Files.createFile(directory.resolve("empty"));
        Path binary = directory.resolve("binary");
        Tail.append(text, "[Nov 22 10:16:35] NOTICE[1] a\u001b[1;32mb\u00e4\n".repeat(100) + "\0\r\n");
        byte[] noise = new byte[10_000];
        new Random(1).nextBytes(noise);
        Files.write(binary, noise);

        assertThat(List.of(isEmpty(text), isBinary(text))).containsExactly(false, false);
        assertThat(List.of(isEmpty(empty), isBinary(empty))).containsExactly(true, false);
        assertThat(List.of(isEmpty(binary), isBinary(binary))).containsExactly(false, true);
    }

    @Test
    void saysWhichFileCannotBeReadAndWhy() {
        assertThatThrownBy(() -> LogFile.open(log, new LineSplitter()))
                .isInstanceOf(IOException.class)
                .hasMessage(log + ": there is no such file");
        assertThatThrownBy(() -> LogFile.open(directory, new LineSplitter()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(directory + ": is a directory");
    }

    @Test
    void saysThatGzipIsDamaged() throws IOException {
        Tail.append(log, "one\n".repeat(1_000));
        Path zipped = Tail.gzip(log);
        byte[] bytes = Files.readAllBytes(zipped);
        Files.write(zipped, Arrays.copyOf(bytes, bytes.length - 9));

        assertThatThrownBy(() -> numbered(zipped))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(zipped + ": the gzip data is damaged");
    }

    private static boolean isEmpty(Path path) throws IOException {
        try (LogFile file = LogFile.open(path, new LineSplitter())) {
            return file.isEmpty();
        }
    }

    private static boolean isBinary(Path path) throws IOException {
        try (LogFile file = LogFile.open(path, new LineSplitter())) {
            return file.isBinary();
        }
    }

    /** Returns the lines with their numbers; the parts of a long line are joined. */
    private static List<String> numbered(Path path) throws IOException {
        Map<Long, String> lines = new LinkedHashMap<>();
        try (LogFile file = LogFile.open(path, new LineSplitter())) {
            boolean more = true;
            while (more) {
                more = file.poll(line -> lines.merge(file.lineNumber(), line.toString(), String::concat));
            }
        }
        return lines.entrySet().stream()
                .map(line -> line.getKey() + " " + line.getValue())
                .toList();
    }
}
