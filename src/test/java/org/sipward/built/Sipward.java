package org.sipward.built;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The built program, with its configuration, store and socket in one folder of the test. */
final class Sipward {
    private static final Path PROGRAM = Path.of("target/sipward/bin/sipward").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path folder;
    private final Path socket;
    private final Path config;
    private final Path output;

    /**
     * Writes a configuration with these lines, and with the store and the socket in the folder.
     *
     * @param folder a short path, since the path of a socket may have only 107 bytes
     */
    Sipward(Path folder, String yaml) throws IOException {
        this(folder, yaml, folder.resolve("s.sock"));
    }

    /** Does the same with a socket at another path. */
    Sipward(Path folder, String yaml, Path socket) throws IOException {
        this.folder = folder;
        this.socket = socket;
        this.config = folder.resolve("sipward.yaml");
        this.output = folder.resolve("agent.out");
        configure(yaml);
    }

    /** Returns whether the program under test is the native one. VariantIT holds that to the truth. */
    static boolean isNative() {
        return "native".equals(System.getProperty("sipward.variant"));
    }

    /** Replaces the configuration. */
    void configure(String yaml) throws IOException {
        Files.writeString(config, yaml + "\nstore: {path: " + folder.resolve("store") + "}\nsocket: " + socket + "\n");
    }

    /** Starts the agent on this host and returns when it watches its logs. */
    Process start(Host host, String... options) throws Exception {
        int before = output().length();
        Process agent = launch(host, options);
        await("the agent to run", () -> {
            assertThat(agent.isAlive()).describedAs(output()).isTrue();
            return output().substring(before).contains("sipward runs");
        });
        return agent;
    }

    /** Starts the agent on this host and returns at once. */
    Process launch(Host host, String... options) throws IOException {
        return launch(host, ProcessBuilder.Redirect.appendTo(output.toFile()), options);
    }

    /** Does the same, with its output elsewhere. */
    Process launch(Host host, ProcessBuilder.Redirect to, String... options) throws IOException {
        List<String> vector = new ArrayList<>(List.of(PROGRAM.toString(), "run", "-c", config.toString()));
        vector.addAll(List.of(options));
        return host.start(to, vector.toArray(String[]::new));
    }

    /** Returns all that the agent has printed. */
    String output() throws IOException {
        return Files.exists(output) ? Files.readString(output) : "";
    }

    /** Starts the agent by another program, such as nsenter, and returns when it watches its logs. */
    Process startBy(Host host, String... starter) throws Exception {
        int printed = output().length();
        List<String> vector = new ArrayList<>(List.of(starter));
        vector.addAll(List.of(PROGRAM.toString(), "run", "-c", config.toString()));
        Process agent = host.start(ProcessBuilder.Redirect.appendTo(output.toFile()), vector.toArray(String[]::new));
        await("the agent to run", () -> output().substring(printed).contains("sipward runs"));
        return agent;
    }

    /** Starts an agent that refuses to run on this host, and returns what it printed. */
    Answer refused(Host host) throws Exception {
        return host.ask("timeout", "60", PROGRAM.toString(), "run", "-c", config.toString());
    }

    Path socket() {
        return socket;
    }

    /** Runs a command, with the configuration given, and returns what it printed and its exit code. */
    Answer command(String... arguments) throws Exception {
        return commandReading("", arguments);
    }

    /** Does the same, with this text on its standard input. */
    Answer commandReading(String input, String... arguments) throws Exception {
        return run(input, List.of(), arguments);
    }

    /** Runs a command by another program, such as setpriv. */
    Answer commandBy(List<String> starter, String... arguments) throws Exception {
        return run("", starter, arguments);
    }

    private Answer run(String input, List<String> starter, String... arguments) throws Exception {
        List<String> vector = new ArrayList<>(starter);
        vector.add(PROGRAM.toString());
        vector.addAll(List.of(arguments));
        vector.addAll(List.of("-c", config.toString()));
        Process process = new ProcessBuilder(vector).redirectErrorStream(true).start();
        process.getOutputStream().write(input.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return new Answer(process.exitValue(), text);
    }

    /** Checks the condition again and again until it holds; fails after a minute. */
    static void await(String what, Callable<Boolean> condition) throws Exception {
        await(what, PATIENCE, condition);
    }

    /** Checks the condition again and again until it holds; fails after this time. */
    static void await(String what, Duration patience, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).describedAs("waiting for %s", what).isLessThan(end);
            // This waits for a real process, for which a clock of the test makes no difference.
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /** The output of a command and its exit code. */
    record Answer(int exit, String text) {
        private static final ObjectMapper JSON = new ObjectMapper();

        /** Parses the output as JSON, one object a line. */
        List<JsonNode> rows() throws IOException {
            List<JsonNode> rows = new ArrayList<>();
            for (String line : text.lines().toList()) {
                rows.add(JSON.readTree(line));
            }
            return rows;
        }
    }
}
