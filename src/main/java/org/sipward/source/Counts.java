package org.sipward.source;

/**
 * What a source had read at one moment, since the program started.
 *
 * @param lines the number of lines handed out
 * @param bytes the number of bytes read and done with, those of dropped lines among them
 * @param dropped the number of lines, or of what should have become a line, that were passed over
 */
public record Counts(long lines, long bytes, long dropped) {}
