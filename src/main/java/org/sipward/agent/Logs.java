package org.sipward.agent;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
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
import org.sipward.source.Backfill;
import org.sipward.source.Faults;
import org.sipward.source.LineSplitter;
import org.sipward.source.StampReader;
import org.sipward.source.file.FileSource;
import org.sipward.source.file.LogWatch;
import org.sipward.source.file.OpenLogs;
import org.sipward.store.HsqlStore;
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

    /** What a source says of itself whose file is not there; no trouble as long as others are. */
    static final String MISSING = "not there yet";

    private final BanList bans;
    private final HsqlStore store;
    private final Trust trust;
    private final LogWatch watch = LogWatch.open();
    private final LineSplitter splitter = new LineSplitter();
    private final Clock clock;
    private final Map<Path, Pipeline> pipelines = new LinkedHashMap<>();
    private final Map<Path, FileSource> sources = new LinkedHashMap<>();
    private final OpenLogs openLogs = OpenLogs.withinLimit();
    private final LiveLogs live;
    private final Queue<Runnable> requests = new ConcurrentLinkedQueue<>();
    private volatile List<Watching> watchings = List.of();
    private volatile List<Pipeline> reading = List.of();
    private final Faults faults = new Faults();
    private volatile List<String> trouble = List.of();
    private volatile boolean stopped;
    private Instant rescan = Instant.MIN;

    Logs(BanList bans, HsqlStore store, Trust trust, Clock clock) {
        this.bans = bans;
        this.store = store;
        this.trust = trust;
        this.clock = clock;
        this.live = new LiveLogs(bans, store, clock, watch::wake);
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

    /** Returns the jails as they are now. */
    List<Jail> jails() {
        return watchings.stream().map(Watching::jail).toList();
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
        List<Watching> fresh = new ArrayList<>();
        for (JailConfig config : configs) {
            Jail jail = ConfiguredJail.of(config, trust);
            watchings.stream()
                    .filter(old -> old.jail().name().equals(config.name()))
                    .findFirst()
                    .ifPresent(old -> jail.inherit(old.jail()));
            fresh.add(new Watching(jail, config));
        }
        watchings.forEach(old -> old.jail().clear());
        watchings = List.copyOf(fresh);
        look(false);
    }

    /** Opens the files that were not there at the last look, and closes those that no jail reads any more. */
    private void look(boolean again) {
        Set<Path> appeared = new LinkedHashSet<>();
        for (Watching watching : watchings) {
            contain("jail " + watching.jail().name() + ", looking for its logs", () -> {
                appeared.addAll(watching.files().rescan());
                watching.files().directories().forEach(watch::watchDirectory);
            });
        }
        appeared.removeAll(pipelines.keySet());
        appeared.forEach(path -> contain(path + ", opening", () -> open(path, again)));
        Map.copyOf(pipelines)
                .forEach((path, pipeline) -> contain(path.toString(), () -> {
                    List<Jail> served = jailsOf(path);
                    if (served.isEmpty()) {
                        close(path, pipeline);
                    } else {
                        pipeline.serve(served);
                    }
                }));
        contain(
                "live sources",
                () -> live.serve(watchings.stream().flatMap(Watching::live).toList()));
        reading = Stream.concat(pipelines.values().stream(), live.reading().stream())
                .toList();
        trouble = Stream.concat(
                        watchings.stream().flatMap(watching -> watching.files().trouble().stream()),
                        Stream.of(watch.trouble()).filter(words -> !words.isEmpty()))
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
        List<Jail> served = jailsOf(path);
        Optional<String> cursor = cursor(path);
        watch.watch(path);
        FileSource source = appeared && cursor.isEmpty()
                ? FileSource.appeared(path, clock, splitter)
                : FileSource.open(path, cursor, backfill(path), clock, splitter);
        List<FileSource> vanished = vanishedBeside(served);
        sources.put(
                path,
                source.among(
                        openLogs,
                        () -> Stream.concat(servingAll(path), vanished.stream()).toList()));
        pipelines.put(path, new Pipeline(source, bans, store, clock));
        String names = served.stream().map(Jail::name).collect(Collectors.joining(", "));
        log.info("watching {} for {}{}", path, names, Files.exists(path) ? "" : ", as soon as it is there");
        if (served.stream().anyMatch(jail -> ForgeableLog.is(path, jail.filter()))) {
            ForgeableLog.warn(path);
        }
    }

    private Optional<String> cursor(Path path) {
        try {
            return store.cursor(path.toString());
        } catch (IOException e) {
            log.warn("cursor of {} cannot be read, reading goes on at its end: {}", path, e.getMessage());
            return Optional.empty();
        }
    }

    /** Before the place where reading goes on, as much is counted once more as can still matter to a jail. */
    private Backfill backfill(Path path) {
        List<Watching> served = watchingsOf(path);
        Duration window = served.stream()
                .map(watching -> watching.config().findtime())
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
        StampReader stamps = line -> {
            for (Watching watching : served) {
                try {
                    OptionalLong stamp = watching.jail().stamp(line);
                    if (stamp.isPresent()) {
                        return stamp;
                    }
                } catch (RuntimeException | StackOverflowError bug) {
                    faults.add(path + ", jail " + watching.jail().name(), bug);
                }
            }
            return OptionalLong.empty();
        };
        return new Backfill(stamps, window, Backfill.MAX_BYTES);
    }

    private List<Jail> jailsOf(Path path) {
        return watchingsOf(path).stream().map(Watching::jail).toList();
    }

    /** Returns the sources that hand their lines to all jails of this one, which need not have any line twice. */
    private Stream<FileSource> servingAll(Path path) {
        List<Jail> served = jailsOf(path);
        return sources.entrySet().stream()
                .filter(other -> jailsOf(other.getKey()).containsAll(served))
                .map(Map.Entry::getValue);
    }

    /** Those that did so until now, and whose files may have been renamed to what appeared. */
    private List<FileSource> vanishedBeside(List<Jail> served) {
        Set<String> names = served.stream().map(Jail::name).collect(Collectors.toSet());
        return sources.entrySet().stream()
                .filter(other -> jailsOf(other.getKey()).isEmpty())
                .filter(other -> Optional.ofNullable(pipelines.get(other.getKey()))
                        .filter(pipeline -> pipeline.report().jails().containsAll(names))
                        .isPresent())
                .map(Map.Entry::getValue)
                .toList();
    }

    private List<Watching> watchingsOf(Path path) {
        return watchings.stream().filter(watching -> watching.files().has(path)).toList();
    }
}
