package org.sipward.source;

/** Counts what a source has read since the program started. Not thread-safe: the thread that polls owns it. */
public final class Counts {
    public long lines;
    public long bytes;
    public long droppedLines;
    public long droppedBytes;
}
