package org.sipward.source;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * How much of a log's past a source hands out when it starts, so that counting does not start cold.
 *
 * @param stamps reads the time stamps by which the place is found
 * @param window how far back to go: before now at the first start, before the cursor at a later one
 * @param maxBytes the most bytes to go back, whatever the stamps say
 */
public record Backfill(StampReader stamps, Duration window, long maxBytes) {
    /** What {@code maxBytes} should be where nobody knows better: 64 MiB, read in well under a second. */
    public static final long MAX_BYTES = 64L << 20;

    /** Nothing of the past: a first start begins at the log's end, a later one exactly at the cursor. */
    public static final Backfill NONE = new Backfill(line -> OptionalLong.empty(), Duration.ZERO, 0);

    public Backfill {
        if (window.isNegative() || maxBytes < 0) {
            throw new IllegalArgumentException(
                    "backfill must not be negative, is " + window + ", " + maxBytes + " bytes");
        }
    }
}
