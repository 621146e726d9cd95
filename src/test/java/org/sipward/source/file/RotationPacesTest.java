package org.sipward.source.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.sipward.source.Backfill;
import org.sipward.source.LineSplitter;

/**
 * Rotates a log forty times at random paces, in each usual way. Every line comes once and in order, even if the log is
 * rotated more often than it is polled, and even if the newest log stays empty.
 */
@Timeout(300)
class RotationPacesTest {
    private static final int ROTATIONS = 40;
    private static final int RUNS = Integer.getInteger("rotation.runs", 12);
    private static final long TICK_MILLIS = 10;

    @TempDir
    private Path directory;

    private Path log;

    /** How a log is rotated. */
    enum Way {
        /** Renamed, created again empty at once, and the writer told: logrotate's {@code create}. */
        RENAME_AND_CREATE,
        /** As before, but the writer continues in the old file for a while. */
        RENAME_AND_TELL_LATER,
        /** Only renamed; the writer creates the log again with the next line. */
        RENAME_ONLY,
        /** The new file is created under another name, and then moved to the log's path. */
        CREATE_FIRST,
        /** Renamed to a name with a date, as with {@code dateext}. */
        DATED,
        /** Renamed with growing numbers: Asterisk's {@code sequential}. */
        SEQUENTIAL,
        /** Compressed one rotation later: {@code delaycompress}. */
        COMPRESS_LATER,
        /** Compressed at once. */
        COMPRESS,
        /** Copied, and truncated in place. */
        COPY_AND_TRUNCATE
    }

    @BeforeEach
    void name() {
        log = directory.resolve("messages");
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void readsEveryLineOnceHoweverWritesAndReadsAlternate(Way way) throws IOException {
        for (int seed = 0; seed < RUNS; seed++) {
            Random random = new Random(seed);
            clear();
            Writer writer = new Writer(way, random, random.nextBoolean());
            List<String> read = new ArrayList<>();
            try (Tail tail = Tail.of(log)) {
                while (writer.rotations < ROTATIONS) {
                    writer.step();
                    // Some runs poll after each step, others hardly ever.
                    if (random.nextInt(1 + seed % 12) == 0) {
                        read.addAll(tail.read());
                    }
                }
                writer.out.close();
                read.addAll(tail.read());
            }

            assertThat(difference(read, writer.lines))
                    .as("%s, seed %d, files %s", way, seed, names())
                    .isEmpty();
        }
    }

    /**
     * Leaves out copytruncate: of forty copies within a tenth of a second, each made and renamed during one poll, not
     * all can be told from the log itself.
     */
    @ParameterizedTest
    @EnumSource(value = Way.class, names = "COPY_AND_TRUNCATE", mode = EnumSource.Mode.EXCLUDE)
    void readsEveryLineOnceWhileItIsRotatedByAnotherThread(Way way) throws Exception {
        for (int seed = 0; seed < RUNS; seed++) {
            clear();
            Random random = new Random(seed);
            Writer writer = new Writer(way, random, false);
            FutureTask<Boolean> task = new FutureTask<>(() -> writer.run(random));
            List<String> read = new ArrayList<>();
            try (FileSource source =
                    FileSource.open(log, Optional.empty(), Backfill.NONE, Clock.systemUTC(), new LineSplitter())) {
                source.poll(line -> {});
                Thread thread = new Thread(task, "writer");
                thread.start();
                boolean last;
                do {
                    last = task.isDone();
                    boolean more = true;
                    while (more) {
                        more = source.poll(line -> read.add(line.toString()));
                    }
                    Thread.onSpinWait();
                } while (!last);
            }

            assertThat(task.get()).isTrue();
            assertThat(difference(read, writer.lines))
                    .as("%s, seed %d, files %s", way, seed, names())
                    .isEmpty();
        }
    }

    /** Returns, in short, the first place where the lines read differ from the lines written. */
    private static String difference(List<String> read, List<String> written) {
        int same = 0;
        while (same < Math.min(read.size(), written.size()) && read.get(same).equals(written.get(same))) {
            same++;
        }
        String next = same < read.size() ? read.get(same).substring(0, 6) : "the end";
        return read.equals(written)
                ? ""
                : "after %d lines comes %s; %d of %d read".formatted(same, next, read.size(), written.size());
    }

    private void clear() throws IOException {
        for (Path path : paths()) {
            Files.delete(path);
        }
    }

    private List<Path> paths() throws IOException {
        try (var files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }

    private List<String> names() throws IOException {
        List<String> names = new ArrayList<>();
        for (Path path : paths()) {
            names.add(path.getFileName() + " " + Files.size(path) + " " + Files.getLastModifiedTime(path));
        }
        return names;
    }

    /** Writes numbered lines, and rotates the log. */
    private final class Writer {
        private final Way way;
        private final Random random;
        /** Whether the file system's times are as coarse as those of older kernels. */
        private final boolean coarse;

        final List<String> lines = new ArrayList<>();
        private OutputStream out;
        private int rotations;
        private int untold;

        Writer(Way way, Random random, boolean coarse) throws IOException {
            this.way = way;
            this.random = random;
            this.coarse = coarse;
            this.out = append();
            coarsen();
        }

        boolean run(Random paces) throws IOException {
            while (rotations < ROTATIONS) {
                step();
                // A few lines at once, and now and then nothing for some milliseconds.
                long end = System.nanoTime() + (paces.nextInt(3) == 0 ? paces.nextInt(6_000_000) : 0);
                while (System.nanoTime() - end < 0) {
                    Thread.onSpinWait();
                }
            }
            out.close();
            return true;
        }

        /** Writes a few lines or none, or rotates the log. */
        void step() throws IOException {
            if (untold > 0 && --untold == 0) {
                reopen();
            }
            if (random.nextInt(3) == 0) {
                rotate();
                rotations++;
            }
            for (int i = random.nextInt(4); i > 0; i--) {
                String line = String.format("%06d %s", lines.size(), "x".repeat(random.nextInt(300)));
                lines.add(line);
                out.write((line + "\n").getBytes(StandardCharsets.ISO_8859_1));
            }
            coarsen();
        }

        private void coarsen() throws IOException {
            for (Path path : coarse ? paths() : List.<Path>of()) {
                long millis = Files.getLastModifiedTime(path).toMillis();
                Files.setLastModifiedTime(path, FileTime.fromMillis(millis - millis % TICK_MILLIS));
            }
        }

        private void rotate() throws IOException {
            switch (way) {
                case RENAME_AND_CREATE -> {
                    shift();
                    Files.createFile(log);
                    reopen();
                }
                case RENAME_AND_TELL_LATER -> {
                    shift();
                    Files.createFile(log);
                    untold = 1 + random.nextInt(3);
                }
                case RENAME_ONLY -> {
                    shift();
                    reopen();
                }
                case CREATE_FIRST -> {
                    Path fresh = Files.createFile(directory.resolve("new"));
                    Files.createLink(directory.resolve("messages.0"), log);
                    Files.move(fresh, log, StandardCopyOption.ATOMIC_MOVE);
                    shift(directory.resolve("messages.0"));
                    reopen();
                }
                case DATED -> {
                    Files.move(log, directory.resolve("messages-" + (20261201 + rotations)));
                    Files.createFile(log);
                    reopen();
                }
                case SEQUENTIAL -> {
                    Files.move(log, directory.resolve("messages." + rotations));
                    Files.createFile(log);
                    reopen();
                }
                case COMPRESS_LATER -> {
                    Path last = directory.resolve("messages.1");
                    if (Files.exists(last)) {
                        Tail.gzip(last);
                    }
                    shift();
                    Files.createFile(log);
                    reopen();
                }
                case COMPRESS -> {
                    shift();
                    Files.createFile(log);
                    reopen();
                    Tail.gzip(directory.resolve("messages.1"));
                }
                case COPY_AND_TRUNCATE -> {
                    Path copy = directory.resolve("messages.0");
                    Files.copy(log, copy);
                    Tail.truncate(log);
                    shift(copy);
                }
            }
        }

        /** Renames as logrotate does: the oldest file first. */
        private void shift() throws IOException {
            shift(log);
        }

        private void shift(Path newest) throws IOException {
            for (int i = rotations; i >= 1; i--) {
                move("messages." + i, "messages." + (i + 1));
                move("messages." + i + ".gz", "messages." + (i + 1) + ".gz");
            }
            Files.move(newest, directory.resolve("messages.1"));
        }

        private void move(String from, String to) throws IOException {
            if (Files.exists(directory.resolve(from))) {
                Files.move(directory.resolve(from), directory.resolve(to));
            }
        }

        private void reopen() throws IOException {
            out.close();
            out = append();
        }

        private OutputStream append() throws IOException {
            return Files.newOutputStream(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
    }
}
