package org.sipward.filter;

import java.time.ZoneId;
import java.util.function.Consumer;
import org.sipward.source.Line;

/**
 * One log as one filter reads it, line by line, in order.
 *
 * <p>Not thread-safe: the thread that reads the log owns it.
 */
public final class Transcript {
    private final Filter filter;
    private final ZoneId zone;

    /**
     * Begins to read a log.
     *
     * @param zone of time stamps that name none
     */
    public Transcript(Filter filter, ZoneId zone) {
        this.filter = filter;
        this.zone = zone;
    }

    /** Reads the next line, and hands on what it says, if anything. */
    public void read(Line line, Consumer<Match> found) {
        filter.match(line, zone).ifPresent(found);
    }
}
