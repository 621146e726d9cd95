package org.sipward.agent;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.sipward.ban.BanList;
import org.sipward.ban.BanTime;
import org.sipward.config.JailConfig;
import org.sipward.jail.Jail;
import org.sipward.source.Backfill;
import org.sipward.source.FileSet;
import org.sipward.source.FileSource;
import org.sipward.source.LogWatch;
import org.sipward.store.HsqlStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all logs for all jails, on the one thread that calls {@link #run}: it sleeps until a log is written to, and then
 * carries what is new to the jails.
 *
 * <p>A change of the jails is carried out by that thread between two chunks: a source that is still wanted goes on where it
 * is, a jail that still exists keeps what it has counted.
 */
final class Logs implements Closeable {
    private static final Logger log = LoggerFactory.getLogger(Logs.class);
    /** Globs are looked at again, and files that inotify may have missed, after this time. */
    private static final Duration RESCAN = Duration.ofSeconds(10);

    private final BanList bans;
    private final HsqlStore store;
    private final LogWatch watch;
    private final Clock clock;
    private final Map<Path, Pipeline> pipelines = new LinkedHashMap<>();
    private final ConcurrentLinkedQueue<Runnable> requests = new ConcurrentLinkedQueue<>();
    private List<JailConfig> configs = List.of();
    private volatile List<Jail> jails = List.of();
    private volatile List<Pipeline> reading = List.of();
    private volatile boolean stopped;

    Logs(BanList bans, HsqlStore store, Clock clock) throws IOException {
        this.bans = bans;
        this.store = store;
        this.clock = clock;
        this.watch = LogWatch.open();
    }

    /** Reads until {@link #stop}. The first thing that it does is to read what was written while the agent was away. */
    void run() {
        Instant rescan = Instant.MIN;
        while (!stopped) {
            for (Runnable request = requests.poll(); request != null; request = requests.poll()) {
                request.run();
                rescan = Instant.MIN;
            }
            Instant now = clock.instant();
            boolean all = !now.isBefore(rescan);
            if (all) {
                rescan();
                rescan = now.plus(RESCAN);
            }
            for (Pipeline pipeline : reading) {
                if (!stopped && (all || pipeline.isTouched())) {
                    pipeline.drain();
                }
            }
            awaitChange(rescan);
        }
        for (Pipeline pipeline : reading) {
            pipeline.saveCursor();
        }
    }

    /** Makes {@link #run} return after the chunk that is at work. */
    void stop() {
        stopped = true;
        watch.wake();
    }

    /** Takes other jails; returns when the reading thread has done so. */
    void configure(List<JailConfig> changed) throws IOException {
        CompletableFuture<Void> done = new CompletableFuture<>();
        requests.add(() -> {
            apply(changed);
            done.complete(null);
        });
        watch.wake();
        done.join();
    }

    /** Takes the first jails, before {@link #run}. */
    void begin(List<JailConfig> first) {
        apply(first);
        rescan();
    }

    /** Returns the jails as they are now. */
    List<Jail> jails() {
        return jails;
    }

    /** Returns what is read, in the order of the configuration. */
    List<Pipeline> reading() {
        return reading;
    }

    @Override
    public void close() throws IOException {
        for (Pipeline pipeline : pipelines.values()) {
            pipeline.close();
        }
        watch.close();
    }

    private void awaitChange(Instant rescan) {
        boolean unsaved = reading.stream().anyMatch(Pipeline::hasUnsavedCursor);
        Duration pause = Duration.between(clock.instant(), rescan);
        Duration atMost = unsaved && pause.compareTo(Pipeline.CURSOR_PAUSE) > 0 ? Pipeline.CURSOR_PAUSE : pause;
        Set<Path> changed = watch.await(atMost.isNegative() ? Duration.ZERO : atMost);
        for (Pipeline pipeline : reading) {
            pipeline.touch(changed);
            if (unsaved && changed.isEmpty()) {
                pipeline.saveCursor();
            }
        }
    }

    private void apply(List<JailConfig> changed) {
        List<Jail> fresh = new ArrayList<>();
        for (JailConfig config : changed) {
            Jail jail = jail(config);
            jails.stream()
                    .filter(old -> old.name().equals(config.name()))
                    .findFirst()
                    .ifPresent(jail::inherit);
            fresh.add(jail);
        }
        configs = List.copyOf(changed);
        jails = List.copyOf(fresh);
        pipelines.values().forEach(pipeline -> pipeline.serve(List.of()));
        for (Map.Entry<Path, List<Jail>> entry : jailsOfFiles().entrySet()) {
            Pipeline pipeline = pipelines.get(entry.getKey());
            if (pipeline != null) {
                pipeline.serve(entry.getValue());
            }
        }
        pipelines.values().removeIf(pipeline -> {
            if (pipeline.isIdle()) {
                log.info("no longer watching {}", pipeline.source().name());
                pipeline.closeQuietly();
            }
            return pipeline.isIdle();
        });
        reading = List.copyOf(pipelines.values());
    }

    private void rescan() {
        for (Map.Entry<Path, List<Jail>> entry : jailsOfFiles().entrySet()) {
            if (!pipelines.containsKey(entry.getKey())) {
                open(entry.getKey(), entry.getValue());
            }
        }
        reading = List.copyOf(pipelines.values());
    }

    private void open(Path path, List<Jail> served) {
        try {
            FileSource source =
                    FileSource.open(path, store.cursor(path.toString()), backfill(path), clock);
            watch.watch(path);
            Pipeline pipeline = new Pipeline(path, source, bans, store, clock);
            pipeline.serve(served);
            pipelines.put(path, pipeline);
            log.info("watching {} for {}", path, served.stream().map(Jail::name).toList());
        } catch (IOException e) {
            log.warn("{} cannot be watched and is tried again: {}", path, e.getMessage());
        }
    }

    /** Before the place where reading goes on, as much is counted once more as can still matter to a jail. */
    private Backfill backfill(Path path) {
        Duration window = configs.stream().map(JailConfig::findtime).max(Comparator.naturalOrder()).orElse(Duration.ZERO);
        List<Jail> served = jailsOfFiles().getOrDefault(path, List.of());
        return new Backfill(
                line -> served.stream()
                        .map(jail -> jail.stamp(line))
                        .filter(java.util.OptionalLong::isPresent)
                        .findFirst()
                        .orElse(java.util.OptionalLong.empty()),
                window,
                Backfill.MAX_BYTES);
    }

    private Map<Path, List<Jail>> jailsOfFiles() {
        Map<Path, List<Jail>> served = new LinkedHashMap<>();
        for (int i = 0; i < configs.size(); i++) {
            for (Path path : new FileSet(configs.get(i).files()).paths()) {
                served.computeIfAbsent(path, any -> new ArrayList<>()).add(jails.get(i));
            }
        }
        return served;
    }

    static Jail jail(JailConfig config) {
        BanTime bantime = new BanTime(config.bantime(), config.increment(), config.maxBantime());
        return new Jail(
                config.name(), config.filter(), config.zone(), config.maxretry(), config.findtime(), bantime);
    }
}
