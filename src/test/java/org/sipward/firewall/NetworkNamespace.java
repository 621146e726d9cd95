package org.sipward.firewall;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A new network namespace with only loopback up. Closing it deletes it. */
final class NetworkNamespace implements AutoCloseable {
    private static final AtomicInteger COUNT = new AtomicInteger();

    private final String name = "sipward-" + ProcessHandle.current().pid() + "-" + COUNT.incrementAndGet();

    private NetworkNamespace() {}

    /** Skips the test if namespaces or nft are not available. */
    static NetworkNamespace open() throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root for network namespaces");
        assumeTrue(Command.of("ip", Duration.ofSeconds(1)).isInstalled(), "needs ip of iproute2");
        assumeTrue(Command.of("nft", Duration.ofSeconds(1)).isInstalled(), "needs nft");
        NetworkNamespace namespace = new NetworkNamespace();
        Command.Result added = Command.of("ip", Duration.ofSeconds(10))
                .run(List.of("netns", "add", namespace.name), Command.Input.NONE, Command.Output.NONE);
        assumeTrue(added.isSuccess(), "needs network namespaces: " + added.errors());
        namespace.run("ip", "link", "set", "lo", "up");
        return namespace;
    }

    String name() {
        return name;
    }

    /** Returns the command that runs this program in the namespace. */
    Command command(String program) {
        return command(program, Duration.ofSeconds(30));
    }

    Command command(String program, Duration limit) {
        return new Command(
                program,
                List.of(Path.of("/usr/sbin"), Path.of("/sbin"), Path.of("/usr/bin"), Path.of("/bin")),
                prefix(),
                limit);
    }

    /** Runs a program in the namespace, which must succeed, and returns its output. */
    String run(String program, String... arguments) throws IOException {
        return feed(program, "", arguments);
    }

    /** Runs a program in the namespace with this input, and returns its output. */
    String feed(String program, String input, String... arguments) throws IOException {
        StringBuilder output = new StringBuilder();
        Command.Result result = command(program)
                .run(
                        List.of(arguments),
                        out -> out.write(input),
                        in -> output.append(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
        if (!result.isSuccess()) {
            throw new IOException(program + " " + List.of(arguments) + ": " + result.errors());
        }
        return output.toString();
    }

    /** Starts this JVM's java in the namespace, with a main class of the tests. */
    Process java(Class<?> main, String... arguments) throws IOException {
        List<String> vector = new ArrayList<>(prefix());
        vector.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        vector.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp"));
        vector.add(main.getProtectionDomain().getCodeSource().getLocation().getPath());
        vector.add(main.getName());
        vector.addAll(List.of(arguments));
        return new ProcessBuilder(vector)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private List<String> prefix() {
        String ip = Stream.of("/usr/sbin/ip", "/sbin/ip", "/usr/bin/ip", "/bin/ip")
                .filter(path -> Files.isExecutable(Path.of(path)))
                .findFirst()
                .orElseThrow();
        return List.of(ip, "netns", "exec", name);
    }

    @Override
    public void close() throws IOException {
        Command.of("ip", Duration.ofSeconds(10))
                .run(List.of("netns", "delete", name), Command.Input.NONE, Command.Output.NONE);
    }
}
