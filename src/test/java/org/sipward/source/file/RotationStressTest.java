package org.sipward.source.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.BitSet;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipward.source.Backfill;
import org.sipward.source.Line;
import org.sipward.source.LineSplitter;

/**
 * Runs a writer that numbers its lines and rotates its log in every way against a reader that is stopped and restarted
 * from its last cursor, or from an earlier cursor as after a crash.
 */
@Timeout(120)
class RotationStressTest {
    private static final int LINES = 60_000;

    @TempDir
    private Path directory;

    private final AtomicInteger lastRead = new AtomicInteger(-1);

    private Path log;

    @BeforeEach
    void makeALog() throws IOException {
        log = directory.resolve("app.log");
        Files.createFile(log);
    }

    /** Includes copytruncate: the copy is complete when the file is truncated, because one thread does everything. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4})
    void readsEveryLineAndOnlyLinesThatWereWritten(long seed) throws Exception {
        FutureTask<Boolean> writer = new FutureTask<>(() -> write(new Random(seed)));
        Thread thread = new Thread(writer, "writer");

        BitSet seen = new BitSet(LINES);
        String last = read(new Random(-seed), seen, thread, writer);

        assertThat(writer.get()).isTrue();
        assertThat(seen.nextClearBit(0))
                .as("first line not read, seed %d, %s", seed, last)
                .isEqualTo(LINES);
    }

    private String read(Random random, BitSet seen, Thread thread, FutureTask<Boolean> writer)
            throws IOException, InterruptedException, ExecutionException {
        Optional<String> cursor = Optional.empty();
        Optional<String> before = Optional.empty();
        Clock clock = Clock.systemUTC();
        LineSplitter splitter = new LineSplitter();
        boolean written = false;
        while (true) {
            int[] previous = {-1};
            try (FileSource source = FileSource.open(log, cursor, Backfill.NONE, clock, splitter)) {
                int polls = 1 + random.nextInt(400);
                for (int i = 0; i < polls; i++) {
                    boolean more = source.poll(line -> take(line, seen, previous));
                    before = cursor;
                    cursor = Optional.of(source.cursor());
                    if (thread.getState() == Thread.State.NEW) {
                        thread.start();
                    }
                    if (!more && written) {
                        return source.cursor();
                    }
                    written |= !more && writer.isDone();
                }
            }
            if (random.nextBoolean() && before.isPresent()) {
                cursor = before;
            }
        }
    }

    private void take(Line line, BitSet seen, int[] previous) {
        String text = line.toString();
        assertThat(text).matches("[0-9]{6} x{0,200}");
        int number = Integer.parseInt(text.substring(0, 6));
        // Within one run lines come in order; a file with the same time as the next file may come twice.
        assertThat(number).isLessThan(LINES).isGreaterThan(previous[0]);
        previous[0] = number;
        lastRead.set(Math.max(number, lastRead.get()));
        seen.set(number);
    }

    private boolean write(Random random) throws IOException {
        OutputStream out = append();
        int begun = 0;
        for (int i = 0; i < LINES; i++) {
            byte[] line = String.format("%06d %s%n", i, "x".repeat(random.nextInt(200)))
                    .getBytes(StandardCharsets.ISO_8859_1);
            int cut = random.nextInt(line.length);
            out.write(line, 0, cut);
            out.write(line, cut, line.length - cut);
            // A file that comes and goes between two polls cannot be put in its place among copies.
            if (random.nextInt(1_500) == 0 && lastRead.get() >= begun) {
                out = rotate(out, random, i);
                begun = i + 1;
            }
        }
        out.close();
        return true;
    }

    private OutputStream rotate(OutputStream out, Random random, int number) throws IOException {
        Path older = directory.resolve("app.log." + number);
        switch (random.nextInt(4)) {
            case 0 -> {
                // As servers do: renamed, written to for a while through the open file, then begun anew.
                Files.move(log, older);
                return reopen(out);
            }
            case 1 -> {
                // As logrotate does: renamed, created again empty, and the writer told later.
                Files.move(log, older);
                Files.createFile(log);
                return reopen(out);
            }
            case 2 -> {
                Files.move(log, older);
                OutputStream begun = reopen(out);
                Tail.gzip(older);
                return begun;
            }
            default -> {
                // Truncated in place, by a writer that appends.
                Files.copy(log, older);
                Tail.truncate(log);
                untilTheClockTicked(log);
                return out;
            }
        }
    }

    private OutputStream reopen(OutputStream out) throws IOException {
        out.close();
        OutputStream begun = append();
        untilTheClockTicked(log);
        return begun;
    }

    /** Real rotations are never within one tick of the kernel's clock, which orders the files. */
    private void untilTheClockTicked(Path path) throws IOException {
        Path probe = directory.resolve("probe");
        var now = Files.getLastModifiedTime(path);
        do {
            Files.write(probe, new byte[] {1});
        } while (Files.getLastModifiedTime(probe).compareTo(now) <= 0);
    }

    private OutputStream append() throws IOException {
        return Files.newOutputStream(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
