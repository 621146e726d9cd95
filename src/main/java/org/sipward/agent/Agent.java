package org.sipward.agent;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.sipward.ban.Allowlist;
import org.sipward.ban.BanList;
import org.sipward.ban.Firewall;
import org.sipward.ban.HostNames;
import org.sipward.ban.Trusted;
import org.sipward.config.Config;
import org.sipward.config.Config.FirewallConfig.Backend;
import org.sipward.control.Answer;
import org.sipward.control.ControlServer;
import org.sipward.control.ExitCode;
import org.sipward.firewall.DryRun;
import org.sipward.firewall.Nftables;
import org.sipward.jail.Trust;
import org.sipward.store.HsqlStore;
import org.sipward.yaml.ConfigException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds the parts, joins them and runs them until told to stop. Only this class knows all of them.
 *
 * <pre>
 *   source -&gt; filter -&gt; jail -&gt; ban -&gt; store, firewall
 *                               ^
 *                     feed, operator
 * </pre>
 *
 * <p>Threads: the caller of {@link #run} reads the logs; a few tasks tend the bans and poll feeds; host names are
 * looked up on threads of their own ({@link HostNames}); one thread accepts commands on the control socket.
 * {@link BanList} is the only mutable state that they share.
 */
public final class Agent {
    private static final Logger log = LoggerFactory.getLogger(Agent.class);
    /** Within ten seconds, a firewall that somebody has flushed blocks again what it should. */
    private static final Duration TEND = Duration.ofSeconds(8);

    private static final Duration LOOK_AROUND = Duration.ofSeconds(10);
    private static final Duration LOOK_AROUND_RARELY = Duration.ofMinutes(5);
    /** If a look for own addresses takes longer, it is done rarely: with a million routes it takes seconds. */
    private static final Duration SWIFT = Duration.ofMillis(200);

    private static final Duration LOOK_UP = Duration.ofMinutes(5);
    private static final Duration LOOK_UP_AGAIN = Duration.ofSeconds(30);
    /** How long a reload waits for names that are new. */
    private static final Duration NEW_NAMES = Duration.ofSeconds(1);

    private static final Duration TRUST = Duration.ofMinutes(5);
    private static final Duration PURGE = Duration.ofHours(6);
    private static final Duration CURSORS = Duration.ofHours(6);
    /** How long the earlier bans of an address count: the default of maxbantime, since nothing can be kept for ever. */
    private static final Duration HISTORY = Duration.ofDays(28);

    /** The most addresses that one transaction stores, since it takes memory for each. */
    private static final int TRUSTED_AT_ONCE = 5_000;

    private static final int STOP_SECONDS = 10;

    private final Config config;
    private final Reader reader;
    private final boolean dryRun;
    private final Clock clock;
    private boolean stopping;
    private @Nullable Logs reading;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final CompletableFuture<Commands> commands = new CompletableFuture<>();
    private final AtomicBoolean reloadAwaited = new AtomicBoolean();

    /**
     * Creates an agent that does nothing yet.
     *
     * @param reader reads the configuration again when the operator asks for a reload
     * @param dryRun whether to block nothing
     */
    public Agent(Config config, Reader reader, boolean dryRun, Clock clock) {
        this.config = config;
        this.reader = reader;
        this.dryRun = dryRun;
        this.clock = clock;
    }

    /**
     * Runs until {@link #stop}, then closes everything in the reverse order of its opening. What the firewall blocks
     * stays blocked.
     *
     * @throws IOException if a part that the agent cannot do without does not open: the store, the control socket
     */
    public void run() throws IOException, InterruptedException {
        // The socket is opened before the firewall, so that a second agent is refused before it has changed anything.
        // Until the parts are ready, clients wait for their answers.
        try (HsqlStore store = HsqlStore.open(config.store(), clock);
                ControlServer control = ControlServer.open(
                        config.socket(), request -> commands.join().answer(request));
                HostNames names = new HostNames(store);
                Firewall firewall = firewall();
                Tasks tasks = new Tasks(1, "sipward-task");
                // Its own threads, so that work that waits for the network does not hold up the rest.
                Tasks networkTasks = new Tasks(3, "sipward-network")) {
            Allowlist allowlist = new Allowlist(
                    config.allowlist().entries(), config.allowlist().banPrivate(), names);
            // Starts to look host names up. Nothing waits for the results.
            allowlist.refresh();
            Trust trust = new Trust();
            trust.load(store.trusted(clock.instant(), Trust.MAX_TRUSTED));
            BanList bans = new BanList(
                    allowlist, store, firewall, clock, System::nanoTime, address -> trust.at(address, clock.instant()));
            bans.open();
            SpareMemory memory = new SpareMemory(tasks);
            FirewallWatch watch = new FirewallWatch(bans);
            Tasks.Task tending = tasks.repeat(TEND, "tending the bans", () -> {
                watch.tend();
                memory.giveBack();
                return TEND;
            });
            watch.start(firewall, tending);
            names.onChange(tasks.repeat(Duration.ZERO, "reading the allowlist", () -> lookAround(bans))::hurry);
            tasks.every(LOOK_UP_AGAIN, "looking failed names up", names::retry);
            tasks.every(LOOK_UP, "looking names up", names::lookUp);
            tasks.every(
                    PURGE,
                    "purging the history",
                    () -> bans.purge(clock.instant().minus(HISTORY)));
            tasks.every(TRUST, "saving who is trusted", () -> save(trust, store));
            Spared spared = new Spared(clock);
            try (Logs logs = new Logs(bans, store, trust, clock);
                    Feeds feeds = new Feeds(bans, spared, store, networkTasks, memory, clock)) {
                StatusReport status =
                        new StatusReport(bans, firewall, logs, feeds, trust, List.of(tasks, networkTasks), clock);
                logs.begin(config.jails());
                tasks.every(CURSORS, "looking for logs that are gone", logs::forgetOldCursors);
                feeds.configure(config.feeds());
                commands.complete(new Commands(
                        new Orders(bans, trust, spared, clock),
                        new Lists(bans, logs, trust, clock),
                        new Why(bans, logs, trust, spared, clock),
                        feeds,
                        () -> reload(bans, logs, feeds),
                        status,
                        memory::workDone));
                sayStart(bans, firewall, control);
                willStop(logs);
                read(logs);
                saveAtLast(trust, store);
                sayStop(firewall);
            }
        } finally {
            ended.countDown();
        }
    }

    /**
     * Reads the logs until the agent is stopped. Most bugs are contained in {@link Logs}; an error that is not, such as
     * after an upgrade of Java under the running agent, ends the agent, so that systemd starts it again.
     */
    private static void read(Logs logs) {
        try {
            logs.run();
        } catch (Error e) {
            log.error("cannot read logs any more; the agent ends, so that it is started again: {}", e.toString());
            Thread end = new Thread(() -> {
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(STOP_SECONDS));
                // An agent that reads no logs must end, even if a part does not close.
                Runtime.getRuntime().halt(ExitCode.BUG);
            });
            end.setDaemon(true);
            end.start();
            throw e;
        }
    }

    private void save(Trust trust, HsqlStore store) throws IOException {
        List<Trusted> unstored;
        do {
            unstored = trust.unstored(TRUSTED_AT_ONCE);
            store.saveTrusted(unstored, clock.instant());
            trust.stored(unstored);
        } while (unstored.size() == TRUSTED_AT_ONCE);
    }

    private void saveAtLast(Trust trust, HsqlStore store) {
        try {
            save(trust, store);
        } catch (IOException e) {
            log.warn(
                    "could not save recently trusted addresses; they will be trusted again at their next login: {}",
                    e.getMessage());
        }
    }

    /**
     * Makes {@link #run} return, and waits at most ten seconds until it has closed everything. Any thread may call.
     *
     * @return whether the agent was running and has closed everything
     */
    public boolean stop() {
        if (ended.getCount() == 0) {
            return false;
        }
        synchronized (this) {
            stopping = true;
            if (reading != null) {
                reading.stop();
            }
        }
        try {
            if (ended.await(STOP_SECONDS, TimeUnit.SECONDS)) {
                return true;
            }
            log.warn("could not close everything within {} s; the agent ends all the same", STOP_SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    /**
     * Reads the configuration again as soon as the agent runs, as {@code sipward reload} does, and logs the result. A
     * configuration with errors changes nothing. Any thread may call; calls that come while one waits for its turn are
     * served by that one.
     *
     * @param by what asks for it, for the log, such as {@code SIGHUP}
     */
    public void reload(String by) {
        if (reloadAwaited.getAndSet(true)) {
            return;
        }
        Commands ready = commands.join();
        synchronized (reloadAwaited) {
            reloadAwaited.set(false);
            log.info("{}: reading the configuration again", by);
            Answer answer = ready.answer(Map.of("command", "reload"));
            // The message has one line for each error in the configuration.
            answer.message().lines().forEach(line -> {
                if (answer.exit() == ExitCode.YES) {
                    log.info("{}: {}", by, line);
                } else {
                    log.error("{}: {}", by, line);
                }
            });
        }
    }

    private synchronized void willStop(Logs logs) {
        reading = logs;
        if (stopping) {
            logs.stop();
        }
    }

    private Firewall firewall() {
        return switch (backend()) {
            case NFTABLES -> Nftables.open(config.firewall().ports(), clock);
            case NONE -> DryRun.open();
        };
    }

    private Backend backend() {
        return dryRun ? Backend.NONE : config.firewall().backend();
    }

    /** Looks for changes of the allowlist and of own addresses. Returns the pause before the next look. */
    private static Duration lookAround(BanList bans) {
        long start = System.nanoTime();
        boolean changed = bans.allowlist().refresh();
        Duration taken = Duration.ofNanos(System.nanoTime() - start);
        if (changed) {
            bans.allowlistChanged();
        }
        return taken.compareTo(SWIFT) < 0 ? LOOK_AROUND : LOOK_AROUND_RARELY;
    }

    private void sayStart(BanList bans, Firewall firewall, ControlServer control) {
        log.info(
                "sipward runs: {}, {}, {} in force, firewall {}, commands on {}",
                Wording.count(config.jails().size(), "jail"),
                Wording.count(config.feeds().size(), "feed"),
                Wording.count(bans.count(), "ban"),
                bans.trouble().isEmpty() ? firewall.name() : firewall.name() + " (NOT WORKING)",
                control.socket());
    }

    private void sayStop(Firewall firewall) {
        if (backend() == Backend.NONE) {
            log.info("stopping; nothing is blocked, since the agent ran without a firewall");
        } else {
            log.info("stopping; what {} blocks stays blocked until its time is over", firewall.name());
        }
    }

    private Reloaded reload(BanList bans, Logs logs, Feeds feeds) throws ConfigException, IOException {
        Config fresh = reader.read();
        bans.allowlist()
                .configure(fresh.allowlist().entries(), fresh.allowlist().banPrivate());
        try {
            bans.allowlist().refresh(NEW_NAMES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        bans.allowlistChanged();
        logs.configure(fresh.jails());
        feeds.configure(fresh.feeds());
        List<String> later = new ArrayList<>();
        if (!fresh.firewall().equals(config.firewall())) {
            later.add("firewall");
        }
        if (!fresh.store().equals(config.store())) {
            later.add("store");
        }
        if (!fresh.socket().equals(config.socket())) {
            later.add("socket");
        }
        Reloaded done = new Reloaded(
                fresh.jails().size(),
                fresh.feeds().size(),
                later,
                bans.allowlist().trouble());
        log.info("{}", done);
        return done;
    }

    /** Reads the configuration. */
    @FunctionalInterface
    public interface Reader {
        /** Returns the configuration as it is now. Throws all its errors at once. */
        Config read() throws ConfigException;
    }
}
