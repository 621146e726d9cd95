package org.sipward.control;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One client of the control socket: reads its request, and writes the answer. The client times out if it does not send
 * its request in time, or reads nothing of its answer for as long.
 *
 * <p>One thread reads and writes; any thread may close the client, or ask how long it has been idle.
 */
final class ControlClient implements Closeable {
    private static final int MAX_REQUEST = 64 * 1024;
    private static final int BLOCK = 8 * 1024;

    private final SocketChannel channel;
    private final Selector selector;
    private final Duration timeout;
    /** When the last byte went over the socket. */
    private volatile long moved = System.nanoTime();

    /** Whether the agent is making the answer, so that the client does not count as idle. */
    private volatile boolean answering;

    /** @param timeout how long the client may take for its request, or for reading some of its answer */
    ControlClient(SocketChannel channel, Duration timeout) throws IOException {
        this.channel = channel;
        this.timeout = timeout;
        this.selector = Selector.open();
        channel.configureBlocking(false);
    }

    /** Returns for how many nanoseconds nothing has gone over the socket; 0 while an answer is being made. */
    long idle() {
        return answering ? 0 : System.nanoTime() - moved;
    }

    /**
     * Returns the text that the client wrote up to the first LF or its end; empty if it is too long, or took too long.
     */
    Optional<String> request() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(MAX_REQUEST);
        long end = System.nanoTime() + timeout.toNanos();
        channel.register(selector, SelectionKey.OP_READ);
        int count = 0;
        int lf = -1;
        while (count >= 0 && lf < 0) {
            if (!bytes.hasRemaining() || !isReady(end)) {
                return Optional.empty();
            }
            count = channel.read(bytes);
            lf = indexOfLf(bytes, count);
        }
        int length = lf < 0 ? bytes.position() : lf;
        answering = length > 0;
        return length == 0
                ? Optional.empty()
                : Optional.of(new String(bytes.array(), 0, length, StandardCharsets.UTF_8));
    }

    /** Writes the answer, row by row. */
    void write(Answer answer) throws IOException {
        channel.register(selector, SelectionKey.OP_WRITE);
        StringBuilder block = new StringBuilder();
        for (Map<String, Object> row : answer.rows()) {
            block.append(Json.line(row)).append('\n');
            if (block.length() >= BLOCK) {
                write(block);
            }
        }
        Map<String, Object> end = new LinkedHashMap<>();
        end.put("exit", answer.exit());
        end.put("message", answer.message());
        write(block.append(Json.line(end)).append('\n'));
    }

    @Override
    public void close() throws IOException {
        selector.close();
        channel.close();
    }

    private void write(StringBuilder block) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(block.toString().getBytes(StandardCharsets.UTF_8));
        block.setLength(0);
        answering = false;
        moved = System.nanoTime();
        while (bytes.hasRemaining()) {
            if (channel.write(bytes) > 0) {
                moved = System.nanoTime();
            } else if (!isReady(System.nanoTime() + timeout.toNanos())) {
                throw new IOException("a client does not read its answer");
            }
        }
    }

    /** Waits until something can be read or written. Returns false if the time is over first. */
    private boolean isReady(long end) throws IOException {
        if (!selector.isOpen()) {
            throw new IOException("closed");
        }
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        selector.selectedKeys().clear();
        return left > 0 && selector.select(left) > 0;
    }

    /** Returns the index of an LF among the last {@code count} bytes, or -1. */
    private static int indexOfLf(ByteBuffer bytes, int count) {
        for (int i = bytes.position() - Math.max(0, count); i < bytes.position(); i++) {
            if (bytes.get(i) == '\n') {
                return i;
            }
        }
        return -1;
    }
}
