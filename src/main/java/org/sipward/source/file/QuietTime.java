package org.sipward.source.file;

import java.time.Duration;

/**
 * Tells whether a file has been quiet for a while. The time begins anew when bytes come, or if the clock was set back.
 *
 * <p>Not thread-safe.
 */
final class QuietTime {
    private static final long NOTHING = -1;

    private final long millis;
    private long since;
    /** How many bytes had been read when the time began, or {@link #NOTHING}. */
    private long bytes = NOTHING;

    /** @param time how long the file must be quiet */
    QuietTime(Duration time) {
        this.millis = time.toMillis();
    }

    /**
     * Returns whether nothing has come for this time.
     *
     * @param read how many bytes have been read until now
     * @param now in milliseconds since 1970
     */
    boolean isLong(long read, long now) {
        if (bytes != read || since > now) {
            bytes = read;
            since = now;
        }
        return now - since >= millis;
    }

    /** Stops the time; the next call of {@link #isLong} begins it anew. */
    void end() {
        bytes = NOTHING;
    }
}
