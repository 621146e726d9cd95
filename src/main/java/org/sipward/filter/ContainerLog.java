package org.sipward.filter;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.sipward.source.Line;
import org.sipward.stamp.DateReader;

/**
 * Unwraps what Docker and containerd put around each line that a program prints in a container. A message with line
 * breaks becomes several records. A record of Docker's is turned into one of containerd's:
 *
 * <pre>
 * {"log":"text\n","stream":"stderr","time":"2026-11-22T10:10:55.985907123Z"}
 * 2026-11-22T10:10:55.985907123Z stderr F text
 * </pre>
 *
 * <p>Both cut a line after 16 kB and put the rest into a record of its own. So an attacker with enough text could write
 * a whole line of their own there. The pieces of such a line say nothing.
 *
 * <p>Not thread-safe; serves one log.
 */
final class ContainerLog {
    private static final byte[] START = "{\"log\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final Pattern STAMP = Pattern.compile("[0-9T:.-]{19,29}(?:Z|[+-][0-9:]{5})");
    private static final int MIN_STAMP = 19;
    private static final int MAX_STAMP = 32;
    /** The length of {@code " stderr F"}. */
    private static final int TAG = 9;

    private static final List<String> STREAMS = List.of("stdout", "stderr");
    /** A record with the same key twice is refused: nobody knows which value counts. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /**
     * After so many lines with a tag in a row, the log is a container's. In a server's own log, a caller can write
     * lines with a tag, but no message has so many lines, and the first line of each message has no tag.
     */
    private static final int SURE = 2_000;

    private final ProgramName program;
    /** How many lines in a row have had a tag, at most {@link #SURE}. */
    private int tagged = SURE;

    /** Whether the last record of stdout, and of stderr, was cut. */
    private final boolean[] cut = new boolean[2];

    ContainerLog(ProgramName program) {
        this.program = program;
    }

    /**
     * Returns a record of Docker's as containerd writes it, and a line of {@code docker compose logs} without the name
     * in front of it. Returns any other line, and a damaged record, as it is.
     */
    Line unwrap(Line line) {
        if (!line.startsWith(START)) {
            return ComposeLog.unwrap(line, program);
        }
        try {
            return read(line).orElse(line);
        } catch (IOException damaged) {
            return line;
        }
    }

    /** Returns whether the line, which is unwrapped, is a piece of a longer one. Call it for all lines, in order. */
    boolean isPiece(Line line) {
        int tag = tag(line);
        if (tag < 0) {
            tagged = line.length() == 0 ? tagged : 0;
            return false;
        }
        if (tagged < SURE) {
            tagged++;
            return false;
        }
        int stream = line.charAt(tag + 3) == 'o' ? 0 : 1;
        boolean wasCut = cut[stream];
        cut[stream] = line.charAt(tag + 7) == 'P';
        return wasCut || cut[stream];
    }

    /** Returns how many bytes at the start of a line are containerd's, or 0. */
    static int carrier(Line line) {
        int tag = tag(line);
        return tag < 0 ? 0 : tag + "stdout F ".length();
    }

    /** Returns where the stream's name begins in a record of containerd's, or -1 if the line is not one. */
    private static int tag(Line line) {
        int at = MIN_STAMP;
        if (line.length() < at + TAG || line.charAt(10) != 'T' || !DateReader.isDigit(line.charAt(0))) {
            return -1;
        }
        while (at < MAX_STAMP && at + TAG < line.length() && line.charAt(at) != ' ') {
            at++;
        }
        // A record without text ends with its tag.
        boolean tagged = line.length() >= at + TAG
                && line.charAt(at) == ' '
                && line.charAt(at + 7) == ' '
                && (line.charAt(at + 8) == 'P' || line.charAt(at + 8) == 'F')
                && STREAMS.contains(line.subSequence(at + 1, at + 7).toString());
        return tagged ? at + 1 : -1;
    }

    private static Optional<Line> read(Line line) throws IOException {
        @Nullable String log = null;
        @Nullable String stream = null;
        @Nullable String time = null;
        try (JsonParser parser = JSON.createParser(line.buffer(), line.from(), line.length())) {
            parser.nextToken();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String key = parser.currentName();
                JsonToken value = parser.nextToken();
                if (key == null || value == null) {
                    throw new IOException("ends early");
                }
                switch (key) {
                    case "log" -> log = parser.getText();
                    case "stream" -> stream = parser.getText();
                    case "time" -> time = parser.getText();
                    case "attrs" -> passLabels(parser);
                    default -> throw new IOException("is not Docker's");
                }
            }
            if (parser.nextToken() != null) {
                throw new IOException("goes on after its end");
            }
        }
        if (log == null || stream == null || time == null) {
            return Optional.empty();
        }
        if (!STAMP.matcher(time).matches() || !STREAMS.contains(stream)) {
            return Optional.empty();
        }
        return Optional.of(line(line, time + " " + stream + (log.endsWith("\n") ? " F " : " P "), log));
    }

    /** Passes over the container's labels. A record is refused if they hold a piece of a server's record. */
    private static void passLabels(JsonParser parser) throws IOException {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw new IOException("is not Docker's");
        }
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            if (parser.currentToken() == null || parser.currentToken().isStructStart()) {
                throw new IOException("is not Docker's");
            }
            if (parser.getText().contains("] ")) {
                throw new IOException("holds a record");
            }
        }
    }

    private static Line line(Line line, String head, String log) {
        int end = log.length();
        // A terminal ends lines with both.
        while (end > 0 && (log.charAt(end - 1) == '\n' || log.charAt(end - 1) == '\r')) {
            end--;
        }
        byte[] plain = (head + log.substring(0, end)).getBytes(StandardCharsets.UTF_8);
        Line record = new Line();
        record.set(plain, 0, plain.length, line.arrival(), line.isLive());
        return record;
    }
}
