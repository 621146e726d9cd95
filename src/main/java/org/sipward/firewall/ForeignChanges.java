package org.sipward.firewall;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import org.sipward.kernel.TableEvents;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows whether another program may have changed our table since the last look. Where the kernel reports changes,
 * nobody has to look before it does. Where it does not, each look may find one.
 *
 * <p>Thread-safe.
 */
final class ForeignChanges implements Closeable {
    private static final Logger log = LoggerFactory.getLogger(ForeignChanges.class);

    private final Optional<TableEvents> events;
    /** Whether the kernel reports all changes. */
    private boolean heard;

    private boolean changed;

    private ForeignChanges(Optional<TableEvents> events) {
        this.events = events;
        this.heard = events.isPresent();
    }

    /** Begins to listen, if the kernel reports changes to this program. */
    static ForeignChanges open() {
        return new ForeignChanges(TableEvents.open(Script.NAME));
    }

    /** Hears nothing: each look may find a change. */
    static ForeignChanges unheard() {
        return new ForeignChanges(Optional.empty());
    }

    /** Waits for a change by another program. Returns false if none will be heard. */
    boolean await() {
        if (!isHeard()) {
            return false;
        }
        try {
            boolean happened = events.get().await();
            note(happened);
            return happened;
        } catch (IOException e) {
            log.warn(
                    "firewall: cannot hear any more when somebody changes it; will look every few seconds: {}",
                    e.getMessage());
            deaf();
            return false;
        }
    }

    /** Returns whether the kernel reports all changes, so that {@link #mayHaveHappened} is exact. */
    synchronized boolean isHeard() {
        return heard;
    }

    /** Returns whether the kernel has reported a change since the last call of {@link #mayHaveHappened}. */
    synchronized boolean wasHeard() {
        return heard && changed;
    }

    /** Returns whether another program may have changed the table since the last call. */
    synchronized boolean mayHaveHappened() {
        boolean happened = !heard || changed;
        changed = false;
        return happened;
    }

    /** Does not count the changes by this process, one of ours, until {@link #ignoreNobody}. */
    void ignore(long process) {
        events.ifPresent(all -> all.ignore(process));
    }

    void ignoreNobody() {
        events.ifPresent(TableEvents::ignoreNobody);
    }

    @Override
    public void close() {
        events.ifPresent(TableEvents::close);
    }

    private synchronized void note(boolean happened) {
        changed |= happened;
    }

    private synchronized void deaf() {
        heard = false;
    }
}
