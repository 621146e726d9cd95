package org.sipward.source;

import java.io.Closeable;
import java.io.IOException;

/**
 * A perpetual source of lines.
 *
 * <p>Not thread-safe: one thread polls. Memory is bounded by constants, whatever the lines are.
 */
public interface LogSource extends Closeable {
    /** Returns what the operator calls it, such as its path. */
    String name();

    /**
     * Reads the next chunk and hands its whole lines to the sink, in order.
     *
     * @return whether there may be more at once: false when the end was reached
     * @throws IOException if the source cannot be read now; nothing is lost, and polling again may succeed
     */
    boolean poll(LineSink sink) throws IOException;

    /** Returns the place behind the last line that was handed out, as text that this kind of source understands. */
    String cursor();
}
