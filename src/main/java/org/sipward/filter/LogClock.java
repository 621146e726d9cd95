package org.sipward.filter;

import org.sipward.source.Line;

/** Tells when a line came: by this machine's clock or, in an old log, by the log's own time stamps. Not thread-safe. */
final class LogClock {
    /** Most stamps are of whole seconds. */
    private static final long STAMP_MILLIS = 1_000;

    private final LineReader lines;
    private boolean byStamps;
    private long latest;

    /** Makes a clock that goes by this machine's. */
    LogClock(LineReader lines) {
        this.lines = lines;
    }

    void goByStamps() {
        byStamps = true;
    }

    boolean goesByStamps() {
        return byStamps;
    }

    /** Returns when the line came, in milliseconds since 1970. By stamps, the time never goes back. */
    long of(Line line) {
        if (!byStamps) {
            return line.arrival();
        }
        latest = Math.max(latest, lines.stamp(line).orElse(latest));
        return latest;
    }

    /** Returns a time that has passed for certain when a line has this stamp. */
    long settled(Line line) {
        return of(line) - STAMP_MILLIS;
    }
}
