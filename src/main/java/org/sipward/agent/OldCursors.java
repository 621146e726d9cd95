package org.sipward.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.sipward.store.CursorStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forgets the cursors of logs that are gone. A log with the date in its name leaves one cursor a day, which nobody
 * would ever read again.
 *
 * <p>A cursor is forgotten when, for a whole day of one run, no jail read its log and no file was at its path. The day
 * begins anew with each start. So nothing is lost by a reload with a mistake in it, by a disk that is mounted late, or
 * by a log that was rotated while the agent was down and is written again hours later. After a day, lines that were
 * missed would be too old to matter to a jail.
 *
 * <p>Cursors of feeds and of the journal stay: there are only as many of them as names in the configurations so far.
 *
 * <p>Not thread-safe: the thread that reads logs owns it. Memory: one name for each log that is gone.
 */
final class OldCursors {
    /** How long a log must be gone. */
    static final Duration KEPT = Duration.ofDays(1);

    private static final Logger log = LoggerFactory.getLogger(OldCursors.class);

    private final CursorStore cursors;
    private final Clock clock;
    /** When each log that is gone was first found gone. */
    private final Map<String, Instant> gone = new HashMap<>();

    OldCursors(CursorStore cursors, Clock clock) {
        this.cursors = cursors;
        this.clock = clock;
    }

    /**
     * Finds out which logs are gone now, and forgets the cursors of those that have been gone for a day.
     *
     * @param read the paths of the logs that jails read
     */
    void forget(Set<Path> read) {
        try {
            Set<String> missing = cursors.cursors().stream()
                    .filter(name -> name.startsWith("/"))
                    .filter(name -> !read.contains(Path.of(name)) && Files.notExists(Path.of(name)))
                    .collect(Collectors.toSet());
            Instant now = clock.instant();
            gone.keySet().retainAll(missing);
            missing.forEach(name -> gone.putIfAbsent(name, now));
            Instant longAgo = now.minus(KEPT);
            List<String> old = gone.entrySet().stream()
                    .filter(entry -> !entry.getValue().isAfter(longAgo))
                    .map(Map.Entry::getKey)
                    .toList();
            if (!old.isEmpty()) {
                cursors.forgetCursors(old);
                log.debug("forgot how far these logs were read, since they are gone: {}", old);
            }
        } catch (IOException e) {
            log.warn("could not forget how far logs were read that are gone; will retry: {}", e.getMessage());
        }
    }
}
