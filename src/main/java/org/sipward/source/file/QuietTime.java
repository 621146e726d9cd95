package org.sipward.source.file;

import java.time.Duration;

/**
 * Tells whether nothing has come from a file for a given time. The time starts again when bytes come, and when the
 * clock was set back.
 *
 * <p>Not thread-safe.
 */
final class QuietTime {
    private static final long NOTHING = -1;

    private final long millis;
    private long since;
    /** How many bytes had been read when the time started, or {@link #NOTHING}. */
    private long bytes = NOTHING;

    /** @param time how long nothing must come from the file */
    QuietTime(Duration time) {
        this.millis = time.toMillis();
    }

    /**
     * Returns whether nothing has come for that time. The first call starts the time.
     *
     * @param read how many bytes have been read so far
     * @param now the time in milliseconds since 1970
     */
    boolean isLong(long read, long now) {
        if (bytes != read || since > now) {
            bytes = read;
            since = now;
        }
        return now - since >= millis;
    }

    /** Stops the time; the next call of {@link #isLong} starts it again. */
    void end() {
        bytes = NOTHING;
    }
}
