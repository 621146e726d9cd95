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

/** The built program with a configuration of the test's, its store and its socket in one folder. */
final class Sipward {
    private static final Path PROGRAM = Path.of("target/sipward/bin/sipward").toAbsolutePath();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path folder;
    private final Path socket;
    private final Path config;
    private final Path output;

    /**
     * Writes the configuration: these lines, and the store and the socket in the folder.
     *
     * @param folder a short path, as a socket's may have 107 bytes only
     */
    Sipward(Path folder, String yaml) throws IOException {
        this(folder, yaml, folder.resolve("s.sock"));
    }

    /** The same with a socket elsewhere. */
    Sipward(Path folder, String yaml, Path socket) throws IOException {
        this.folder = folder;
        this.socket = socket;
        this.config = folder.resolve("sipward.yaml");
        this.output = folder.resolve("agent.out");
        configure(yaml);
    }

    /** Writes the configuration anew. */
    void configure(String yaml) throws IOException {
        Files.writeString(config, yaml + "\nstore: {path: " + folder.resolve("store") + "}\nsocket: " + socket + "\n");
    }

    /** Starts the agent on this host and returns when it watches. */
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

    /** The same, with its output elsewhere. */
    Process launch(Host host, ProcessBuilder.Redirect to, String... options) throws IOException {
        List<String> vector = new ArrayList<>(List.of(PROGRAM.toString(), "run", "-c", config.toString()));
        vector.addAll(List.of(options));
        return host.start(to, vector.toArray(String[]::new));
    }

    /** Returns all that the agent has printed. */
    String output() throws IOException {
        return Files.exists(output) ? Files.readString(output) : "";
    }

    /** Starts the agent by another program, such as nsenter, and returns when it watches. */
    Process startBy(Host host, String... starter) throws Exception {
        int printed = output().length();
        List<String> vector = new ArrayList<>(List.of(starter));
        vector.addAll(List.of(PROGRAM.toString(), "run", "-c", config.toString()));
        Process agent = host.start(ProcessBuilder.Redirect.appendTo(output.toFile()), vector.toArray(String[]::new));
        await("the agent to run", () -> output().substring(printed).contains("sipward runs"));
        return agent;
    }

    /** Runs an agent on this host that will not run, and returns what it says. */
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

    /** The same, with this text on its standard input. */
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

    /** Looks again and again until the condition holds; fails after a minute. */
    static void await(String what, Callable<Boolean> condition) throws Exception {
        await(what, PATIENCE, condition);
    }

    /** Looks again and again until the condition holds; fails after this time. */
    static void await(String what, Duration patience, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).describedAs("waiting for %s", what).isLessThan(end);
            // A turn of a real process is awaited, which no clock of ours can move.
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /** What a command printed, and its exit code. */
    record Answer(int exit, String text) {
        private static final ObjectMapper JSON = new ObjectMapper();

        /** Returns what it printed in JSON, an object a line. */
        List<JsonNode> rows() throws IOException {
            List<JsonNode> rows = new ArrayList<>();
            for (String line : text.lines().toList()) {
                rows.add(JSON.readTree(line));
            }
            return rows;
        }
    }
}
