package org.sipward.source.live;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Tells a silent server from a dead one: sends a question, and expects a whole block in return.
 *
 * <p>Bytes or lines that never complete a block do not count as an answer.
 */
final class KeepAlive {
    private final Connection connection;
    private final Duration silence;
    private final String question;

    /** @param question that the server answers with a block of any kind */
    KeepAlive(Connection connection, Duration silence, String question) {
        this.connection = connection;
        this.silence = silence;
        this.question = question;
    }

    /** Returns the next block; waits for it as long as the server answers. */
    Block next() throws IOException {
        Optional<Block> block = connection.block(deadline());
        if (block.isEmpty()) {
            connection.send(question);
            block = connection.block(deadline());
        }
        return block.orElseThrow(() -> new IOException("the server no longer answers"));
    }

    /**
     * Returns the next block, or empty if nothing arrived during the pause.
     *
     * @param pause how long to wait for the beginning of a block; the end of a block may take longer
     */
    Optional<Block> next(Duration pause) throws IOException {
        Optional<Block> block = connection.block(System.nanoTime() + pause.toNanos());
        return block.isPresent() || !connection.isAmid() ? block : Optional.of(next());
    }

    private long deadline() {
        return System.nanoTime() + silence.toNanos();
    }
}
