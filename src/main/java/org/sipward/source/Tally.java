package org.sipward.source;

/** What a source has read since the program started. Not thread-safe: the thread that polls owns it. */
final class Tally {
    long lines;
    long bytes;
    long droppedLines;
    long droppedBytes;
}
