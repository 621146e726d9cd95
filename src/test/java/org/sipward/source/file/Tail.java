package org.sipward.source.file;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.GZIPOutputStream;
import org.sipward.source.Backfill;
import org.sipward.source.Line;
import org.sipward.source.LineSplitter;
import org.sipward.source.StampReader;

/** A source under test, with the lines that it handed out. Also does to its log what writers and logrotate do. */
final class Tail implements AutoCloseable {
    /** Reads stamps of the form {@code 1700000000 text}, in seconds. */
    static final StampReader SECONDS = line -> {
        int blank = line.toString().indexOf(' ');
        try {
            return blank < 1
                    ? OptionalLong.empty()
                    : OptionalLong.of(1000 * Long.parseLong(line.toString().substring(0, blank)));
        } catch (NumberFormatException none) {
            return OptionalLong.empty();
        }
    };

    static final Backfill TEN_MINUTES = new Backfill(SECONDS, Duration.ofMinutes(10), Backfill.MAX_BYTES);

    private static final int MAX_POLLS = 100_000;

    final FileSource source;
    final List<Boolean> live = new ArrayList<>();
    final List<Boolean> repeating = new ArrayList<>();

    Tail(Path path, String cursor, Backfill backfill, Clock clock) {
        source = FileSource.open(
                path, cursor.isEmpty() ? Optional.empty() : Optional.of(cursor), backfill, clock, new LineSplitter());
    }

    /** Returns a source that has been read to its end, if there is a log. */
    static Tail of(Path path) throws IOException {
        Tail tail = new Tail(path, "", Backfill.NONE, Clock.systemUTC());
        tail.read();
        return tail;
    }

    /** Returns a source after a restart. */
    static Tail after(Path path, String cursor) {
        return new Tail(path, cursor, Backfill.NONE, Clock.systemUTC());
    }

    /** Polls to the end, and returns the lines; for a line that is too long, its beginning. */
    List<String> read() throws IOException {
        List<String> lines = new ArrayList<>();
        live.clear();
        repeating.clear();
        boolean more = true;
        for (int i = 0; more; i++) {
            if (i == MAX_POLLS) {
                throw new AssertionError("polls without end");
            }
            more = source.poll(line -> {
                if (line.part() == Line.Part.MIDDLE || line.part() == Line.Part.END) {
                    return;
                }
                lines.add(line.toString());
                live.add(line.isLive());
                repeating.add(source.isRepeating());
            });
        }
        return lines;
    }

    @Override
    public void close() throws IOException {
        source.close();
    }

    static void append(Path path, String text) throws IOException {
        Files.writeString(
                path, text, StandardCharsets.ISO_8859_1, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    static void truncate(Path path) throws IOException {
        Files.write(path, new byte[0], StandardOpenOption.TRUNCATE_EXISTING);
    }

    /** Compresses as gzip does: keeps the time of the last write, removes the plain file. */
    static Path gzip(Path path) throws IOException {
        Path zipped = path.resolveSibling(path.getFileName() + ".gz");
        try (GZIPOutputStream out = new GZIPOutputStream(Files.newOutputStream(zipped))) {
            Files.copy(path, out);
        }
        Files.setLastModifiedTime(zipped, Files.getLastModifiedTime(path));
        Files.delete(path);
        return zipped;
    }
}
