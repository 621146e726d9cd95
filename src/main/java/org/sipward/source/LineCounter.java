package org.sipward.source;

/**
 * Counts what a source reads. {@link #counts} returns a copy that does not change.
 *
 * <p>Not thread-safe: the thread that polls owns it. The fields are public because every line changes them.
 */
public final class LineCounter {
    public long lines;
    public long bytes;
    public long dropped;

    /** Returns the numbers counted so far. */
    public Counts counts() {
        return new Counts(lines, bytes, dropped);
    }
}
