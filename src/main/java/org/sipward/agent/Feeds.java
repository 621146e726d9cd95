package org.sipward.agent;

import java.io.Closeable;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.sipward.ban.Ban;
import org.sipward.ban.BanList;
import org.sipward.ban.Origin;
import org.sipward.config.Config.FeedConfig;
import org.sipward.feed.Feed;
import org.sipward.feed.FeedSettings;
import org.sipward.feed.FeedStatus;
import org.sipward.feed.FeedTarget;
import org.sipward.feed.ListCheck;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;
import org.sipward.store.CursorStore;

/**
 * Polls the configured feeds, each in its own task, and tells the state of each. Thread-safe.
 */
final class Feeds implements Closeable {
    private final BanList bans;
    private final Spared spared;
    private final CursorStore cursors;
    private final Tasks tasks;
    private final SpareMemory memory;
    private final Clock clock;
    private Map<FeedConfig, Polling> pollings = Map.of();

    Feeds(BanList bans, Spared spared, CursorStore cursors, Tasks tasks, SpareMemory memory, Clock clock) {
        this.bans = bans;
        this.spared = spared;
        this.cursors = cursors;
        this.tasks = tasks;
        this.memory = memory;
        this.clock = clock;
    }

    /** Polls these feeds from now on, and no others. A feed whose configuration is unchanged goes on undisturbed. */
    synchronized void configure(List<FeedConfig> configs) {
        Map<FeedConfig, Polling> fresh = new LinkedHashMap<>();
        for (FeedConfig config : configs) {
            Polling running = pollings.get(config);
            fresh.put(config, running == null ? begin(config) : running);
        }
        pollings.forEach((config, polling) -> {
            if (!fresh.containsKey(config)) {
                polling.feed().close();
            }
        });
        pollings = fresh;
    }

    private Polling begin(FeedConfig config) {
        FeedSettings settings = new FeedSettings(
                config.name(), config.url(), config.keyFile(), config.set(), config.every(), config.bantime());
        Feed feed = new Feed(settings, target(config.name()), clock, new Random());
        // The first run waits until configure has returned, and then finds its feed among the others.
        Tasks.Task task = tasks.repeat(Duration.ZERO, "feed " + config.name(), () -> step(feed));
        return new Polling(feed, task);
    }

    private Duration step(Feed feed) {
        if (!isCurrent(feed)) {
            return Tasks.END;
        }
        Duration pause = feed.step();
        if (!pause.isZero()) {
            memory.giveBack();
            memory.workDone();
        }
        return pause;
    }

    /** Returns the state of each feed, in the order of the configuration. */
    synchronized List<FeedStatus> status() {
        return feeds().stream().map(Feed::status).toList();
    }

    /**
     * Has all lists fetched now, without waiting for them.
     *
     * @param force whether to read them whole, from their beginning
     * @return the names of the feeds; empty if none is configured
     */
    synchronized List<String> sync(boolean force) {
        for (Polling polling : pollings.values()) {
            polling.feed().sync(force);
            polling.task().hurry();
        }
        return pollings.keySet().stream().map(FeedConfig::name).toList();
    }

    /** Asks the server of each feed whether it lists an address. Returns the answers, none if no feed is configured. */
    List<Check> check(IpAddress address) {
        // Not synchronized: a server may take its time, and nothing else should wait for it.
        return feeds().stream()
                .map(feed -> new Check(feed.status().name(), address, feed.check(address)))
                .toList();
    }

    @Override
    public synchronized void close() {
        feeds().forEach(Feed::close);
        pollings = Map.of();
    }

    private synchronized boolean isCurrent(Feed feed) {
        return feeds().contains(feed);
    }

    private synchronized List<Feed> feeds() {
        return pollings.values().stream().map(Polling::feed).toList();
    }

    private FeedTarget target(String name) {
        Origin origin = Origin.feed(name);
        String cursor = "feed:" + name;
        return new FeedTarget() {
            @Override
            public int add(Collection<Ban> added) throws IOException {
                Map<Ban, String> refused = bans.impose(added);
                spared.listed(added, refused);
                if (!bans.isStored()) {
                    throw new IOException("the list is in force, but the store fails");
                }
                return refused.size();
            }

            @Override
            public void remove(Collection<Network> networks) {
                bans.unlist(origin, networks);
            }

            @Override
            public Collection<Network> held() {
                return bans.heldBy(origin);
            }

            @Override
            public Optional<String> load() throws IOException {
                return cursors.cursor(cursor);
            }

            @Override
            public void save(String text) throws IOException {
                cursors.saveCursor(cursor, text);
            }
        };
    }

    /**
     * Whether a feed lists an address.
     *
     * @param feed its name
     */
    record Check(String feed, IpAddress address, ListCheck answer) {}

    /** A feed and the task that polls it. */
    private record Polling(Feed feed, Tasks.Task task) {}
}
