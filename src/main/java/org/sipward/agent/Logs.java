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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all logs for all jails, on the one thread that calls {@link #run}: it sleeps until a log is written to or a
 * {@link LiveLogs source of another kind} has something, and then carries what is new to the jails.
 *
 * <p>A change of the jails is carried out by that thread between two chunks: a source that is still wanted goes on where it
 * is, a jail that still exists keeps what it has counted.
 */
final class Logs implements Closeable {
    private static final Logger log = LoggerFactory.getLogger(Logs.class);
    /** Globs are looked at again, and files that inotify may have missed, after this time. */
    private static final Duration RESCAN = Duration.ofSeconds(10);
    /** What waits to be judged is looked at again after this time. */
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
    private Instant rescan = Instant.MIN;

    Logs(BanList bans, CursorStore cursors, Trust trust, Clock clock) {
        this.bans = bans;
        this.cursors = cursors;
        this.trust = trust;
        this.clock = clock;
        this.live = new LiveLogs(bans, cursors, clock, watch::wake);
        this.old = new OldCursors(cursors, clock);
    }

    /** Reads until {@link #stop}. The first thing that it does is to read what was written while the agent was away. */
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
            rescan = Instant.MIN;
        }
        Instant now = clock.instant();
        // A clock that was set back makes it due.
        boolean all = !now.isBefore(rescan) || rescan.isAfter(now.plus(RESCAN));
        if (all) {
            rescan = now.plus(RESCAN);
            look(true);
        }
        boolean more = false;
        for (Pipeline pipeline : reading) {
            if (all || pipeline.hasMore() || pipeline.isWaiting()) {
                more |= pipeline.drain();
            }
        }
        awaitChange(more ? Duration.ZERO : Duration.between(clock.instant(), rescan));
    }

    /** A mistake that comes with each turn must not take a whole processor. */
    private static void rest() {
        // A wake-up that nobody took would end the rest, and close the file that is read next.
        Thread.interrupted();
        LockSupport.parkNanos(SETTLING.toNanos());
    }

    /** Does what concerns one log or jail; a mistake in it must not keep the others from being read. */
    private void contain(String where, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | StackOverflowError bug) {
            faults.add(where, bug);
        }
    }

    /** Makes {@link #run} return after the chunk that is at work. */
    void stop() {
        stopped = true;
        watch.wake();
    }

    /** Takes other jails; returns when the reading thread has done so. */
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

    /** Forgets the cursors of logs that are gone for good, as soon as the reading thread comes to it. Any thread may call. */
    void forgetOldCursors() {
        requests.add(() -> contain("old cursors", () -> old.forget(pipelines.keySet())));
        watch.wake();
    }

    /** Returns the jails as they are now. */
    List<Jail> jails() {
        return watchings.jails();
    }

    /** Returns what is read, in the order of the configuration. */
    List<Pipeline> reading() {
        return reading;
    }

    /**
     * Returns what keeps logs from being found or read in time, and that something besides single lines was passed over, in
     * words. What one source cannot read, its report says.
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

    /** Sleeps until a log is written to, the pause is over, or what was read waits to be judged or saved. */
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
        // Not when it was woken for lines, which would be a write to the store for each of them.
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

    /** Takes jails: the first ones before {@link #run}, later by the thread that runs. */
    void begin(List<JailConfig> configs) {
        watchings = watchings.changedTo(configs, trust);
        look(false);
    }

    /** Opens the files that were not there at the last look, and closes those that no jail reads any more. */
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

    /** What was written to it until now is still judged: a file that a pattern matched may have been renamed. */
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
            log.warn("cursor of {} cannot be read, reading goes on at its end: {}", path, e.getMessage());
            return Optional.empty();
        }
    }

    /** Returns the sources that hand their lines to all jails of this one, which need not have any line twice. */
    private Stream<FileSource> servingAll(Path path) {
        List<Jail> served = watchings.jailsOf(path);
        return sources.entrySet().stream()
                .filter(other -> watchings.jailsOf(other.getKey()).containsAll(served))
                .map(Map.Entry::getValue);
    }

    /** Those that did so until now, and whose files may have been renamed to what appeared. */
    private List<FileSource> vanishedBeside(List<Jail> served) {
        Set<String> names = served.stream().map(Jail::name).collect(Collectors.toSet());
        return sources.entrySet().stream()
                .filter(other -> watchings.jailsOf(other.getKey()).isEmpty())
                .filter(other -> Optional.ofNullable(pipelines.get(other.getKey()))
                        .filter(pipeline -> pipeline.report().jails().containsAll(names))
                        .isPresent())
                .map(Map.Entry::getValue)
                .toList();
    }
}
