package org.sipward.agent;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.sipward.ban.BanList;
import org.sipward.config.JailConfig;
import org.sipward.jail.Jail;
import org.sipward.jail.Trust;
import org.sipward.source.Faults;
import org.sipward.source.LineSplitter;
import org.sipward.source.file.FileSource;
import org.sipward.source.file.LogWatch;
import org.sipward.source.file.OpenLogs;
import org.sipward.store.CursorStore;
import org.sipward.time.Due;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all logs for all jails, on the one thread that calls {@link #run}. That thread sleeps until a log is written to
 * or a {@link LiveLogs source of another kind} has lines, and then hands the new lines to the jails.
 *
 * <p>The same thread changes the jails, between two chunks: a source that is still wanted goes on where it is, and a
 * jail that still exists keeps its counters.
 */
final class Logs implements Closeable {
    private static final Logger log = LoggerFactory.getLogger(Logs.class);
    /** After this time, globs are expanded again, and files are read whose changes inotify may have missed. */
    private static final Duration RESCAN = Duration.ofSeconds(10);
    /** After this time, lines that wait to be judged are looked at again. */
    private static final Duration SETTLING = Duration.ofMillis(100);

    private final BanList bans;
    private final CursorStore cursors;
    private final Trust trust;
    private final LogWatch watch = LogWatch.open();
    private final LineSplitter splitter = new LineSplitter();
    private final Clock clock;
    private final Map<Path, Pipeline> pipelines = new LinkedHashMap<>();
    private final Map<Path, FileSource> sources = new LinkedHashMap<>();
    private final OpenLogs openLogs = OpenLogs.withinLimit();
    private final LiveLogs live;
    private final Queue<Runnable> requests = new ConcurrentLinkedQueue<>();
    private final OldCursors old;
    private volatile Watchings watchings = Watchings.NONE;
    private volatile List<Pipeline> reading = List.of();
    private final Faults faults = new Faults();
    private volatile List<String> trouble = List.of();
    private volatile boolean stopped;
    private Due rescan = Due.NOW;

    Logs(BanList bans, CursorStore cursors, Trust trust, Clock clock) {
        this.bans = bans;
        this.cursors = cursors;
        this.trust = trust;
        this.clock = clock;
        this.live = new LiveLogs(bans, cursors, clock, watch::wake);
        this.old = new OldCursors(cursors, clock);
    }

    /** Reads until {@link #stop}. It begins with the lines that were written while the agent was not running. */
    void run() {
        while (!stopped) {
            try {
                readOnce();
            } catch (RuntimeException | StackOverflowError bug) {
                faults.add("reading the logs", bug);
                rest();
            }
        }
        reading.forEach(Pipeline::saveCursor);
    }

    private void readOnce() {
        for (Runnable request = requests.poll(); request != null; request = requests.poll()) {
            request.run();
            rescan = Due.NOW;
        }
        Instant now = clock.instant();
        boolean all = rescan.hasCome(now);
        if (all) {
            rescan = new Due(now, RESCAN);
            look(true);
        }
        boolean more = false;
        for (Pipeline pipeline : reading) {
            if (all || pipeline.hasMore() || pipeline.isWaiting()) {
                more |= pipeline.drain();
            }
        }
        awaitChange(more ? Duration.ZERO : rescan.left(clock.instant()));
    }

    /** Pauses, so that a bug that shows at every turn does not take a whole processor. */
    private static void rest() {
        // The interrupt of a wake-up that came too late would end the pause, and close the file that is read next.
        Thread.interrupted();
        LockSupport.parkNanos(SETTLING.toNanos());
    }

    /** Does work that concerns one log or jail. A bug in it must not keep the others from being read. */
    private void contain(String where, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | StackOverflowError bug) {
            faults.add(where, bug);
        }
    }

    /** Makes {@link #run} return after the current chunk. */
    void stop() {
        stopped = true;
        watch.wake();
    }

    /** Replaces the jails. Returns once the reading thread has applied the change. */
    void configure(List<JailConfig> configs) {
        FutureTask<Boolean> task = new FutureTask<>(() -> begin(configs), true);
        requests.add(task);
        watch.wake();
        try {
            task.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("jails cannot be changed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Forgets the cursors of logs that are gone for good, as soon as the reading thread comes to it. Any thread may
     * call.
     */
    void forgetOldCursors() {
        requests.add(() -> contain("old cursors", () -> old.forget(pipelines.keySet())));
        watch.wake();
    }

    /** Returns the jails as they are now. */
    List<Jail> jails() {
        return watchings.jails();
    }

    /** Returns the sources that are read, in the order of the configuration. */
    List<Pipeline> reading() {
        return reading;
    }

    /**
     * Returns in words what keeps logs from being found or from being read in time, and whether bugs have kept
     * something from being read. The trouble of a single source is told by its {@link Pipeline#status status}.
     */
    List<String> trouble() {
        List<String> all = new ArrayList<>(trouble);
        faults.trouble().ifPresent(words -> all.add("logs: " + words));
        return List.copyOf(all);
    }

    @Override
    public void close() throws IOException {
        pipelines.values().forEach(Pipeline::close);
        live.close();
        watch.close();
    }

    /**
     * Sleeps until a log is written to, the pause is over, or lines that were read must be judged or their place saved.
     */
    private void awaitChange(Duration pause) {
        boolean unsaved = false;
        boolean waiting = false;
        for (Pipeline pipeline : reading) {
            unsaved |= pipeline.hasUnsavedCursor();
            waiting |= pipeline.isWaiting();
        }
        Duration soon = waiting ? SETTLING : unsaved ? Pipeline.CURSOR_PAUSE : pause;
        Duration atMost = soon.compareTo(pause) < 0 ? soon : pause;
        Set<Path> changed = watch.await(atMost.isNegative() ? Duration.ZERO : atMost);
        // Only when nothing has arrived, or the store would be written to for each line.
        boolean quiet = changed.isEmpty();
        for (Path path : changed) {
            Pipeline pipeline = pipelines.get(path);
            if (pipeline != null) {
                pipeline.expectMore();
            }
        }
        for (Pipeline pipeline : reading) {
            quiet &= !pipeline.hasMore();
        }
        if (unsaved && quiet && !pause.isZero()) {
            reading.forEach(Pipeline::saveCursor);
        }
    }

    /** Sets the jails. The first ones are set before {@link #run}, later ones by the thread that reads. */
    void begin(List<JailConfig> configs) {
        watchings = watchings.changedTo(configs, trust);
        look(false);
    }

    /** Opens files that have appeared since the last look, and closes those that no jail reads any more. */
    private void look(boolean again) {
        Set<Path> appeared = new LinkedHashSet<>();
        for (Watching watching : watchings.all()) {
            contain("jail " + watching.jail().name() + ", looking for its logs", () -> {
                appeared.addAll(watching.files().rescan());
                watching.files().directories().forEach(watch::watchDirectory);
            });
        }
        appeared.removeAll(pipelines.keySet());
        appeared.forEach(path -> contain(path + ", opening", () -> open(path, again)));
        Map.copyOf(pipelines)
                .forEach((path, pipeline) -> contain(path.toString(), () -> {
                    List<Jail> served = watchings.jailsOf(path);
                    if (served.isEmpty()) {
                        close(path, pipeline);
                    } else {
                        pipeline.serve(served);
                    }
                }));
        contain("live sources", () -> live.serve(watchings.live()));
        reading = Stream.concat(pipelines.values().stream(), live.reading().stream())
                .toList();
        trouble = Stream.concat(watchings.trouble(), Stream.of(watch.trouble()).filter(words -> !words.isEmpty()))
                .distinct()
                .toList();
    }

    /** Closes a log, and still judges the lines written until now: a file that a glob matched may have been renamed. */
    private void close(Path path, Pipeline pipeline) {
        while (!stopped && pipeline.drain()) {}
        pipeline.saveCursor();
        pipeline.close();
        watch.forget(path);
        pipelines.remove(path);
        sources.remove(path);
        log.info("no longer watching {}", path);
    }

    private void open(Path path, boolean appeared) {
        List<Jail> served = watchings.jailsOf(path);
        Optional<String> cursor = cursor(path);
        watch.watch(path);
        FileSource source = appeared && cursor.isEmpty()
                ? FileSource.appeared(path, clock, splitter)
                : FileSource.open(path, cursor, watchings.backfill(path, faults), clock, splitter);
        List<FileSource> vanished = vanishedBeside(served);
        sources.put(
                path,
                source.among(
                        openLogs,
                        () -> Stream.concat(servingAll(path), vanished.stream()).toList()));
        pipelines.put(path, new Pipeline(source, bans, cursors, clock));
        String names = served.stream().map(Jail::name).collect(Collectors.joining(", "));
        log.info("watching {} for {}{}", path, names, Files.exists(path) ? "" : ", as soon as it is there");
        if (served.stream().anyMatch(jail -> ForgeableLog.is(path, jail.filter()))) {
            ForgeableLog.warn(path);
        }
    }

    private Optional<String> cursor(Path path) {
        try {
            return cursors.cursor(path.toString());
        } catch (IOException e) {
            log.warn("could not load how far {} was read; reading starts at its end: {}", path, e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Returns the sources whose lines go to all jails of this log. A line that one of them reads is not read here
     * again.
     */
    private Stream<FileSource> servingAll(Path path) {
        List<Jail> served = watchings.jailsOf(path);
        return sources.entrySet().stream()
                .filter(other -> watchings.jailsOf(other.getKey()).containsAll(served))
                .map(Map.Entry::getValue);
    }

    /** Returns the sources that did so until now. Their files are gone, and may have been renamed to the new one. */
    private List<FileSource> vanishedBeside(List<Jail> served) {
        Set<String> names = served.stream().map(Jail::name).collect(Collectors.toSet());
        return sources.entrySet().stream()
                .filter(other -> watchings.jailsOf(other.getKey()).isEmpty())
                .filter(other -> Optional.ofNullable(pipelines.get(other.getKey()))
                        .filter(pipeline -> pipeline.status().jails().containsAll(names))
                        .isPresent())
                .map(Map.Entry::getValue)
                .toList();
    }
}
