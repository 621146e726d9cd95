package org.sipward.agent;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.apache.commons.io.input.BoundedInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers commands on a Unix socket that only its owner can use.
 *
 * <p>A client writes one line, a JSON object with {@code command} and its arguments, and reads lines: the rows, then
 * {@code {"exit":0,"message":"…"}}. One client at a time, on a thread of its own; a client that writes more than
 * {@link #MAX_REQUEST} bytes is cut off, and one that falls silent holds up the next ones only.
 */
final class ControlServer implements Closeable {
    private static final Logger log = LoggerFactory.getLogger(ControlServer.class);
    private static final int MAX_REQUEST = 64 * 1024;

    private final Path socket;
    private final ServerSocketChannel server;
    private final Function<Map<String, Object>, Answer> commands;

    private ControlServer(Path socket, ServerSocketChannel server, Function<Map<String, Object>, Answer> commands) {
        this.socket = socket;
        this.server = server;
        this.commands = commands;
    }

    /**
     * Opens the socket and begins to answer. A socket that a dead agent left is replaced.
     *
     * @throws IOException if an agent is answering there already, or the folder cannot be written to
     */
    static ControlServer open(Path socket, Function<Map<String, Object>, Answer> commands) throws IOException {
        Path folder = Objects.requireNonNull(socket.toAbsolutePath().getParent(), "a socket has a folder");
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
        if (Files.exists(socket)) {
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
        ControlServer control = new ControlServer(socket, server, commands);
        Thread thread = new Thread(control::serve, "sipward-control");
        thread.setDaemon(true);
        thread.start();
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

    private static boolean isAnswered(Path socket) {
        try (SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            return client.isConnected();
        } catch (IOException nobodyThere) {
            return false;
        }
    }

    private void serve() {
        while (server.isOpen()) {
            try (SocketChannel client = server.accept()) {
                answer(client);
            } catch (ClosedChannelException closed) {
                return;
            } catch (IOException clientGone) {
                log.debug("control: {}", clientGone.getMessage());
            } catch (RuntimeException bug) {
                // One bad command must not leave the agent without an ear.
                log.error("control: command failed", bug);
            }
        }
    }

    private void answer(SocketChannel client) throws IOException {
        BoundedInputStream bounded = BoundedInputStream.builder()
                .setInputStream(Channels.newInputStream(client))
                .setMaxCount(MAX_REQUEST)
                .get();
        BufferedReader reader =
                new BufferedReader(Channels.newReader(Channels.newChannel(bounded), StandardCharsets.UTF_8));
        String line = reader.readLine();
        if (line == null) {
            return;
        }
        Answer answer = answerTo(line);
        try (Writer writer = Channels.newWriter(client, StandardCharsets.UTF_8)) {
            for (Map<String, Object> row : answer.rows()) {
                writer.write(Json.line(row));
                writer.write('\n');
            }
            writer.write(Json.line(Map.<String, Object>of("exit", answer.exit(), "message", answer.message())));
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
