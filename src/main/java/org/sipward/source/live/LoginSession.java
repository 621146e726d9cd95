package org.sipward.source.live;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a server that wants a login and then tells of events: connects, logs in, and listens until the
 * connection breaks. What a login and an event look like is for each kind of server to say.
 *
 * <p>One thread runs it; any may close it.
 */
abstract class LoginSession implements Session {
    private final String host;
    private final int port;
    private final Timeouts timeouts;
    private final String lineEnd;
    private @Nullable Connection open;
    private boolean closed;

    /** @param lineEnd what the server's lines end with */
    LoginSession(String host, int port, Timeouts timeouts, String lineEnd) {
        this.host = host;
        this.port = port;
        this.timeouts = timeouts;
        this.lineEnd = lineEnd;
    }

    /**
     * Logs in and asks for events.
     *
     * @return what the server calls itself
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

    /** Returns the time by {@link System#nanoTime} at which an answer that is asked for now is overdue. */
    final long deadline() {
        return System.nanoTime() + timeouts.answer().toNanos();
    }

    /** Returns what the operator knows the server's port as, for messages. */
    final String port() {
        return "port " + port;
    }

    /** Returns where the server is, for messages. */
    final String place() {
        return host + ":" + port;
    }
}
