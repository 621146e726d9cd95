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
 * One client of the control socket: reads its request, and writes the answer. It is given up when its request is not there
 * in time, or when it has read nothing of its answer for as long.
 *
 * <p>One thread reads and writes; any may close, and ask how long it has been idle.
 */
final class ControlClient implements Closeable {
    private static final int MAX_REQUEST = 64 * 1024;
    private static final int BLOCK = 8 * 1024;

    private final SocketChannel channel;
    private final Selector selector;
    private final Duration patience;
    /** When the last byte went over the socket; and whether an answer is being made, for which the client cannot help it. */
    private volatile long moved = System.nanoTime();

    private volatile boolean answering;

    /** @param patience how long the client may take for its request, or for reading some of its answer */
    ControlClient(SocketChannel channel, Duration patience) throws IOException {
        this.channel = channel;
        this.patience = patience;
        this.selector = Selector.open();
        channel.configureBlocking(false);
    }

    /** Returns for how many nanoseconds nothing has gone over the socket; 0 while an answer is being made. */
    long idle() {
        return answering ? 0 : System.nanoTime() - moved;
    }

    /** Returns what the client wrote before the first LF or its end; empty if that is too long, or took too long. */
    Optional<String> request() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(MAX_REQUEST);
        long end = System.nanoTime() + patience.toNanos();
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
            } else if (!isReady(System.nanoTime() + patience.toNanos())) {
                throw new IOException("a client does not read its answer");
            }
        }
    }

    /** Waits until something can be read or written. Returns false if the time is over. */
    private boolean isReady(long end) throws IOException {
        if (!selector.isOpen()) {
            throw new IOException("closed");
        }
        long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
        selector.selectedKeys().clear();
        return left > 0 && selector.select(left) > 0;
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
}
