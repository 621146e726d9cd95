package org.sipward.store;

import java.time.Instant;
import org.sipward.ban.Ban;

/** What of a ban and of a time the store can keep. */
final class Storable {
    private static final int ORIGIN_CHARS = 300;
    private static final int REASON_CHARS = 1_000;

    private Storable() {}

    /**
     * Returns the ban, with a longer reason cut at 1,000 characters.
     *
     * @throws IllegalArgumentException if it cannot be stored; so that no transaction begins that would have to be taken back
     */
    static Ban of(Ban ban) {
        int origin = ban.origin().toString().length();
        if (origin > ORIGIN_CHARS) {
            throw new IllegalArgumentException("origin has " + origin + " characters, of " + ORIGIN_CHARS + " at most");
        }
        String reason = ban.reason();
        return reason.length() <= REASON_CHARS
                ? ban
                : new Ban(
                        ban.network(),
                        ban.origin(),
                        ban.since(),
                        ban.until(),
                        ban.count(),
                        reason.substring(0, REASON_CHARS));
    }

    /** Returns the milliseconds since 1970, none later than {@link Ban#FOREVER}. */
    static long millis(Instant time) {
        return (time.isAfter(Ban.FOREVER) ? Ban.FOREVER : time).toEpochMilli();
    }
}
