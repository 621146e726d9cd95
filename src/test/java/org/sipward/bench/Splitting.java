package org.sipward.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import org.sipward.source.FileSource;
import org.sipward.source.LineSplitter;

/**
 * Reads the log that is its argument and splits it into lines as the agent does, and nothing else. Prints the nanoseconds
 * of CPU a line: the median of some passes, after others that let the compiler do its work.
 */
final class Splitting {
    private static final int WARM_UPS = 10;
    private static final int PASSES = 11;

    private Splitting() {}

    public static void main(String[] arguments) throws IOException {
        Path log = Path.of(arguments[0]);
        LineSplitter splitter = new LineSplitter();
        double[] passes = new double[PASSES];
        for (int pass = -WARM_UPS; pass < PASSES; pass++) {
            double nanos = pass(log, splitter);
            if (pass >= 0) {
                passes[pass] = nanos;
            }
        }
        Arrays.sort(passes);
        System.out.println(passes[PASSES / 2]);
    }

    private static double pass(Path log, LineSplitter splitter) throws IOException {
        long began = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        long[] bytes = new long[1];
        long lines;
        try (FileSource source = FileSource.appeared(log, Clock.systemUTC(), splitter)) {
            boolean more = true;
            while (more) {
                more = source.poll(line -> bytes[0] += line.length());
            }
            lines = source.lines();
        }
        if (lines == 0 || bytes[0] == 0) {
            throw new IllegalArgumentException(log + " has no lines");
        }
        return (double) (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - began) / lines;
    }
}
