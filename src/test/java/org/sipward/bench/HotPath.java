package org.sipward.bench;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.sipward.agent.Agent;
import org.sipward.config.ConfigException;
import org.sipward.config.ConfigReader;
import org.sipward.config.JailConfig;
import org.sipward.filter.Match;
import org.sipward.filter.Transcript;
import org.sipward.jail.Jail;
import org.sipward.jail.Trust;
import org.sipward.source.FileSource;
import org.sipward.source.LineSplitter;
import org.sipward.source.LogFile;

/**
 * Measures one part of a line's way: the first argument is the part, the second a log of Asterisk's.
 *
 * <ul>
 *   <li>{@code split} reads it and splits it into lines, no more;
 *   <li>{@code look} looks, when all is read, whether there is more: for a line, read a look;
 *   <li>{@code read} also lets the shipped filter look at each line, and a jail judge what that finds;
 *   <li>{@code judge} has the jail judge what the filter found before.
 * </ul>
 *
 * <p>The jail is as it is shipped. Prints the nanoseconds of CPU and the bytes of garbage a line: the median of some passes,
 * after others that let the compiler do its work. A third argument is the number of passes.
 */
final class HotPath {
    private static final int WARM_UPS = 5;
    private static final int LOOKS = 10_000;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final Path log;
    private final LineSplitter splitter = new LineSplitter();
    private final Jail jail;
    private long verdicts;

    private HotPath(Path log, Jail jail) {
        this.log = log;
        this.jail = jail;
    }

    public static void main(String[] arguments) throws IOException, ConfigException {
        HotPath path = new HotPath(Path.of(arguments[1]), jail());
        int passes = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 11;
        switch (arguments[0]) {
            case "split" -> measure(passes, path::split);
            case "look" -> measure(passes, path::look);
            case "read" -> measure(passes, path::read);
            case "judge" -> {
                List<Match> matches = path.matches();
                measure(passes, () -> path.judge(matches));
            }
            default -> throw new IllegalArgumentException(arguments[0] + ": is no part");
        }
        System.out.println(path.verdicts + " verdicts in all passes");
    }

    /** Returns the number of lines, or of what was found in them. */
    @FunctionalInterface
    private interface Pass {
        long run() throws IOException;
    }

    private static void measure(int passes, Pass pass) throws IOException {
        double[] nanos = new double[passes];
        double bytes = 0;
        for (int i = -WARM_UPS; i < passes; i++) {
            long allocated = THREADS.getCurrentThreadAllocatedBytes();
            long began = THREADS.getCurrentThreadCpuTime();
            long lines = pass.run();
            if (i >= 0) {
                nanos[i] = (double) (THREADS.getCurrentThreadCpuTime() - began) / lines;
                bytes = (double) (THREADS.getCurrentThreadAllocatedBytes() - allocated) / lines;
            }
        }
        Arrays.sort(nanos);
        System.out.printf(Locale.ROOT, "%.0f ns (least %.0f), %.1f bytes a line%n", nanos[passes / 2], nanos[0], bytes);
    }

    private long split() throws IOException {
        long[] bytes = new long[1];
        try (FileSource source = FileSource.appeared(log, Clock.systemUTC(), splitter)) {
            boolean more = true;
            while (more) {
                more = source.poll(line -> bytes[0] += line.length());
            }
            return source.lines();
        }
    }

    private long look() throws IOException {
        try (FileSource source = FileSource.appeared(log, Clock.systemUTC(), splitter)) {
            while (source.poll(line -> {})) {}
            for (int i = 0; i < LOOKS; i++) {
                source.poll(line -> {});
            }
            return LOOKS;
        }
    }

    private long read() throws IOException {
        Transcript transcript = jail.open();
        try (FileSource source = FileSource.appeared(log, Clock.systemUTC(), splitter)) {
            boolean more = true;
            while (more) {
                more = source.poll(line -> transcript.read(line, this::judge));
            }
            return source.lines();
        }
    }

    private List<Match> matches() throws IOException {
        List<Match> matches = new ArrayList<>();
        Transcript transcript = jail.open();
        try (LogFile file = LogFile.open(log, splitter)) {
            boolean more = true;
            while (more) {
                more = file.poll(line -> transcript.read(line, matches::add));
            }
        }
        transcript.end();
        return matches;
    }

    private long judge(List<Match> matches) {
        for (int i = 0; i < matches.size(); i++) {
            judge(matches.get(i));
        }
        return matches.size();
    }

    private void judge(Match match) {
        verdicts += jail.judge(match).isPresent() ? 1 : 0;
    }

    private static Jail jail() throws IOException, ConfigException {
        Path file = Files.createTempFile("sipward", ".yaml");
        try {
            Files.writeString(
                    file, "jails: {asterisk: {filter: asterisk, source: {file: /none}, timezone: UTC, maxretry: 5}}\n");
            JailConfig config = new ConfigReader(Path.of("filters"))
                    .read(file)
                    .config()
                    .jails()
                    .get(0);
            return Agent.jail(config, new Trust());
        } finally {
            Files.delete(file);
        }
    }
}
