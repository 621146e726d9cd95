package org.sipward.stamp;

/**
 * A time stamp found at the start of a line.
 *
 * @param millis milliseconds since 1970; meaningless if the format is {@link TimeFormat#NONE}
 * @param end the index in the line after the stamp and after the one blank that may follow it
 */
public record Stamp(long millis, int end) {}
