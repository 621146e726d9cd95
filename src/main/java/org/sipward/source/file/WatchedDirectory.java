package org.sipward.source.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory that inotify watches, or that is polled by the clock. In a flood of events it is not watched, because
 * each event costs several times as much as polling its logs.
 */
final class WatchedDirectory {
    static final Duration POLL = Duration.ofMillis(250);
    private static final Duration RETRY_MISSING = Duration.ofSeconds(2);
    /** This many wake-ups within a second are a flood. */
    static final int FLOOD_WAKE_UPS = 16;

    private static final long SECOND_NANOS = 1_000_000_000;
    /** A flood is over when nothing was written for this long. */
    private static final long CALM_NANOS = 300_000_000;

    private static final Logger log = LoggerFactory.getLogger(WatchedDirectory.class);

    /** Writers on other machines cause no event here. */
    private static final Pattern NO_EVENTS =
            Pattern.compile("nfs.*|cifs|smb.*|fuse.*|9p|virtiofs|afs|ceph|glusterfs|lustre|vboxsf|ocfs2|gfs2");

    private final Path path;
    private @Nullable WatchKey key;
    private long due;
    private boolean flooded;
    private long countedSince;
    private int wakeUps;
    private long written;
    private boolean wasMissing;
    private boolean warned;
    /** Why inotify does not watch the directory although it could, in words, or empty. */
    private String trouble = "";

    WatchedDirectory(Path path, long now) {
        this.path = path;
        this.due = now;
    }

    Path path() {
        return path;
    }

    String trouble() {
        return trouble;
    }

    boolean has(WatchKey other) {
        return other.equals(key);
    }

    boolean sharesKeyWith(WatchedDirectory other) {
        return key != null && key.equals(other.key);
    }

    boolean isDue(long now) {
        return key == null && !flooded && due - now <= 0;
    }

    long leftNanos(long now) {
        return key == null && !flooded ? Math.max(0, due - now) : Long.MAX_VALUE;
    }

    boolean isFlooded() {
        return flooded;
    }

    /** Counts a wake-up. Returns whether this is a flood; if so, call {@link #flood}. */
    boolean isTooMany(long now) {
        if (now - countedSince > SECOND_NANOS) {
            countedSince = now;
            wakeUps = 0;
        }
        return ++wakeUps >= FLOOD_WAKE_UPS;
    }

    /** Ends the watch, until the directory is {@linkplain #ebb calm} again. */
    void flood(long now) {
        close();
        flooded = true;
        written = now;
    }

    /** Notes that something was written in the directory during the flood. */
    void stayFlooded(long now) {
        written = now;
    }

    /** Lets the directory be watched again if nothing was written in it recently. */
    void ebb(long now) {
        if (flooded && now - written > CALM_NANOS) {
            flooded = false;
            wakeUps = 0;
            due = now;
        }
    }

    /** Notes that the directory itself was removed or renamed. */
    void lose() {
        key = null;
        wasMissing = true;
        due = System.nanoTime();
    }

    void close() {
        if (key != null) {
            key.cancel();
            key = null;
        }
    }

    /**
     * Tries to let inotify watch the directory. If that fails, the directory is due again later.
     *
     * @return whether there may be something new in it
     */
    boolean register(@Nullable WatchService service, Predicate<Path> canNotify, long now) {
        boolean wasThere = !wasMissing;
        due = now + POLL.toNanos();
        try {
            if (service != null && canNotify.test(path)) {
                key = path.register(
                        service,
                        StandardWatchEventKinds.ENTRY_CREATE,
                        StandardWatchEventKinds.ENTRY_MODIFY,
                        StandardWatchEventKinds.ENTRY_DELETE);
            } else if (!Files.isDirectory(path)) {
                throw new NoSuchFileException(path.toString());
            }
            wasMissing = false;
            trouble = "";
            return true;
        } catch (IOException e) {
            if (!Files.isDirectory(path)) {
                wasMissing = true;
                due = now + RETRY_MISSING.toNanos();
                return wasThere;
            }
            trouble = withoutNotice(" for " + path, "fs.inotify.max_user_watches", e);
            if (!warned) {
                warned = true;
                log.warn(trouble);
            }
            return true;
        }
    }

    /** Returns the message that logs are polled by the clock, and which limit to raise. */
    static String withoutNotice(String where, String limit, IOException cause) {
        return "no inotify" + where + ", polling every " + POLL.toMillis() + " ms instead; raise " + limit + ": "
                + cause.getMessage();
    }

    /**
     * Returns whether inotify reports every write in the directory; it does not if another machine may be the writer.
     */
    static boolean canNotify(Path directory) {
        try {
            return !NO_EVENTS.matcher(Files.getFileStore(directory).type()).matches();
        } catch (IOException unknown) {
            return true;
        }
    }
}
