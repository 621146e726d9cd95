package org.sipward.built;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A host for one test: a network namespace with loopback up. Closing it deletes it and ends all programs in it. Skips
 * the test if namespaces are not available.
 */
final class Host implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();
    private static final int SECONDS = 60;
    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();
    private static final String CLASSES =
            Path.of("target/test-classes").toAbsolutePath().toString();

    private final String name = "sw-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();
    private final List<Process> started = new ArrayList<>();
    /** Cleans up if a test ends before it can do so itself. */
    private final Thread hook = new Thread(this::end);

    private Host() {}

    static Host open() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root for network namespaces");
        assumeTrue(isInstalled("ip") && isInstalled("nft"), "needs iproute2 and nftables");
        Host host = new Host();
        Process added = new ProcessBuilder("ip", "netns", "add", host.name).start();
        assumeTrue(added.waitFor() == 0, "needs network namespaces");
        Runtime.getRuntime().addShutdownHook(host.hook);
        host.run("ip", "link", "set", "lo", "up");
        return host;
    }

    static boolean isInstalled(String program) {
        return List.of("/usr/sbin", "/usr/bin", "/sbin", "/bin").stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /** Joins this host and another by a cable, and gives them these addresses with prefix lengths. */
    void join(Host other, List<String> mine, List<String> others) throws Exception {
        int number = COUNT.incrementAndGet();
        String here = "v" + number + "a";
        String there = "v" + number + "b";
        run("ip", "link", "add", here, "type", "veth", "peer", "name", there, "netns", other.name);
        configure(here, mine);
        other.configure(there, others);
    }

    private void configure(String device, List<String> addresses) throws Exception {
        for (String address : addresses) {
            // Without duplicate address detection an IPv6 address can be used at once.
            if (address.contains(":")) {
                run("ip", "addr", "add", address, "dev", device, "nodad");
            } else {
                run("ip", "addr", "add", address, "dev", device);
            }
        }
        run("ip", "link", "set", device, "up");
    }

    /** Runs a program on this host, which must succeed, and returns what it printed. */
    String run(String... vector) throws Exception {
        Sipward.Answer answer = ask(vector);
        assertThat(answer.exit())
                .describedAs("%s: %s", List.of(vector), answer.text())
                .isZero();
        return answer.text();
    }

    /** Runs a program on this host, and returns what it printed and its exit code. */
    Sipward.Answer ask(String... vector) throws Exception {
        Process process =
                new ProcessBuilder(in(vector)).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
        return new Sipward.Answer(process.exitValue(), output);
    }

    /** Starts a program on this host. It ends when the host is closed. */
    Process start(ProcessBuilder.Redirect output, String... vector) throws IOException {
        Process process = new ProcessBuilder(in(vector))
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
        started.add(process);
        return process;
    }

    /** Starts a main class of the tests on this host, as {@link #start} does. */
    Process startJava(ProcessBuilder.Redirect output, Class<?> program, String... arguments) throws IOException {
        List<String> vector = new ArrayList<>(List.of(JAVA, "-cp", CLASSES, program.getName()));
        vector.addAll(List.of(arguments));
        return start(output, vector.toArray(String[]::new));
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(hook);
        end();
    }

    private void end() {
        for (Process process : started) {
            process.destroyForcibly().onExit().join();
        }
        try {
            // Then end their own children, such as a server's workers.
            Process inside = new ProcessBuilder("ip", "netns", "pids", name).start();
            for (String pid : inside.inputReader().lines().toList()) {
                ProcessHandle.of(Long.parseLong(pid.strip())).ifPresent(ProcessHandle::destroyForcibly);
            }
            new ProcessBuilder("ip", "netns", "del", name).start().onExit().join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> in(String... vector) {
        List<String> whole = new ArrayList<>(List.of("ip", "netns", "exec", name));
        whole.addAll(List.of(vector));
        return whole;
    }
}
