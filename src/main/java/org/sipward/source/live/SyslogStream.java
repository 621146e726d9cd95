package org.sipward.source.live;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Cuts one connection's bytes into messages by RFC 6587: each message begins with its length, or ends with an LF.
 *
 * <p>Memory: {@value #MAX_BYTES} bytes and a little. A longer message is dropped whole. Not thread-safe.
 */
final class SyslogStream {
    /** The longest message that rsyslog sends by default; more than the longest line. */
    static final int MAX_BYTES = 8_192;

    private static final int MAX_DIGITS = 7;

    private final byte[] message = new byte[MAX_BYTES];
    private int length;
    /** How many bytes of a counted message are still to come; -1 for a message that ends with an LF. */
    private int counted = -1;

    private boolean begun;
    private boolean tooLong;

    /**
     * Reads the bytes that have arrived.
     *
     * @param line takes each complete line
     * @param dropped is called for each message that was too long
     */
    void read(ByteBuffer bytes, Consumer<byte[]> line, Runnable dropped) {
        while (bytes.hasRemaining()) {
            byte b = bytes.get();
            if (counted < 0 && b == '\n') {
                end(line, dropped);
            } else if (!begun && b == ' ' && isCount()) {
                counted = Integer.parseInt(new String(message, 0, length, StandardCharsets.US_ASCII));
                length = 0;
                begun = true;
            } else {
                add(b);
                if (counted > 0 && --counted == 0) {
                    end(line, dropped);
                }
            }
        }
    }

    /**
     * Returns whether a message has begun and not ended. Such a message is not a line, because its end may be what
     * matters.
     */
    boolean isWithinMessage() {
        return length > 0 || counted >= 0;
    }

    private void add(byte b) {
        if (length == MAX_BYTES) {
            tooLong = true;
        } else {
            message[length++] = b;
        }
        boolean digit = b >= '0' && b <= '9';
        begun |= !digit || length > MAX_DIGITS;
    }

    private boolean isCount() {
        return length > 0 && message[0] != '0';
    }

    private void end(Consumer<byte[]> line, Runnable dropped) {
        if (tooLong) {
            dropped.run();
        } else {
            Optional<byte[]> whole = SyslogLine.of(message, 0, length);
            whole.ifPresent(line);
        }
        length = 0;
        counted = -1;
        begun = false;
        tooLong = false;
    }
}
