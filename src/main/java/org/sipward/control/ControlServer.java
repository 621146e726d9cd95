package org.sipward.control;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers commands on a Unix socket that only its owner can use.
 *
 * <p>A client writes one line, a JSON object with {@code command} and its arguments, and reads lines: the rows, then
 * {@code {"exit":0,"message":"…"}}. Each client has a thread, so that one that does not read its answer (a pager left
 * open) holds up nobody. A client that writes more than 64 KB, does not write its line within ten seconds, or reads nothing of
 * its answer for as long, is cut off. Beyond {@link #MAX_CLIENTS} the idlest gives way to the next, so that an operator gets in
 * whatever others do.
 *
 * <p>A socket that somebody has removed is made again within {@value #LOOK_SECONDS} seconds.
 */
public final class ControlServer implements Closeable {
    static final int MAX_CLIENTS = 16;
    private static final Logger log = LoggerFactory.getLogger(ControlServer.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int LOOK_SECONDS = 4;
    private static final Duration LOOK = Duration.ofSeconds(LOOK_SECONDS);

    private final Path path;
    private final Function<Map<String, Object>, Answer> commands;
    private final Duration patience;
    private final Duration look;
    private final Selector selector;
    private final List<ControlClient> clients = new ArrayList<>();
    private ControlSocket socket;
    private boolean closed;
    private boolean saidGone;

    private ControlServer(
            Path path,
            ControlSocket socket,
            Function<Map<String, Object>, Answer> commands,
            Duration patience,
            Duration look)
            throws IOException {
        this.path = path;
        this.socket = socket;
        this.commands = commands;
        this.patience = patience;
        this.look = look;
        this.selector = Selector.open();
        register();
    }

    /**
     * Opens the socket and begins to answer. A socket that a dead agent left is replaced.
     *
     * @param commands may be called by several threads at once
     * @throws IOException if an agent is answering there already, or the folder cannot be written to
     */
    public static ControlServer open(Path path, Function<Map<String, Object>, Answer> commands) throws IOException {
        return open(path, commands, PATIENCE, LOOK);
    }

    /**
     * Opens the socket with other times than the usual ones.
     *
     * @param look how often it looks whether its socket is still there
     */
    public static ControlServer open(
            Path path, Function<Map<String, Object>, Answer> commands, Duration patience, Duration look)
            throws IOException {
        ControlServer control = new ControlServer(path, ControlSocket.open(path), commands, patience, look);
        start("sipward-control", control::serve);
        return control;
    }

    /** Returns the path of the socket. */
    public Path socket() {
        return path;
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        selector.close();
        socket.close();
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private void register() throws IOException {
        socket.channel().configureBlocking(false);
        socket.channel().register(selector, SelectionKey.OP_ACCEPT);
    }

    private void serve() {
        while (!isClosed()) {
            try {
                selector.select(look.toMillis());
                selector.selectedKeys().clear();
                accept();
                lookAfterSocket();
            } catch (ClosedSelectorException closing) {
                return;
            } catch (IOException | RuntimeException e) {
                // Whatever it is (no descriptors left, say): without this thread nobody could command the agent any
                // more.
                log.debug("control: {}", e.toString());
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            }
        }
    }

    /** Takes in one client, if there is one. */
    private void accept() throws IOException {
        SocketChannel channel = socket.channel().accept();
        if (channel == null) {
            return;
        }
        boolean taken = false;
        try {
            ControlClient client = new ControlClient(channel, patience);
            add(client);
            start("sipward-client", () -> serve(client));
            taken = true;
        } finally {
            if (!taken) {
                channel.close();
            }
        }
    }

    /** Where all places are taken, the client gives way that has been idle for longest. */
    private synchronized void add(ControlClient client) throws IOException {
        if (clients.size() >= MAX_CLIENTS) {
            ControlClient idlest = clients.stream()
                    .max(Comparator.comparingLong(ControlClient::idle))
                    .orElseThrow();
            clients.remove(idlest);
            idlest.close();
        }
        clients.add(client);
    }

    private synchronized void remove(ControlClient client) {
        clients.remove(client);
    }

    private synchronized void lookAfterSocket() throws IOException {
        if (closed || socket.isThere()) {
            saidGone = false;
            return;
        }
        try {
            ControlSocket fresh = ControlSocket.open(path);
            socket.close();
            socket = fresh;
            register();
            log.warn("the control socket was removed by somebody and is made again: {}", path);
        } catch (IOException e) {
            if (!saidGone) {
                saidGone = true;
                log.error("the control socket was removed by somebody, and is tried again: {}", e.getMessage());
            }
        }
    }

    private void serve(ControlClient client) {
        try (client) {
            Optional<String> line = client.request();
            if (line.isPresent()) {
                client.write(answerTo(line.get()));
            }
        } catch (IOException | ClosedSelectorException gone) {
            log.debug("control: {}", gone.toString());
        } catch (RuntimeException | StackOverflowError bug) {
            log.error("control: an answer failed", bug);
        } finally {
            remove(client);
        }
    }

    private Answer answerTo(String line) {
        try {
            return commands.apply(Json.parse(line));
        } catch (IOException e) {
            return Answer.usage("not understood: " + e.getMessage());
        } catch (RuntimeException | StackOverflowError bug) {
            log.error("control: command failed", bug);
            return new Answer(ExitCode.BUG, List.of(), "bug in the agent: " + bug);
        }
    }
}
