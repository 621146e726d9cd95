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
 * {@code {"exit":0,"message":"…"}}. Each client has a thread, so that a client that does not read its answer (a pager
 * left open) does not block the others. A client is disconnected if it writes more than 64 KB, does not write its line
 * within ten seconds, or reads nothing of its answer for as long. If {@link #MAX_CLIENTS} are connected, the next
 * client replaces the one that has been idle for longest, so that an operator can always connect.
 *
 * <p>If somebody removes the socket, it is created again within {@value #CHECK_SECONDS} seconds.
 */
public final class ControlServer implements Closeable {
    static final int MAX_CLIENTS = 16;
    private static final Logger log = LoggerFactory.getLogger(ControlServer.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final int CHECK_SECONDS = 30;
    private static final Duration CHECK = Duration.ofSeconds(CHECK_SECONDS);

    private final Path path;
    private final Function<Map<String, Object>, Answer> commands;
    private final Duration timeout;
    private final Duration look;
    private final Selector selector;
    private final List<ControlClient> clients = new ArrayList<>();
    private ControlSocket socket;
    private boolean closed;
    private boolean reportedGone;

    private ControlServer(
            Path path,
            ControlSocket socket,
            Function<Map<String, Object>, Answer> commands,
            Duration timeout,
            Duration look)
            throws IOException {
        this.path = path;
        this.socket = socket;
        this.commands = commands;
        this.timeout = timeout;
        this.look = look;
        this.selector = Selector.open();
        register();
    }

    /**
     * Opens the socket and begins to answer. A socket left by a dead agent is replaced.
     *
     * @param commands may be called by several threads at once
     * @throws IOException if another agent answers there, or the folder cannot be written to
     */
    public static ControlServer open(Path path, Function<Map<String, Object>, Answer> commands) throws IOException {
        return open(path, commands, TIMEOUT, CHECK);
    }

    /**
     * Opens the socket with a time limit other than the usual one.
     *
     * @param look how often to check that the socket still exists
     */
    static ControlServer open(
            Path path, Function<Map<String, Object>, Answer> commands, Duration timeout, Duration look)
            throws IOException {
        ControlServer control = new ControlServer(path, ControlSocket.open(path), commands, timeout, look);
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
                checkSocket();
            } catch (ClosedSelectorException closing) {
                return;
            } catch (IOException | RuntimeException e) {
                // Go on after any failure, such as no free file descriptor: without this thread the agent would accept
                // no commands.
                log.debug("control: {}", e.toString());
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            }
        }
    }

    /** Accepts one client, if one is waiting. */
    private void accept() throws IOException {
        SocketChannel channel = socket.channel().accept();
        if (channel == null) {
            return;
        }
        boolean taken = false;
        try {
            ControlClient client = new ControlClient(channel, timeout);
            add(client);
            start("sipward-client", () -> serve(client));
            taken = true;
        } finally {
            if (!taken) {
                channel.close();
            }
        }
    }

    /** Adds a client. If all places are taken, it replaces the client that has been idle for longest. */
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

    private synchronized void checkSocket() throws IOException {
        if (closed || socket.isThere()) {
            reportedGone = false;
            return;
        }
        try {
            ControlSocket fresh = ControlSocket.open(path);
            socket.close();
            socket = fresh;
            register();
            log.warn("the control socket was removed and has been created again: {}", path);
        } catch (IOException e) {
            if (!reportedGone) {
                reportedGone = true;
                log.error(
                        "the control socket was removed and cannot be created, will retry; until then no command works: {}",
                        e.getMessage());
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
            return new Answer(ExitCode.BUG, List.of(), "bug in the agent, please report it: " + bug);
        }
    }
}
