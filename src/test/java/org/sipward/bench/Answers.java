package org.sipward.bench;

import java.io.BufferedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.sipward.config.FilterReader;
import org.sipward.filter.Claims;
import org.sipward.filter.Filter;
import org.sipward.filter.LogReader;
import org.sipward.filter.Match;
import org.sipward.source.Line;

/**
 * Prints what the shipped filters read out of the recorded logs, and out of their lines after {@link Mutations}: for
 * each line that says something, what {@link LogReader#read} returned and all matches that came within the call.
 * {@code dist/bench matcher --against} runs it with the jars of two versions and compares what it prints.
 *
 * <p>Arguments: the folder of the filters, the seed, how many mutated lines to read, and whether to leave out the
 * session of a success.
 */
public final class Answers {
    /** A log's readers see so much time between two lines, and sometimes a pause in which all that waits is settled. */
    private static final int MILLIS = 3;

    private static final int PAUSE_MILLIS = 1_000;
    private static final int LINES_BETWEEN_PAUSES = 12;

    private final Path filters;
    private final Random random;
    private final boolean withoutSessions;
    private final PrintStream out;
    private final StringBuilder matches = new StringBuilder();
    private final Map<String, Filter> compiled = new HashMap<>();
    /** The lines of all logs of one filter. */
    private final Map<String, List<byte[]>> lines = new TreeMap<>();

    private long now = 1_780_000_000_000L;

    private Answers(Path filters, long seed, boolean withoutSessions, PrintStream out) {
        this.filters = filters;
        this.random = new Random(seed);
        this.withoutSessions = withoutSessions;
        this.out = out;
    }

    /** Prints all answers. */
    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(new BufferedOutputStream(System.out, 1 << 16));
        Answers answers = new Answers(
                Path.of(arguments[0]), Long.parseLong(arguments[1]), Boolean.parseBoolean(arguments[3]), out);
        answers.readRecorded();
        answers.readMutated(Integer.parseInt(arguments[2]));
        out.flush();
    }

    private void readRecorded() throws Exception {
        try (ZipFile zip = new ZipFile("src/test/resources/corpus.zip")) {
            for (Enumeration<? extends ZipEntry> all = zip.entries(); all.hasMoreElements(); ) {
                ZipEntry entry = all.nextElement();
                if (entry.getName().endsWith(".log")) {
                    String server = entry.getName().replaceFirst("[/0-9-].*", "");
                    List<byte[]> log = split(zip.getInputStream(entry).readAllBytes());
                    lines.computeIfAbsent(server, any -> new ArrayList<>()).addAll(log);
                    read(entry.getName(), reader(server), log);
                }
            }
        }
    }

    private void readMutated(int count) throws Exception {
        for (Map.Entry<String, List<byte[]>> logs : lines.entrySet()) {
            String server = logs.getKey();
            List<byte[]> from = logs.getValue();
            Mutations mutations = new Mutations(random, from);
            List<byte[]> log = new ArrayList<>();
            int place = 0;
            for (int i = 0; i < count / lines.size(); i++) {
                // Lines that follow each other belong together, so the log is read on from a random place for a while.
                place = random.nextInt(30) == 0 ? random.nextInt(from.size()) : (place + 1) % from.size();
                log.add(mutations.of(from.get(place)));
            }
            read(server + ", mutated", reader(server), log);
        }
    }

    private LogReader reader(String server) throws Exception {
        if (!compiled.containsKey(server)) {
            compiled.put(server, new FilterReader(Path.of("none"), List.of(filters)).read(server));
        }
        return compiled.get(server).reader(ZoneOffset.UTC);
    }

    private void read(String name, LogReader reader, List<byte[]> log) {
        Line line = new Line();
        boolean live = random.nextBoolean();
        for (int i = 0; i < log.size(); i++) {
            byte[] bytes = log.get(i);
            line.set(bytes, 0, bytes.length, now, live);
            boolean says = reader.read(line, this::note);
            if (bytes.length > Filter.MAX_LINE_BYTES) {
                // Whether such a line says something depends on when an automaton gives up, which no verdict needs.
                says = false;
                matches.setLength(0);
            }
            if (random.nextInt(LINES_BETWEEN_PAUSES) == 0) {
                now += PAUSE_MILLIS;
                reader.settle(now);
            }
            print(name, i, says, bytes);
            now += MILLIS;
        }
        reader.end();
        print(name, log.size(), false, new byte[0]);
    }

    private void note(Match match) {
        boolean told = withoutSessions && match.kind() == Match.Kind.SUCCESS;
        Claims claims = match.claims();
        Claims kept = told ? new Claims(claims.user(), Optional.empty(), claims.number(), claims.agent()) : claims;
        matches.append(' ').append(match.kind()).append(' ').append(match.pattern());
        matches.append(' ')
                .append(match.weight())
                .append(' ')
                .append(match.proven())
                .append(' ')
                .append(match.excuse());
        matches.append(' ')
                .append(match.address())
                .append(' ')
                .append(match.time())
                .append(' ')
                .append(kept);
        matches.append(' ').append(match.arrival()).append(' ').append(match.isLive());
    }

    private void print(String name, int number, boolean says, byte[] line) {
        if (says || matches.length() > 0) {
            out.append(name).append(':').append(String.valueOf(number + 1)).append(says ? ": says" : ": -");
            out.append(escaped(matches))
                    .append("\t")
                    .append(escaped(text(line)))
                    .append('\n');
            matches.setLength(0);
        }
    }

    private static String text(byte[] line) {
        return new String(line, StandardCharsets.ISO_8859_1);
    }

    private static String escaped(CharSequence text) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            escaped.append(c >= ' ' && c < 0x7f && c != '\\' ? String.valueOf(c) : String.format("\\x%02x", (int) c));
        }
        return escaped.toString();
    }

    private static List<byte[]> split(byte[] log) {
        List<byte[]> split = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < log.length; i++) {
            if (log[i] == '\n') {
                split.add(Arrays.copyOfRange(log, from, i));
                from = i + 1;
            }
        }
        return split;
    }
}
