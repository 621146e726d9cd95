package org.sipward.source;

import java.io.Closeable;
import java.io.IOException;

/**
 * A source of log lines that never ends.
 *
 * <p>Not thread-safe: one thread polls. Constants bound the memory, whatever the lines contain.
 */
public interface LogSource extends Closeable {
    /**
     * Returns the name that the operator knows the source by, such as its path. The cursor is stored under this name.
     */
    String name();

    /**
     * Reads the next chunk and hands its whole lines to the sink, in order.
     *
     * @return whether more may be there already; false when the end was reached
     * @throws IOException if the source cannot be read now; nothing is lost, and polling again may succeed
     */
    boolean poll(LineSink sink) throws IOException;

    /**
     * Returns the place after the last line that was handed out, as text that only this kind of source reads. Always
     * empty for a source that cannot go back.
     */
    String cursor();

    /**
     * Returns whether the current line (or, between polls, the last one) was already handed out before the cursor was
     * saved. Such a line is counted again, but any ban that it caused has already been made.
     */
    boolean isRepeating();

    /** Returns whether a poll is worth it, as far as the source itself can tell. */
    boolean isReady();

    /** Returns the state of the source. */
    SourceState state();

    /** Returns what is wrong now, in words, or empty. The source has already logged it and retries by itself. */
    String trouble();

    /** Returns whether the last poll ended in the middle of an unfinished line. */
    default boolean isAmid() {
        return false;
    }

    /** Returns how much was read so far. */
    Counts counts();
}
