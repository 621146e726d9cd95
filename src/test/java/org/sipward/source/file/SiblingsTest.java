package org.sipward.source.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sipward.source.Backfill;
import org.sipward.source.LineSplitter;
import org.sipward.source.SourceState;

/** Several sources whose lines go to one jail, as for a pattern of logs: no line may come twice. */
class SiblingsTest {
    private static final String ONE = "1 a line that is as long as those of servers are: " + "x".repeat(300);
    private static final String TWO = "2 another line, that is as long as those of servers are: " + "y".repeat(300);
    private static final String THREE = "3 and a third line, as long as those of servers are: " + "z".repeat(300);

    @TempDir
    private Path directory;

    private final List<FileSource> sources = new ArrayList<>();
    private final LineSplitter splitter = new LineSplitter();
    private final OpenLogs openLogs = new OpenLogs(2);
    private Path log;
    private Path other;

    @BeforeEach
    void name() {
        log = directory.resolve("full");
        other = directory.resolve("full.bak");
    }

    @AfterEach
    void close() throws IOException {
        for (FileSource source : sources) {
            source.close();
        }
    }

    @Test
    void doesNotReadACopyOfALogAgain() throws IOException {
        append(log, ONE, TWO);
        appeared(log);
        assertThat(read()).containsExactly(ONE, TWO);
        Files.copy(log, other);
        appeared(other);

        assertThat(read()).isEmpty();
        append(log, THREE);
        assertThat(read()).containsExactly(THREE);
    }

    @Test
    void readsFromACopyTheLinesThatWereUnreadWhenTheLogWasTruncated() throws IOException {
        append(log, ONE, TWO);
        appeared(log);
        read();
        append(log, THREE);
        Files.copy(log, other);
        Tail.truncate(log);
        assertThat(read()).isEmpty();
        appeared(other);

        assertThat(read()).containsExactly(THREE);
    }

    @Test
    void doesNotReadALogAgainThatWasRenamedToAnotherLogsName() throws IOException {
        append(log, ONE, TWO);
        appeared(log);
        read();
        Files.move(log, other);
        appeared(other);
        assertThat(read()).isEmpty();
        append(other, THREE);

        assertThat(read()).containsExactly(THREE);
    }

    @Test
    void doesNotReadARenamedLogAgainWhenItsSourceIsClosed() throws IOException {
        append(log, ONE, TWO);
        appeared(log);
        read();
        Files.move(log, other);
        sources.get(0).close();
        appeared(other);

        assertThat(read()).isEmpty();
    }

    @Test
    void readsAFileWithTwoNamesOnce() throws IOException {
        append(log, ONE);
        Files.createLink(other, log);
        Files.createSymbolicLink(directory.resolve("current"), log);
        appeared(log);
        appeared(other);
        appeared(directory.resolve("current"));

        assertThat(read()).containsExactly(ONE);
        append(log, TWO);
        assertThat(read()).containsExactly(TWO);
        assertThat(sources.get(1).state()).isEqualTo(SourceState.READ_ELSEWHERE);
    }

    @Test
    void leavesACopyToTheSourceThatHasACursorInTheLog() throws IOException {
        append(log, ONE);
        appeared(log);
        read();
        String cursor = sources.get(0).cursor();
        sources.get(0).close();
        sources.clear();
        append(log, TWO);
        Files.copy(log, directory.resolve("a copy"));
        appeared(directory.resolve("a copy"));
        add(FileSource.open(log, Optional.of(cursor), Backfill.NONE, Clock.systemUTC(), splitter));

        assertThat(read()).containsExactly(TWO);
    }

    @Test
    void readsTwoLogsThatBeginAlike() throws IOException {
        append(log, ONE, TWO);
        append(other, ONE, THREE);
        appeared(log);
        appeared(other);

        assertThat(read()).containsExactly(ONE, TWO, ONE, THREE);
    }

    @Test
    void readsMoreLogsThanMayBeOpen() throws IOException {
        List<Path> logs = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            Path path = directory.resolve("many" + i);
            append(path, i + " " + ONE);
            appeared(path);
            logs.add(path);
        }
        assertThat(read()).hasSize(20);
        for (int round = 0; round < 3; round++) {
            for (Path path : logs) {
                append(path, path + TWO);
            }

            assertThat(read()).hasSize(20).doesNotHaveDuplicates();
            assertThat(read()).isEmpty();
        }
        assertThat(sources.stream().filter(source -> !source.isClosed())).hasSize(2);
    }

    private void appeared(Path path) {
        add(FileSource.appeared(path, Clock.systemUTC(), splitter));
    }

    private void add(FileSource source) {
        sources.add(source.among(openLogs, () -> sources));
    }

    private List<String> read() throws IOException {
        List<String> lines = new ArrayList<>();
        boolean more = true;
        while (more) {
            more = false;
            for (FileSource source : sources) {
                more |= source.poll(line -> lines.add(line.toString()));
            }
        }
        return lines;
    }

    private static void append(Path path, String... lines) throws IOException {
        Tail.append(path, String.join("\n", lines) + "\n");
    }
}
