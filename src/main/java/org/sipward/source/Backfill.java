package org.sipward.source;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * How much of a log's past a source hands out when it starts, so that counters do not start from zero.
 *
 * @param stamps reads the time stamps that the search for the place uses
 * @param window how far back to go: before now at the first start, before the cursor at a later one
 * @param maxBytes the most bytes to go back, whatever the time stamps say
 */
public record Backfill(StampReader stamps, Duration window, long maxBytes) {
    /** The default for {@code maxBytes}: 64 MiB, which take well under a second to read. */
    public static final long MAX_BYTES = 64L << 20;

    /** No backfill: the first start begins at the log's end, a later start exactly at the cursor. */
    public static final Backfill NONE = new Backfill(line -> OptionalLong.empty(), Duration.ZERO, 0);

    public Backfill {
        if (window.isNegative() || maxBytes < 0) {
            throw new IllegalArgumentException(
                    "backfill must not be negative, is " + window + ", " + maxBytes + " bytes");
        }
    }
}
