package org.sipward.source;

/**
 * Counts what a source reads while it reads. Who asks gets {@link Counts}, which no longer change.
 *
 * <p>Not thread-safe: the thread that polls owns it. Fields and no methods, because each line changes them.
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
