package org.sipward.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ControlServerTest {
    private static final String PING = "{\"command\":\"ping\"}\n";
    private static final String PONG = "{\"exit\":0,\"message\":\"pong\"}\n";

    private static final Duration PATIENCE = Duration.ofMillis(500);
    private static final Duration LOOK = Duration.ofMillis(50);

    @TempDir
    private Path folder;

    private Path socket;
    private ControlServer server;

    @BeforeEach
    void open() throws IOException {
        socket = folder.resolve("run/s.sock");
        server = ControlServer.open(socket, ControlServerTest::answer, PATIENCE, LOOK);
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void isForItsOwnerAlone() throws IOException {
        assertThat(mode(socket)).isEqualTo("rw-------");
        assertThat(mode(folder.resolve("run"))).isEqualTo("rwx------");
        try (var files = Files.list(folder.resolve("run"))) {
            assertThat(files).containsExactly(socket);
        }
    }

    @Test
    void writesRowsAndThenTheEnd() throws IOException {
        assertThat(ask("{\"command\":\"rows\",\"count\":2}\n"))
                .isEqualTo("{\"row\":\"0\"}\n{\"row\":\"1\"}\n{\"exit\":0,\"message\":\"\"}\n");
    }

    @Test
    void answersARequestWhoseClientWritesNoMore() throws IOException {
        try (SocketChannel client = connect()) {
            write(client, PING.strip());
            client.shutdownOutput();

            assertThat(read(client)).isEqualTo(PONG);
        }
    }

    @Test
    void understandsARequestThatComesInPieces() throws IOException {
        try (SocketChannel client = connect()) {
            write(client, PING.substring(0, 5));
            write(client, PING.substring(5));

            assertThat(read(client)).isEqualTo(PONG);
        }
    }

    @Test
    void saysThatGarbageIsNotUnderstood() throws IOException {
        assertThat(ask("\u0000\u0001 GET / HTTP/1.1\r\n")).startsWith("{\"exit\":64,\"message\":\"not understood: ");
        assertThat(ask("{\"command\":" + "[".repeat(1_000) + "\n")).startsWith("{\"exit\":64,");
        assertThat(ask(PING)).isEqualTo(PONG);
    }

    @Test
    void survivesABugInACommand() throws IOException {
        assertThat(ask("{\"command\":\"bug\"}\n"))
                .startsWith("{\"exit\":70,\"message\":\"bug in the agent, please report it: ");
        assertThat(ask(PING)).isEqualTo(PONG);
    }

    @Test
    void cutsAClientOffThatWritesTooMuch() throws IOException {
        byte[] much = "x".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
        try (SocketChannel client = connect()) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 100; i++) {
                            Channels.newOutputStream(client).write(much);
                        }
                    })
                    .isInstanceOf(IOException.class);
        }
        assertThat(ask(PING)).isEqualTo(PONG);
    }

    @Test
    void cutsSilentClientsOffHoweverMany() throws IOException {
        List<SocketChannel> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 40; i++) {
                clients.add(connect());
            }
            assertThat(ask(PING)).isEqualTo(PONG);
            assertThat(read(clients.get(0))).isEmpty();
        } finally {
            for (SocketChannel client : clients) {
                client.close();
            }
        }
    }

    @Test
    void survivesClientsThatGoAtOnce() throws IOException {
        for (int i = 0; i < 50; i++) {
            connect().close();
            try (SocketChannel client = connect()) {
                write(client, i % 2 == 0 ? PING : "{\"command\":\"rows\",\"count\":100000}\n");
            }
        }
        assertThat(ask(PING)).isEqualTo(PONG);
    }

    @Test
    void answersOthersWhileAClientDoesNotReadItsAnswer() throws IOException {
        try (SocketChannel pager = connect()) {
            write(pager, "{\"command\":\"rows\",\"count\":100000}\n");

            assertThat(ask(PING)).isEqualTo(PONG);
            assertThat(read(pager)).endsWith("{\"row\":\"99999\"}\n{\"exit\":0,\"message\":\"\"}\n");
        }
    }

    @Test
    void cutsAClientOffThatReadsNothingOfItsAnswer() throws IOException {
        try (SocketChannel pager = connect()) {
            write(pager, "{\"command\":\"rows\",\"count\":300000}\n");
            assertThat(ask(PING)).isEqualTo(PONG);
            await(() -> Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().equals("sipward-client")));

            assertThat(read(pager)).doesNotContain("exit");
        }
    }

    @Test
    void anOperatorGetsInThoughAllPlacesAreTakenByClientsThatDoNotRead() throws IOException {
        server.close();
        server = ControlServer.open(socket, ControlServerTest::answer, Duration.ofSeconds(60), LOOK);
        List<SocketChannel> clients = new ArrayList<>();
        try {
            for (int i = 0; i < 3 * ControlServer.MAX_CLIENTS; i++) {
                SocketChannel client = connect();
                clients.add(client);
                if (i % 2 == 0) {
                    write(client, "{\"command\":\"rows\",\"count\":300000}\n");
                }
            }
            long begin = System.nanoTime();

            assertThat(ask(PING)).isEqualTo(PONG);

            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
        } finally {
            for (SocketChannel client : clients) {
                client.close();
            }
        }
    }

    @Test
    void makesASocketAgainThatSomebodyHasRemoved() throws IOException {
        Files.delete(socket);
        await(() -> Files.exists(socket));
        assertThat(ask(PING)).isEqualTo(PONG);
        assertThat(mode(socket)).isEqualTo("rw-------");

        Files.delete(socket);
        Files.delete(socket.getParent());
        await(() -> Files.exists(socket));
        assertThat(ask(PING)).isEqualTo(PONG);
    }

    @Test
    void removesNothingThatSomebodyElseHasPutInItsPlace() throws IOException {
        server.close();
        server = ControlServer.open(socket, ControlServerTest::answer, PATIENCE, Duration.ofHours(1));
        Files.delete(socket);
        Files.writeString(socket, "text");

        server.close();

        assertThat(socket).hasContent("text");
    }

    @Test
    void survivesABugInARow() throws IOException {
        assertThat(ask("{\"command\":\"broken row\"}\n")).doesNotContain("exit");
        assertThat(ask(PING)).isEqualTo(PONG);
    }

    @Test
    void replacesTheSocketOfADeadAgent() throws IOException {
        server.close();
        try (ServerSocketChannel dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(socket));
        }
        assertThat(socket).exists();

        server = ControlServer.open(socket, ControlServerTest::answer);

        assertThat(ask(PING)).isEqualTo(PONG);
    }

    @Test
    void leavesALivingAgentAlone() throws IOException {
        assertThatThrownBy(() -> ControlServer.open(socket, ControlServerTest::answer))
                .isInstanceOf(IOException.class)
                .hasMessage("another agent answers on " + socket + "; stop it, or set socket: to another path");

        assertThat(ask(PING)).isEqualTo(PONG);
    }

    @Test
    void doesNotTakeAnyFileForASocket() throws IOException {
        Path file = Files.writeString(folder.resolve("precious"), "text");

        assertThatThrownBy(() -> ControlServer.open(file, ControlServerTest::answer))
                .isInstanceOf(IOException.class)
                .hasMessage(file + " exists but is not a socket; set socket: to another path");

        assertThat(file).hasContent("text");
    }

    @Test
    void leavesNoSocketBehind() throws IOException {
        server.close();

        assertThat(socket).doesNotExist();
    }

    private static Answer answer(Map<String, Object> request) {
        return switch (String.valueOf(request.get("command"))) {
            case "ping" -> new Answer(ExitCode.YES, List.of(), "pong");
            case "rows" -> Answer.of(rows(((Number) request.getOrDefault("count", 0)).intValue()));
            case "broken row" ->
                Answer.of(() -> {
                    throw new IllegalStateException("bug");
                });
            default -> throw new IllegalStateException("bug");
        };
    }

    /** Returns so many rows, made one by one. */
    private static Iterable<Map<String, Object>> rows(int count) {
        return () -> IntStream.range(0, count)
                .<Map<String, Object>>mapToObj(i -> Map.of("row", "" + i))
                .iterator();
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            // A turn of another thread is awaited, which no clock of ours can move.
            LockSupport.parkNanos(10_000_000);
        }
    }

    private String ask(String request) throws IOException {
        try (SocketChannel client = connect()) {
            write(client, request);
            return read(client);
        }
    }

    private SocketChannel connect() throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(socket));
    }

    private static void write(SocketChannel client, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            client.write(bytes);
        }
    }

    private static String read(SocketChannel client) throws IOException {
        return new String(Channels.newInputStream(client).readAllBytes(), StandardCharsets.UTF_8);
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
