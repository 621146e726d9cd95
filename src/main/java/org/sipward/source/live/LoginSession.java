package org.sipward.source.live;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A session with a server that requires a login and then sends events: connects, logs in, and listens until the
 * connection breaks. Each subclass knows how to log in to one kind of server, and how to read its events.
 *
 * <p>One thread runs it; any thread may close it.
 */
abstract class LoginSession implements Session {
    private final String host;
    private final int port;
    private final Timeouts timeouts;
    private final String lineEnd;
    private @Nullable Connection open;
    private boolean closed;

    /** @param lineEnd the text that ends a line of the server's */
    LoginSession(String host, int port, Timeouts timeouts, String lineEnd) {
        this.host = host;
        this.port = port;
        this.timeouts = timeouts;
        this.lineEnd = lineEnd;
    }

    /**
     * Logs in and asks for events.
     *
     * @return the name of the server, for the log
     */
    abstract String logIn(Connection connection) throws IOException;

    /** Hands on events until the connection breaks. */
    abstract void listen(Connection connection, Inbox inbox) throws IOException, InterruptedException;

    @Override
    public final void run(Inbox inbox, Ready ready) throws IOException, InterruptedException {
        try (Connection connection = begin()) {
            connection.open(host, port, timeouts.answer());
            ready.with("connected to " + logIn(connection));
            listen(connection, inbox);
        }
    }

    @Override
    public final synchronized void close() {
        closed = true;
        if (open != null) {
            open.close();
        }
    }

    private synchronized Connection begin() {
        Connection connection = new Connection(lineEnd);
        if (closed) {
            connection.close();
        }
        open = connection;
        return connection;
    }

    final Timeouts timeouts() {
        return timeouts;
    }

    /** Returns the {@link System#nanoTime} at which the answer to a request sent now is overdue. */
    final long deadline() {
        return System.nanoTime() + timeouts.answer().toNanos();
    }

    /** Returns the word "port" and the server's port, for messages. */
    final String port() {
        return "port " + port;
    }

    /** Returns the server's host and port, for messages. */
    final String place() {
        return host + ":" + port;
    }
}
