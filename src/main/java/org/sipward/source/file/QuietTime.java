package org.sipward.source.file;

import java.time.Duration;

/**
 * Tells that nothing has come from a file for a while. Begins anew when something comes, or the clock was set back.
 *
 * <p>Not thread-safe.
 */
final class QuietTime {
    private static final long NOTHING = -1;

    private final long millis;
    private long since;
    /** How much had been read when it began, or {@link #NOTHING}. */
    private long bytes = NOTHING;

    /** @param time how long is long */
    QuietTime(Duration time) {
        this.millis = time.toMillis();
    }

    /**
     * Returns whether nothing has come for so long.
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

    /** Ends it: it begins with the next question. */
    void end() {
        bytes = NOTHING;
    }
}
