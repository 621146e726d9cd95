package org.sipward;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.sipward.agent.Agent;
import org.sipward.filter.LogReader;
import org.sipward.jail.Jail;
import org.sipward.net.SeededHash;
import org.sipward.regex.PatternSet;
import org.sipward.source.LineSplitter;
import org.sipward.source.file.FileSource;
import org.sipward.source.live.LiveSource;
import org.sipward.stamp.TimeFormat;

/** Compares the launcher with the code: the JVM does not report an option for classes that do not exist. */
class LauncherTest {
    private static final Path LAUNCHER = Path.of("dist/bin/sipward");
    private static final Pattern COMPILED_EARLY =
            Pattern.compile("CompileThresholdScaling,(org/sipward/[A-Za-z0-9/]+)\\*?\\.\\*,");

    @ParameterizedTest
    @ValueSource(
            classes = {
                FileSource.class,
                LiveSource.class,
                LineSplitter.class,
                TimeFormat.class,
                LogReader.class,
                PatternSet.class,
                Jail.class,
                SeededHash.class,
                Agent.class
            })
    void compilesEarlyWhatALineRunsThrough(Class<?> station) throws IOException {
        String name = station.getName().replace('.', '/');

        // A pattern holds for all names that begin so: those of sub-packages too.
        assertThat(compiledEarly()).anyMatch(name::startsWith);
    }

    @Test
    void namesOnlyPackagesAndClassesThatAreThere() throws IOException {
        List<String> named = compiledEarly();

        assertThat(named).isNotEmpty().allMatch(LauncherTest::isThere);
    }

    private static boolean isThere(String name) {
        Path sources = Path.of("src/main/java");
        return name.endsWith("/")
                ? Files.isDirectory(sources.resolve(name))
                : Files.isRegularFile(sources.resolve(name + ".java"));
    }

    private static List<String> compiledEarly() throws IOException {
        try (Stream<MatchResult> found =
                COMPILED_EARLY.matcher(Files.readString(LAUNCHER)).results()) {
            return found.map(match -> match.group(1)).toList();
        }
    }
}
