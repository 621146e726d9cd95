package org.sipward.filter;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.sipward.bench.LogBenchmark;
import org.sipward.config.FilterReader;
import org.sipward.source.Line;
import org.sipward.source.LineSink;
import org.sipward.source.LineSplitter;
import org.sipward.source.file.FileSource;
import org.sipward.stamp.DateReader;
import org.sipward.stamp.TimeFormat;

/**
 * Measures what the shipped filter for Asterisk takes for a line of a log, as the agent reads it, and what other ways to
 * ask the same patterns would take. Nothing is counted or banned.
 *
 * <p>{@code dist/bench matcher} makes the logs, runs this, and prints the times next to that of merely splitting lines. Each
 * invocation reads a whole log, which must have {@link #LINES} lines. It stands here to ask single patterns, which no other
 * package can.
 */
public class MatcherBenchmark extends LogBenchmark {
    /** The log's name, without {@code .log}. */
    @Param({"benign", "attack"})
    public String log = "";

    private final LineSplitter splitter = new LineSplitter();
    private final DateReader dates = new DateReader();
    private final Line rest = new Line();
    private Path path;
    private Filter filter;
    private LogReader reader;
    private List<TimeFormat> formats;
    private List<Candidate> asked;
    private long found;

    @Setup
    public void open() throws Exception {
        path = Path.of(folder, log + ".log");
        filter = new FilterReader(Path.of("none"), List.of(Path.of("filters"))).read("asterisk");
        reader = filter.reader(ZoneOffset.UTC);
        formats = filter.spec().time().stream()
                .flatMap(name -> TimeFormat.named(name).stream())
                .toList();
        asked = filter.recogniser().candidates();
    }

    /** Splits the log into lines, no more. */
    @Benchmark
    public long split() throws IOException {
        return read(line -> found += line.length());
    }

    /** Reads the log as the agent does: all patterns at once, by automata. */
    @Benchmark
    public long automata() throws IOException {
        return read(line -> reader.read(line, match -> found++));
    }

    /** Asks re2j about each pattern whose literal stands in the line. */
    @Benchmark
    public long literals() throws IOException {
        return read(line -> ask(line, true));
    }

    /** Asks re2j about each pattern. */
    @Benchmark
    public long re2j() throws IOException {
        return read(line -> ask(line, false));
    }

    private long read(LineSink sink) throws IOException {
        found = 0;
        try (FileSource source = FileSource.appeared(path, Clock.systemUTC(), splitter)) {
            boolean more = true;
            while (more) {
                more = source.poll(sink);
            }
            if (source.counts().lines() != LINES || found == 0) {
                throw new IllegalStateException(path + ": " + source.counts().lines() + " lines, found " + found);
            }
        }
        return found;
    }

    private void ask(Line line, boolean literals) {
        int end = stampEnd(line);
        if (end < 0) {
            return;
        }
        rest.set(line.buffer(), line.from() + end, line.to(), line.arrival(), line.isLive());
        for (Candidate pattern : asked) {
            if ((!literals || pattern.mayMatch(line))
                    && pattern.groups().pattern().matcher(rest).lookingAt()) {
                found++;
            }
        }
    }

    private int stampEnd(Line line) {
        for (TimeFormat format : formats) {
            int end = format.end(line, dates);
            if (end >= 0) {
                return end;
            }
        }
        return -1;
    }
}
