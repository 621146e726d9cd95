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
 * The host names of the allowlist, and the addresses that are known for each: those of the last answer of the DNS, and
 * before the first answer those that the store knew. Nobody waits for the DNS but {@link #await}.
 *
 * <p>Each name is looked up by itself, by one of at most {@link #THREADS} threads: a lookup cannot be interrupted, and so
 * many may hang at once before other names wait. What the DNS says is believed for the name alone: at most
 * {@link #MAX_ADDRESSES} single addresses, and none that a packet cannot come from.
 *
 * <p>Thread-safe. Memory: at most {@link #MAX_NAMES} names, with 4 KB each. After a crash the store knows what was in force,
 * or the answer before it.
 */
public final class HostNames implements Closeable {
    /** The most names; beyond it names are not looked up, which {@link #trouble} tells. */
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

    /** Makes one that asks the system's resolver, and knows what the store knows; that it cannot be read is logged. */
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
            log.warn("allowlist: addresses of names from before the start are not known: {}", e.getMessage());
        }
    }

    /** Makes one that keeps nothing over a restart. */
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

    /** Has this run, by any thread, each time the addresses of a name have changed. */
    public synchronized void onChange(Runnable listener) {
        changed = listener;
    }

    /** Returns the networks that are known for a name. One that is new here begins to be looked up. */
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

    /** Forgets all names but these, which are all that are configured. */
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
            log.debug("allowlist: names that are no longer configured are forgotten later: {}", e.getMessage());
        }
    }

    /** Begins to look all names up again, but for those that are being looked up. Returns at once. */
    public synchronized void lookUp() {
        names.forEach(this::ask);
    }

    /** Begins to look those names up again for which the last lookup found nothing. Returns at once. */
    public synchronized void retry() {
        names.forEach((name, state) -> {
            if (!state.problem.isEmpty()) {
                ask(name, state);
            }
        });
    }

    /** Waits until no name is being looked up, but no longer than this. Returns whether none is. */
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

    /** Returns in words which names yield nothing now; empty when all is well. */
    synchronized List<String> trouble() {
        List<String> trouble = new ArrayList<>();
        names.forEach((name, state) -> {
            String still = state.known.isEmpty()
                    ? "nothing is allowed for it"
                    : "the addresses known from before stay allowed: " + shown(state.known);
            if (!state.problem.isEmpty()) {
                trouble.add(name + " cannot be looked up (" + state.problem + "), " + still);
            } else if (state.known.isEmpty()) {
                trouble.add(name + " is being looked up, and nothing is allowed for it yet");
            } else if (state.left > 0) {
                trouble.add(
                        name + " has more than " + MAX_ADDRESSES + " addresses, " + state.left + " are not allowed");
            }
        });
        int more = trouble.size() - MAX_TROUBLE;
        if (more > 0) {
            trouble.subList(MAX_TROUBLE, trouble.size()).clear();
            trouble.add(more + " more names yield nothing");
        }
        if (!refused.isEmpty()) {
            trouble.add("more than " + MAX_NAMES + " host names: the others are not looked up");
        }
        return trouble;
    }

    /** Does not wait for lookups; what they find is not heard of any more. */
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
            // Java's own message is mostly the name once more.
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

    /** Returns whether other addresses are known now. */
    private synchronized boolean answered(String name, Name state, List<IpAddress> found, int left, String problem) {
        if (names.get(name) != state) {
            return false;
        }
        if (!problem.isEmpty() && state.problem.isEmpty()) {
            log.warn(
                    "allowlist: {} cannot be looked up ({}), {} addresses known from before stay",
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
            log.debug("allowlist: addresses of {} are stored later: {}", name, e.getMessage());
        }
    }

    private synchronized Runnable changedNow() {
        return changed;
    }

    private static String key(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    /** Blocking resolvers answer 0.0.0.0; allowing loopback, multicast or reserved addresses protects nobody. */
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
        /** Returns the addresses of a name; may take as long as it likes. */
        List<IpAddress> addresses(String name) throws IOException;
    }

    /** What is known of a name; guarded by the monitor. */
    private static final class Name {
        private List<IpAddress> known;
        private String problem = "";
        /** How many addresses of the last answer were too many. */
        private int left;

        private boolean asked;

        private Name(List<IpAddress> known) {
            this.known = known;
        }
    }
}
