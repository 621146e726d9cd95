package org.sipward.source.live;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/**
 * Tells a server that has nothing to say from one that is gone: asks it, and expects something whole to come.
 *
 * <p>A trickle of bytes or lines that never end a block does not count as an answer.
 */
final class KeepAlive {
    private final Connection connection;
    private final Duration silence;
    private final String question;

    /** @param question to which the server answers with a block, whatever it is */
    KeepAlive(Connection connection, Duration silence, String question) {
        this.connection = connection;
        this.silence = silence;
        this.question = question;
    }

    /** Returns the next block, for which it waits as long as the server lives. */
    Block next() throws IOException {
        Optional<Block> block = connection.block(deadline());
        if (block.isEmpty()) {
            connection.send(question);
            block = connection.block(deadline());
        }
        return block.orElseThrow(() -> new IOException("the server does not answer any more"));
    }

    /**
     * Returns the next block, or empty if nothing came for so long.
     *
     * @param pause while which nothing may come; for the end of a block that has begun it waits longer
     */
    Optional<Block> next(Duration pause) throws IOException {
        Optional<Block> block = connection.block(System.nanoTime() + pause.toNanos());
        return block.isPresent() || !connection.isAmid() ? block : Optional.of(next());
    }

    private long deadline() {
        return System.nanoTime() + silence.toNanos();
    }
}
