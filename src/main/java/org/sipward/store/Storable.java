package org.sipward.store;

import java.time.Instant;
import org.sipward.ban.Ban;

/** Cuts bans and times to the limits of the store. */
final class Storable {
    private static final int ORIGIN_CHARS = 300;
    private static final int REASON_CHARS = 1_000;

    private Storable() {}

    /**
     * Returns the ban, with its reason cut at 1,000 characters.
     *
     * @throws IllegalArgumentException if the ban cannot be stored; checked here so that no transaction has to be
     *     rolled back
     */
    static Ban of(Ban ban) {
        int origin = ban.origin().toString().length();
        if (origin > ORIGIN_CHARS) {
            throw new IllegalArgumentException("origin has " + origin + " characters; the limit is " + ORIGIN_CHARS);
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

    /** Returns the milliseconds from 1970 to this time, or to {@link Ban#FOREVER} if that is earlier. */
    static long millis(Instant time) {
        return (time.isAfter(Ban.FOREVER) ? Ban.FOREVER : time).toEpochMilli();
    }
}
