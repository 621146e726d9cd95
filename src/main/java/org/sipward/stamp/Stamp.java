package org.sipward.stamp;

/**
 * A time stamp found at the start of a line.
 *
 * @param millis since 1970; meaningless if the format is {@link TimeFormat#NONE}
 * @param end the index in the line behind the stamp and the one blank that may follow it
 */
public record Stamp(long millis, int end) {}
