package org.sipward.ban;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The host names of the allowlist, with the known addresses of each: those of the last answer of the DNS and, before
 * the first answer, those from the store. Only {@link #await} waits for the DNS.
 *
 * <p>At most {@link #THREADS} threads look up names, each one name at a time. A lookup cannot be interrupted; only when
 * all threads hang do other names have to wait. From an answer, at most {@link #MAX_ADDRESSES} single addresses are
 * taken, and none that a packet cannot come from.
 *
 * <p>Thread-safe. Memory: at most {@link #MAX_NAMES} names, with 4 KB each. After a crash the store has the last
 * answer, or the one before it.
 */
public final class HostNames implements Closeable {
    /** The most names. Further names are not looked up, and {@link #trouble} says so. */
    static final int MAX_NAMES = 1_000;

    /** The most addresses of one name. */
    public static final int MAX_ADDRESSES = 64;

    static final int THREADS = 8;

    private static final Logger log = LoggerFactory.getLogger(HostNames.class);
    private static final int MAX_SHOWN = 3;
    private static final int MAX_TROUBLE = 10;
    private static final int IDLE_SECONDS = 10;

    private final NameStore store;
    private final Resolver resolver;
    private final ThreadPoolExecutor pool;
    private final Map<String, Name> names = new TreeMap<>();
    private final Map<String, List<IpAddress>> stored = new HashMap<>();
    private final Set<String> refused = new HashSet<>();
    private Runnable changed = () -> {};

    /** Asks the system's resolver, and begins with the addresses in the store. An unreadable store is logged. */
    public HostNames(NameStore store) {
        this(
                store,
                name -> Arrays.stream(InetAddress.getAllByName(name))
                        .map(IpAddress::of)
                        .toList());
    }

    HostNames(NameStore store, Resolver resolver) {
        this.store = store;
        this.resolver = resolver;
        this.pool = new ThreadPoolExecutor(
                THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> {
                    Thread thread = new Thread(work, "sipward-names");
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        try {
            stored.putAll(store.names());
        } catch (IOException e) {
            log.warn(
                    "allowlist: cannot read stored addresses, host names allow nothing until looked up: {}",
                    e.getMessage());
        }
    }

    /** Makes host names that keep nothing over a restart. */
    public static HostNames unstored() {
        return new HostNames(new NameStore() {
            @Override
            public Map<String, List<IpAddress>> names() {
                return Map.of();
            }

            @Override
            public void saveName(String name, List<IpAddress> addresses) {}

            @Override
            public void forgetNames(Collection<String> forgotten) {}
        });
    }

    /** Runs this listener, in any thread, each time the addresses of a name have changed. */
    public synchronized void onChange(Runnable listener) {
        changed = listener;
    }

    /** Returns the known networks of a name. Starts a lookup if the name is new. */
    synchronized List<Network> networks(String text) {
        String name = key(text);
        Name found = names.get(name);
        if (found == null) {
            if (names.size() >= MAX_NAMES) {
                refused.add(name);
                return List.of();
            }
            found = new Name(stored.getOrDefault(name, List.of()));
            names.put(name, found);
            ask(name, found);
        }
        return found.known.stream().map(Network::host).toList();
    }

    /** Forgets all names that are no longer configured. */
    void keepOnly(Collection<String> configured) {
        Set<String> keys = new HashSet<>();
        configured.forEach(name -> keys.add(key(name)));
        Set<String> gone;
        synchronized (this) {
            names.keySet().retainAll(keys);
            refused.retainAll(keys);
            refused.removeAll(names.keySet());
            gone = new HashSet<>(stored.keySet());
            gone.removeAll(keys);
        }
        if (gone.isEmpty()) {
            return;
        }
        try {
            store.forgetNames(gone);
            synchronized (this) {
                stored.keySet().removeAll(gone);
            }
        } catch (IOException e) {
            log.debug("allowlist: cannot delete names that are no longer configured, will retry: {}", e.getMessage());
        }
    }

    /** Starts to look up all names again, except those that are being looked up. Returns at once. */
    public synchronized void lookUp() {
        names.forEach(this::ask);
    }

    /** Starts to look up those names again whose last lookup failed. Returns at once. */
    public synchronized void retry() {
        names.forEach((name, state) -> {
            if (!state.problem.isEmpty()) {
                ask(name, state);
            }
        });
    }

    /** Waits for running lookups, but no longer than {@code patience}. Returns whether all are done. */
    synchronized boolean await(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (names.values().stream().anyMatch(name -> name.asked)) {
            long rest = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
            if (rest <= 0) {
                return false;
            }
            wait(rest);
        }
        return true;
    }

    /** Returns a message for each name with a problem; empty when all is well. */
    synchronized List<String> trouble() {
        List<String> trouble = new ArrayList<>();
        names.forEach((name, state) -> {
            String still = state.known.isEmpty()
                    ? "it allows nothing"
                    : "the addresses of the last answer stay allowed: " + shown(state.known);
            if (!state.problem.isEmpty()) {
                trouble.add(name + " cannot be looked up (" + state.problem + "), " + still);
            } else if (state.known.isEmpty()) {
                trouble.add(name + " is being looked up, it allows nothing yet");
            } else if (state.left > 0) {
                trouble.add(
                        name + " has more than " + MAX_ADDRESSES + " addresses, " + state.left + " are not allowed");
            }
        });
        int more = trouble.size() - MAX_TROUBLE;
        if (more > 0) {
            trouble.subList(MAX_TROUBLE, trouble.size()).clear();
            trouble.add(more + " more names have such problems");
        }
        if (!refused.isEmpty()) {
            trouble.add("more than " + MAX_NAMES + " host names: the rest are not looked up and allow nothing");
        }
        return trouble;
    }

    /** Does not wait for running lookups. Their answers are ignored. */
    @Override
    public void close() {
        pool.shutdownNow();
    }

    private synchronized void ask(String name, Name state) {
        if (state.asked) {
            return;
        }
        try {
            pool.execute(() -> lookUp(name, state));
            state.asked = true;
        } catch (RejectedExecutionException closed) {
            log.debug("{} is not looked up any more", name);
        }
    }

    private void lookUp(String name, Name state) {
        List<IpAddress> found = List.of();
        String problem = "";
        int left = 0;
        try {
            List<IpAddress> answer = resolver.addresses(name);
            List<IpAddress> sources = answer.stream()
                    .filter(HostNames::canBeASource)
                    .distinct()
                    .sorted()
                    .toList();
            found = sources.subList(0, Math.min(sources.size(), MAX_ADDRESSES));
            left = sources.size() - found.size();
            if (found.isEmpty()) {
                problem = "no address in the answer: " + shown(answer);
            }
        } catch (IOException | RuntimeException e) {
            // Java's message mostly repeats the name.
            String message = String.valueOf(e.getMessage());
            problem = message.startsWith(name + ": ") ? message.substring(name.length() + 2) : "no answer";
        }
        boolean isNew = answered(name, state, found, left, problem);
        try {
            if (isNew) {
                changedNow().run();
            }
            save(name, state);
        } finally {
            synchronized (this) {
                state.asked = false;
                notifyAll();
            }
        }
    }

    /** Returns whether the known addresses have changed. */
    private synchronized boolean answered(String name, Name state, List<IpAddress> found, int left, String problem) {
        if (names.get(name) != state) {
            return false;
        }
        if (!problem.isEmpty() && state.problem.isEmpty()) {
            log.warn(
                    "allowlist: {} cannot be looked up ({}), the {} addresses of the last answer stay allowed",
                    name,
                    problem,
                    state.known.size());
        } else if (problem.isEmpty() && !state.problem.isEmpty()) {
            log.info("allowlist: {} can be looked up again", name);
        }
        state.problem = problem;
        state.left = left;
        if (!problem.isEmpty() || found.equals(state.known)) {
            return false;
        }
        if (!state.known.isEmpty()) {
            log.info("allowlist: {} is now {}, was {}", name, shown(found), shown(state.known));
        }
        state.known = found;
        return true;
    }

    private void save(String name, Name state) {
        List<IpAddress> known;
        List<IpAddress> before;
        synchronized (this) {
            known = state.known;
            before = stored.getOrDefault(name, List.of());
            if (names.get(name) != state || known.equals(before)) {
                return;
            }
            stored.put(name, known);
        }
        try {
            store.saveName(name, known);
        } catch (IOException e) {
            synchronized (this) {
                stored.put(name, before);
            }
            log.debug("allowlist: cannot store the addresses of {}, will retry: {}", name, e.getMessage());
        }
    }

    private synchronized Runnable changedNow() {
        return changed;
    }

    private static String key(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    /** Resolvers that block a name answer 0.0.0.0. Allowing loopback, multicast or reserved addresses is useless. */
    private static boolean canBeASource(IpAddress address) {
        if (address.isV4()) {
            int first = (int) (address.low() >>> 24) & 0xff;
            return first != 0 && first != 127 && first < 224;
        }
        return address.high() != 0 && address.high() >>> 56 != 0xff;
    }

    private static String shown(List<IpAddress> addresses) {
        List<String> first =
                addresses.stream().limit(MAX_SHOWN).map(IpAddress::toString).toList();
        int more = addresses.size() - first.size();
        return String.join(" ", first) + (more > 0 ? " and " + more + " more" : "");
    }

    /** Asks the DNS. */
    @FunctionalInterface
    interface Resolver {
        /** Returns the addresses of a name. May take any time. */
        List<IpAddress> addresses(String name) throws IOException;
    }

    /** The state of a name; guarded by the monitor. */
    private static final class Name {
        private List<IpAddress> known;
        private String problem = "";
        /** How many addresses of the last answer were left out because there were too many. */
        private int left;

        private boolean asked;

        private Name(List<IpAddress> known) {
            this.known = known;
        }
    }
}
