package org.sipward.source.live;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * A TCP connection to a server that sends lines, which are grouped into {@link Block}s.
 *
 * <p>Memory is bounded whatever the server sends: a line is cut at {@value #MAX_LINE} bytes. A line of more than
 * {@value #MAX_RUN} bytes, or a block of more than {@value Block#MAX_LINES} lines, ends the connection.
 *
 * <p>Not thread-safe, except for {@link #close}, which ends all waiting.
 */
final class Connection implements Closeable {
    static final int MAX_LINE = 4_096;
    static final int MAX_RUN = 1 << 20;
    private static final int BUFFER_BYTES = 1 << 13;

    private final Socket socket = new Socket();
    private final String lineEnd;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int from;
    private int to;
    private final StringBuilder line = new StringBuilder();
    private int run;
    private Block block = new Block();

    /** @param lineEnd CRLF or LF; any other line break stays part of its line */
    Connection(String lineEnd) {
        this.lineEnd = lineEnd;
    }

    void open(String host, int port, Duration timeout) throws IOException {
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new IOException("unknown host " + Escape.shown(host));
        }
        try {
            socket.setKeepAlive(true);
            socket.connect(address, (int) timeout.toMillis());
        } catch (SocketTimeoutException e) {
            throw new IOException("no answer from port " + port, e);
        } catch (ConnectException e) {
            throw new IOException("nothing listens on port " + port, e);
        }
    }

    void send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /**
     * Returns the next line without its line end, or empty if no line has ended by the deadline. The beginning of an
     * unfinished line is kept.
     *
     * @param deadline by {@link System#nanoTime}
     * @throws IOException if the server has closed the connection, or sends no line ends
     */
    Optional<String> line(long deadline) throws IOException {
        while (from < to || fill(deadline)) {
            while (from < to) {
                char c = (char) (buffer[from++] & 0xff);
                if (++run > MAX_RUN) {
                    throw new IOException("the server sent more than " + MAX_RUN + " bytes without a line end");
                }
                // If a line is too long, its last characters keep moving, so that its end is still noticed.
                if (line.length() == MAX_LINE) {
                    line.deleteCharAt(MAX_LINE - lineEnd.length());
                }
                line.append(c);
                if (c == '\n' && endsLine()) {
                    String text = line.substring(0, line.length() - lineEnd.length());
                    line.setLength(0);
                    run = 0;
                    return Optional.of(text);
                }
            }
        }
        return Optional.empty();
    }

    /** Returns the next block, or empty if no block has ended by the deadline. */
    Optional<Block> block(long deadline) throws IOException {
        for (Optional<String> next = line(deadline); next.isPresent(); next = line(deadline)) {
            if (block.endsWith(next.get())) {
                Block whole = block;
                block = new Block();
                return Optional.of(whole);
            }
        }
        return Optional.empty();
    }

    /** Returns whether a part of a block has arrived. */
    boolean isAmid() {
        return from < to || line.length() > 0 || !block.isEmpty();
    }

    /** Reads this many bytes, which must arrive before the deadline, and keeps the first {@code most} of them. */
    String body(int bytes, int most, long deadline) throws IOException {
        StringBuilder body = new StringBuilder();
        for (int i = 0; i < bytes; i++) {
            if (from == to && !fill(deadline)) {
                throw new IOException("the server stopped in the middle of a message");
            }
            char c = (char) (buffer[from++] & 0xff);
            if (i < most) {
                body.append(c);
            }
        }
        return body.toString();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException closedAllTheSame) {
            // There is nothing more to do about it.
        }
    }

    private boolean endsLine() {
        int start = line.length() - lineEnd.length();
        return start >= 0 && line.indexOf(lineEnd, start) == start;
    }

    /** Returns false if nothing arrived by the deadline. */
    private boolean fill(long deadline) throws IOException {
        long millis = (deadline - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
            return false;
        }
        InputStream in = socket.getInputStream();
        socket.setSoTimeout((int) Math.min(millis, Integer.MAX_VALUE));
        try {
            int count = in.read(buffer);
            if (count < 0) {
                throw new IOException("the server has closed the connection");
            }
            from = 0;
            to = count;
            return true;
        } catch (SocketTimeoutException late) {
            return false;
        }
    }
}
