package org.sipward.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.sipward.agent.ConfiguredJail;
import org.sipward.config.ConfigReader;
import org.sipward.config.JailConfig;
import org.sipward.filter.LogReader;
import org.sipward.filter.Match;
import org.sipward.jail.Jail;
import org.sipward.jail.Trust;
import org.sipward.source.LineSplitter;
import org.sipward.source.file.LogFile;

/**
 * Measures what a jail as it is shipped takes to judge a failure that its filter has found: the rest of a line's way, behind
 * what {@code MatcherBenchmark} measures. Each invocation lets a new jail judge a whole log of {@link #LINES} failures.
 */
public class JailBenchmark extends LogBenchmark {
    /** The log's name, without {@code .log}; each of its lines is a failure. */
    @Param("attack")
    public String log = "";

    private final List<Match> matches = new ArrayList<>();
    private JailConfig config;
    private Jail jail;

    @Setup
    public void read() throws Exception {
        Path file = Path.of(folder, "jail.yaml");
        Files.writeString(
                file, "jails: {asterisk: {filter: asterisk, source: {file: /none}, timezone: UTC, maxretry: 5}}\n");
        config =
                new ConfigReader(Path.of("filters")).read(file).config().jails().get(0);
        LogReader reader = ConfiguredJail.of(config, new Trust()).open();
        try (LogFile lines = LogFile.open(Path.of(folder, log + ".log"), new LineSplitter())) {
            boolean more = true;
            while (more) {
                more = lines.poll(line -> reader.read(line, matches::add));
            }
        }
        reader.end();
        if (matches.size() != LINES) {
            throw new IllegalStateException(log + ": " + matches.size() + " failures");
        }
    }

    /** A jail that knows the addresses already would ban them. */
    @Setup(Level.Invocation)
    public void renew() {
        jail = ConfiguredJail.of(config, new Trust());
    }

    @Benchmark
    public int judge() {
        int verdicts = 0;
        for (int i = 0; i < matches.size(); i++) {
            verdicts += jail.judge(matches.get(i)).isPresent() ? 1 : 0;
        }
        return verdicts;
    }
}
