package org.sipward.source;

import java.io.Closeable;
import java.io.IOException;

/**
 * A perpetual source of lines.
 *
 * <p>Not thread-safe: one thread polls. Memory is bounded by constants, whatever the lines are.
 */
public interface LogSource extends Closeable {
    /** Returns what the operator calls it, such as its path. Its cursor is kept under this name. */
    String name();

    /**
     * Reads the next chunk and hands its whole lines to the sink, in order.
     *
     * @return whether there may be more at once: false when the end was reached
     * @throws IOException if the source cannot be read now; nothing is lost, and polling again may succeed
     */
    boolean poll(LineSink sink) throws IOException;

    /**
     * Returns the place behind the last line that was handed out, as text that this kind of source understands; always
     * empty for a source that cannot go back.
     */
    String cursor();

    /**
     * Returns whether the line that is being handed out, or was last, had been handed out before an earlier cursor was
     * saved: it is to be counted again, and whatever it once brought about has happened.
     */
    boolean isRepeating();

    /** Returns whether a poll is worth while, as far as this source knows by itself. */
    boolean isReady();

    /** Returns how it stands. */
    SourceState state();

    /** Returns what is wrong now, in words, or empty. The source has said it in the log, and tries again by itself. */
    String trouble();

    /** Returns whether, at the end that the last poll reached, a line stands that is not finished. */
    default boolean isAmid() {
        return false;
    }

    /** Returns the number of lines handed out. */
    long lines();

    /** Returns the number of bytes read and done with, those of dropped lines among them. */
    long bytes();

    /** Returns the number of lines, or of what should have become one, that were passed over. */
    long droppedLines();
}
