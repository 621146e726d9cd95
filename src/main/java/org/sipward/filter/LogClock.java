package org.sipward.filter;

import java.time.ZoneId;
import org.sipward.source.Line;

/** Tells when a line came, by this machine's clock or, of an old log, by the log's own stamps. Not thread-safe. */
final class LogClock {
    /** Most stamps are of whole seconds. */
    private static final long STAMP_MILLIS = 1_000;

    private final Filter filter;
    private final ZoneId zone;
    private boolean byStamps;
    private long latest;

    /** Begins with this machine's clock. */
    LogClock(Filter filter, ZoneId zone) {
        this.filter = filter;
        this.zone = zone;
    }

    void goByStamps() {
        byStamps = true;
    }

    boolean goesByStamps() {
        return byStamps;
    }

    /** Returns when the line came, in milliseconds since 1970; by stamps it never goes back. */
    long of(Line line) {
        if (!byStamps) {
            return line.arrival();
        }
        latest = Math.max(latest, filter.stamp(line, zone).orElse(latest));
        return latest;
    }

    /** Returns the time until which a line with a stamp shows that time has passed for certain. */
    long settled(Line line) {
        return of(line) - STAMP_MILLIS;
    }
}
