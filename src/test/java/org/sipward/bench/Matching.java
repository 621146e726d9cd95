package org.sipward.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import org.sipward.config.FilterReader;
import org.sipward.filter.Filter;
import org.sipward.filter.Transcript;
import org.sipward.source.FileSource;
import org.sipward.source.LineSplitter;

/**
 * Reads the log that is its second argument as the filter does that is its first, and counts nothing. Prints the
 * nanoseconds of CPU a line: the median of some passes, after others that let the compiler do its work.
 */
final class Matching {
    private static final int WARM_UPS = 5;
    private static final int PASSES = 7;

    private Matching() {}

    public static void main(String[] arguments) throws Exception {
        Filter filter = new FilterReader(Path.of("none"), List.of(Path.of("filters"))).read(arguments[0]);
        Path log = Path.of(arguments[1]);
        LineSplitter splitter = new LineSplitter();
        double[] passes = new double[PASSES];
        for (int pass = -WARM_UPS; pass < PASSES; pass++) {
            double nanos = pass(log, filter, splitter);
            if (pass >= 0) {
                passes[pass] = nanos;
            }
        }
        Arrays.sort(passes);
        System.out.println(passes[PASSES / 2]);
    }

    private static double pass(Path log, Filter filter, LineSplitter splitter) throws IOException {
        long began = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        Transcript transcript = new Transcript(filter, ZoneOffset.UTC);
        long[] matches = new long[1];
        long lines;
        try (FileSource source = FileSource.appeared(log, Clock.systemUTC(), splitter)) {
            boolean more = true;
            while (more) {
                more = source.poll(line -> transcript.read(line, match -> matches[0]++));
            }
            lines = source.lines();
        }
        if (matches[0] == 0) {
            throw new IllegalArgumentException(log + " has no matches");
        }
        return (double) (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - began) / lines;
    }
}
