package org.sipward.agent;

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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ControlServerTest {
    private static final String PING = "{\"command\":\"ping\"}\n";
    private static final String PONG = "{\"exit\":0,\"message\":\"pong\"}\n";

    @TempDir
    private Path folder;

    private Path socket;
    private ControlServer server;

    @BeforeEach
    void open() throws IOException {
        socket = folder.resolve("run/s.sock");
        server = ControlServer.open(socket, ControlServerTest::answer, Duration.ofMillis(200));
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
        assertThat(ask("{\"command\":\"bug\"}\n")).startsWith("{\"exit\":70,\"message\":\"bug in the agent: ");
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
                .hasMessage(file + " is there and is no socket; set socket: to another path");

        assertThat(file).hasContent("text");
    }

    @Test
    void leavesNoSocketBehind() throws IOException {
        server.close();

        assertThat(socket).doesNotExist();
    }

    private static Answer answer(Map<String, Object> request) {
        return switch (String.valueOf(request.get("command"))) {
            case "ping" -> Answer.yes("pong");
            case "rows" -> Answer.of(rows(((Number) request.getOrDefault("count", 0)).intValue()));
            default -> throw new IllegalStateException("bug");
        };
    }

    private static List<Map<String, Object>> rows(int count) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(Map.of("row", "" + i));
        }
        return rows;
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
