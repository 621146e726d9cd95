package org.sipward.source;

/**
 * How much a source has read since the program started. The numbers of one object do not change.
 *
 * @param lines the number of lines handed out
 * @param bytes the number of bytes read and used, including those of dropped lines
 * @param dropped the number of lines, and of messages that should have become lines, that were dropped
 */
public record Counts(long lines, long bytes, long dropped) {}
