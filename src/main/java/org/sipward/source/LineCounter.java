package org.sipward.source;

/**
 * Counts what a source reads. {@link #counts} returns a copy, which no longer changes.
 *
 * <p>Not thread-safe: the thread that polls owns it. Its fields are public, because each line changes them.
 */
public final class LineCounter {
    public long lines;
    public long bytes;
    public long dropped;

    /** Returns what was counted until now. */
    public Counts counts() {
        return new Counts(lines, bytes, dropped);
    }
}
