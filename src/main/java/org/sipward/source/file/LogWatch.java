package org.sipward.source.file;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says when it is worth polling a log. Wakes by inotify, or by a clock for directories where inotify cannot work
 * (network file systems, inotify's limits) and for directories that do not exist yet.
 *
 * <p>The first event after a quiet time is reported at once. If more events follow, it rests after each, first
 * {@value #FIRST_REST_MILLIS} ms and then up to {@value #LAST_REST_MILLIS} ms, so that many writes become one read. A
 * directory that wakes it more than {@value WatchedDirectory#FLOOD_WAKE_UPS} times a second is polled every
 * {@value #FLOOD_REST_MILLIS} ms instead, until the directory is calm again. While nothing happens, only the caller's
 * timeout wakes it. A wake-up is only a hint, and events can be missed (a directory replaced by a link, a log renamed
 * to an unlike name), so poll every source every few seconds anyway. Watch a log before polling it for the first time.
 *
 * <p><b>Threads:</b> one thread watches, waits and closes; any thread may call {@link #wake}. Nothing else may
 * interrupt the waiting thread, because an interrupt closes the files that it reads.
 *
 * <p>Memory: a few hundred bytes per log, and 512 events per directory.
 */
public final class LogWatch implements Closeable {
    private static final Logger log = LoggerFactory.getLogger(LogWatch.class);
    private static final int FIRST_REST_MILLIS = 2;
    private static final int LAST_REST_MILLIS = 20;
    private static final int QUIET_MILLIS = 50;
    private static final int FLOOD_REST_MILLIS = 200;

    private final @Nullable WatchService service;
    private final Predicate<Path> canNotify;
    private final String trouble;
    private final Map<Path, WatchedPath> watched = new HashMap<>();
    private final Map<Path, WatchedDirectory> directories = new HashMap<>();
    private long restNanos;
    private long lastEvent;
    /** The state of each log in a flooded directory when it was last polled. */
    private final Map<Path, PathState> looks = new HashMap<>();

    private long nextLook;

    private final Object waking = new Object();
    private @Nullable Thread waiting;
    private boolean woken;

    private LogWatch(@Nullable WatchService service, Predicate<Path> canNotify, String trouble) {
        this.service = service;
        this.canNotify = canNotify;
        this.trouble = trouble;
    }

    /** Opens inotify. If inotify is not available, warns and polls by the clock. */
    public static LogWatch open() {
        return open(WatchedDirectory::canNotify);
    }

    /** As {@link #open()}, but with inotify only for the directories that can notify. */
    static LogWatch open(Predicate<Path> canNotify) {
        try {
            return new LogWatch(FileSystems.getDefault().newWatchService(), canNotify, "");
        } catch (IOException e) {
            String trouble = WatchedDirectory.withoutNotice("", "fs.inotify.max_user_instances, and restart", e);
            log.warn(trouble);
            return new LogWatch(null, canNotify, trouble);
        }
    }

    /** Watches a log, which need not exist. If it is a symbolic link, its target is watched too. */
    public void watch(Path file) {
        Path path = file.toAbsolutePath();
        watched.put(path, WatchedPath.log(path));
        renewDirectories();
    }

    /** Watches a directory for files that appear in it. */
    public void watchDirectory(Path directory) {
        Path path = directory.toAbsolutePath();
        watched.put(path, WatchedPath.directory(path));
        renewDirectories();
    }

    /** Ends a {@link #watch} or {@link #watchDirectory}. */
    public void forget(Path path) {
        if (watched.remove(path.toAbsolutePath()) != null) {
            renewDirectories();
        }
    }

    /**
     * Waits until something changed, {@link #wake} was called, the thread was interrupted (it then stays interrupted),
     * or the time is over.
     *
     * @return the watched paths that may have changed, as absolute paths; empty if the time is over
     */
    public Set<Path> await(Duration atMost) {
        Set<Path> changed = new LinkedHashSet<>();
        long end = System.nanoTime() + atMost.toNanos();
        if (!enter()) {
            return changed;
        }
        try {
            while (changed.isEmpty()) {
                long now = System.nanoTime();
                collectDue(now, changed);
                lookAtFlooded(now, changed);
                if (!changed.isEmpty() || end - now <= 0) {
                    break;
                }
                if (!await(nextDue(now, end) - now, changed)) {
                    break;
                }
            }
        } finally {
            leave();
        }
        return changed;
    }

    /** Returns why logs are polled by the clock although inotify should report their changes, in words, or empty. */
    public String trouble() {
        Stream<String> all = directories.values().stream().map(WatchedDirectory::trouble);
        return trouble + all.filter(words -> !words.isEmpty()).findFirst().orElse("");
    }

    /** Makes {@link #await} return at once: the call that waits now, or otherwise the next call. */
    public void wake() {
        synchronized (waking) {
            woken = true;
            if (waiting != null) {
                waiting.interrupt();
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (service != null) {
            service.close();
        }
    }

    /** Returns false if it was woken before it began to wait. */
    private boolean enter() {
        synchronized (waking) {
            if (woken) {
                woken = false;
                return false;
            }
            waiting = Thread.currentThread();
            return true;
        }
    }

    private void leave() {
        synchronized (waking) {
            waiting = null;
            if (woken) {
                woken = false;
                // The interrupt was our own. If it stayed set, it would close the file that is read next.
                Thread.interrupted();
            }
        }
    }

    /** Waits for one wake-up. Returns false if an interrupt caused it. */
    private boolean await(long nanos, Set<Path> changed) {
        if (service == null) {
            LockSupport.parkNanos(this, nanos);
            return !Thread.currentThread().isInterrupted();
        }
        try {
            WatchKey key = service.poll(nanos, TimeUnit.NANOSECONDS);
            if (key == null) {
                return true;
            }
            rest();
            for (; key != null; key = service.poll()) {
                collect(key, changed);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Rests longer and longer while events keep coming. */
    private void rest() {
        long longest = TimeUnit.MILLISECONDS.toNanos(LAST_REST_MILLIS);
        long shortest = TimeUnit.MILLISECONDS.toNanos(FIRST_REST_MILLIS);
        boolean quiet = System.nanoTime() - lastEvent > TimeUnit.MILLISECONDS.toNanos(QUIET_MILLIS);
        restNanos = quiet ? 0 : Math.min(Math.max(shortest, 2 * restNanos), longest);
        long end = System.nanoTime() + restNanos;
        for (long left = restNanos;
                left > 0 && !Thread.currentThread().isInterrupted();
                left = end - System.nanoTime()) {
            LockSupport.parkNanos(this, left);
        }
        lastEvent = System.nanoTime();
    }

    private void collect(WatchKey key, Set<Path> changed) {
        boolean relinked = false;
        for (WatchEvent<?> event : key.pollEvents()) {
            boolean overflow = event.kind() == StandardWatchEventKinds.OVERFLOW;
            boolean modified = event.kind() == StandardWatchEventKinds.ENTRY_MODIFY;
            for (WatchedPath path : watched.values()) {
                boolean near = directories.values().stream()
                        .anyMatch(directory ->
                                directory.has(key) && path.directories().contains(directory.path()));
                if (near && (overflow || path.isConcernedBy(String.valueOf(event.context()), modified))) {
                    changed.add(path.path());
                    relinked |= !modified;
                }
            }
        }
        long now = System.nanoTime();
        List<WatchedDirectory> concerned = directories.values().stream()
                .filter(directory -> directory.has(key))
                .toList();
        boolean flood = false;
        for (WatchedDirectory directory : concerned) {
            flood |= directory.isTooMany(now);
        }
        if (flood) {
            flood(concerned, now);
        } else if (!key.reset()) {
            concerned.forEach(WatchedDirectory::lose);
        }
        if (relinked) {
            renewDirectories();
        }
    }

    /** Adds the logs whose directories are polled by the clock, and tries to watch these directories. */
    private void collectDue(long now, Set<Path> changed) {
        for (WatchedDirectory directory : directories.values()) {
            if (directory.isDue(now)) {
                boolean news = directory.register(service, canNotify, now);
                for (WatchedPath path : watched.values()) {
                    if (news && path.directories().contains(directory.path())) {
                        changed.add(path.path());
                    }
                }
            }
        }
    }

    /** Ends the watch that these directories share. */
    private void flood(List<WatchedDirectory> concerned, long now) {
        if (!isFlooded()) {
            looks.clear();
            nextLook = now + TimeUnit.MILLISECONDS.toNanos(FLOOD_REST_MILLIS);
        }
        concerned.forEach(directory -> directory.flood(now));
    }

    private void look(WatchedPath path, long now, Set<Path> changed) {
        PathState look = PathState.at(path.path());
        boolean differs = !look.equals(looks.put(path.path(), look));
        if (differs || look.isEmpty()) {
            changed.add(path.path());
        }
        for (WatchedDirectory directory : directories.values()) {
            if (differs && path.directories().contains(directory.path())) {
                directory.stayFlooded(now);
            }
        }
    }

    private boolean isFlooded() {
        boolean flooded = false;
        for (WatchedDirectory directory : directories.values()) {
            flooded |= directory.isFlooded();
        }
        return flooded;
    }

    /** Adds the logs in flooded directories that changed since the last poll. */
    private void lookAtFlooded(long now, Set<Path> changed) {
        if (!isFlooded() || nextLook - now > 0) {
            return;
        }
        nextLook = now + TimeUnit.MILLISECONDS.toNanos(FLOOD_REST_MILLIS);
        for (WatchedPath path : watched.values()) {
            boolean flooded = false;
            for (WatchedDirectory directory : directories.values()) {
                flooded |= directory.isFlooded() && path.directories().contains(directory.path());
            }
            if (flooded) {
                look(path, now, changed);
            }
        }
        directories.values().forEach(directory -> directory.ebb(now));
    }

    private long nextDue(long now, long end) {
        long left = end - now;
        for (WatchedDirectory directory : directories.values()) {
            left = Math.min(left, directory.leftNanos(now));
            left = directory.isFlooded() ? Math.min(left, Math.max(0, nextLook - now)) : left;
        }
        return now + left;
    }

    /** Watches exactly the directories that are needed now, following links as they are now. */
    private void renewDirectories() {
        Set<Path> needed = new HashSet<>();
        watched.replaceAll((path, old) -> old.renewed());
        watched.values().forEach(path -> needed.addAll(path.directories()));
        long now = System.nanoTime();
        for (Path path : needed) {
            if (!directories.containsKey(path)) {
                WatchedDirectory directory = new WatchedDirectory(path, now);
                directory.register(service, canNotify, now);
                directories.put(path, directory);
            }
        }
        directories.values().removeIf(directory -> {
            if (needed.contains(directory.path())) {
                return false;
            }
            boolean shared = directories.values().stream()
                    .anyMatch(other -> needed.contains(other.path()) && directory.sharesKeyWith(other));
            if (!shared) {
                directory.close();
            }
            return true;
        });
    }
}
