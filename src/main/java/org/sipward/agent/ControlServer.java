package org.sipward.agent;

import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers commands on a Unix socket that only its owner can use.
 *
 * <p>A client writes one line, a JSON object with {@code command} and its arguments, and reads lines: the rows, then
 * {@code {"exit":0,"message":"…"}}. Each client has a thread, so that one that does not read its answer (a pager left
 * open) holds up nobody. A client that writes more than {@link #MAX_REQUEST} bytes, or does not write its line within ten
 * seconds, is cut off; beyond {@link #MAX_CLIENTS} the next ones wait.
 */
final class ControlServer implements Closeable {
    private static final Logger log = LoggerFactory.getLogger(ControlServer.class);
    private static final int MAX_REQUEST = 64 * 1024;
    private static final int MAX_CLIENTS = 16;
    private static final Duration REQUEST_TIME = Duration.ofSeconds(10);

    private final Path socket;
    private final ServerSocketChannel server;
    private final Function<Map<String, Object>, Answer> commands;
    private final Duration requestTime;
    private final Semaphore clients = new Semaphore(MAX_CLIENTS);

    private ControlServer(
            Path socket,
            ServerSocketChannel server,
            Function<Map<String, Object>, Answer> commands,
            Duration requestTime) {
        this.socket = socket;
        this.server = server;
        this.commands = commands;
        this.requestTime = requestTime;
    }

    /**
     * Opens the socket and begins to answer. A socket that a dead agent left is replaced.
     *
     * @param commands may be called by several threads at once
     * @throws IOException if an agent is answering there already, or the folder cannot be written to
     */
    static ControlServer open(Path socket, Function<Map<String, Object>, Answer> commands) throws IOException {
        return open(socket, commands, REQUEST_TIME);
    }

    static ControlServer open(Path socket, Function<Map<String, Object>, Answer> commands, Duration requestTime)
            throws IOException {
        Path folder = Objects.requireNonNull(socket.toAbsolutePath().getParent(), "a socket has a folder");
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
        if (Files.exists(socket)) {
            if (!Files.readAttributes(socket, BasicFileAttributes.class).isOther()) {
                throw new IOException(socket + " is there and is no socket; set socket: to another path");
            }
            if (isAnswered(socket)) {
                throw new IOException(
                        "another agent answers on " + socket + "; stop it, or set socket: to another path");
            }
            Files.delete(socket);
        }
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            // Bound under a name that nobody knows, and moved into place when nobody but its owner can use it.
            Path hidden = folder.resolve(
                    "." + socket.getFileName() + "." + ProcessHandle.current().pid());
            Files.deleteIfExists(hidden);
            server.bind(UnixDomainSocketAddress.of(hidden));
            Files.setPosixFilePermissions(hidden, PosixFilePermissions.fromString("rw-------"));
            Files.move(hidden, socket);
        } catch (IOException e) {
            server.close();
            throw new IOException("control socket " + socket + " cannot be made: " + e.getMessage(), e);
        }
        ControlServer control = new ControlServer(socket, server, commands, requestTime);
        start("sipward-control", control::serve);
        return control;
    }

    Path socket() {
        return socket;
    }

    @Override
    public void close() throws IOException {
        server.close();
        Files.deleteIfExists(socket);
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private static boolean isAnswered(Path socket) {
        try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return client.isConnected();
        } catch (IOException nobodyThere) {
            return false;
        }
    }

    private void serve() {
        try {
            while (server.isOpen()) {
                clients.acquire();
                accept();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for a client; whatever happens to it, its permit is given back. */
    private void accept() {
        boolean taken = false;
        try {
            SocketChannel client = server.accept();
            start("sipward-client", () -> serve(client));
            taken = true;
        } catch (IOException closedOrClientGone) {
            log.debug("control: {}", closedOrClientGone.toString());
        } finally {
            if (!taken) {
                clients.release();
            }
        }
    }

    private void serve(SocketChannel client) {
        try (client) {
            Optional<String> line = request(client);
            if (line.isPresent()) {
                answer(client, answerTo(line.get()));
            }
        } catch (IOException clientGone) {
            log.debug("control: {}", clientGone.toString());
        } finally {
            clients.release();
        }
    }

    /** Returns what the client wrote before the first LF or its end; empty if that is too long, or took too long. */
    private Optional<String> request(SocketChannel client) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(MAX_REQUEST);
        long end = System.nanoTime() + requestTime.toNanos();
        client.configureBlocking(false);
        try (Selector selector = Selector.open()) {
            client.register(selector, SelectionKey.OP_READ);
            int count = 0;
            int lf = -1;
            while (count >= 0 && lf < 0) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0 || !bytes.hasRemaining()) {
                    return Optional.empty();
                }
                selector.select(left);
                count = client.read(bytes);
                lf = indexOfLf(bytes, count);
            }
            int length = lf < 0 ? bytes.position() : lf;
            return length == 0
                    ? Optional.empty()
                    : Optional.of(new String(bytes.array(), 0, length, StandardCharsets.UTF_8));
        }
    }

    /** Looks among the last bytes that were read. */
    private static int indexOfLf(ByteBuffer bytes, int count) {
        for (int i = bytes.position() - Math.max(0, count); i < bytes.position(); i++) {
            if (bytes.get(i) == '\n') {
                return i;
            }
        }
        return -1;
    }

    private static void answer(SocketChannel client, Answer answer) throws IOException {
        client.configureBlocking(true);
        try (Writer writer = new BufferedWriter(Channels.newWriter(client, StandardCharsets.UTF_8))) {
            for (Map<String, Object> row : answer.rows()) {
                writer.write(Json.line(row));
                writer.write('\n');
            }
            Map<String, Object> end = new LinkedHashMap<>();
            end.put("exit", answer.exit());
            end.put("message", answer.message());
            writer.write(Json.line(end));
            writer.write('\n');
        }
    }

    private Answer answerTo(String line) {
        try {
            return commands.apply(Json.parse(line));
        } catch (IOException e) {
            return new Answer(64, List.of(), "not understood: " + e.getMessage());
        } catch (RuntimeException bug) {
            log.error("control: command failed", bug);
            return new Answer(70, List.of(), "bug in the agent: " + bug);
        }
    }
}
