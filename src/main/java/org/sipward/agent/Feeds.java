package org.sipward.agent;

import java.io.Closeable;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.sipward.ban.Ban;
import org.sipward.ban.BanList;
import org.sipward.ban.Origin;
import org.sipward.config.Config.FeedConfig;
import org.sipward.control.Answer;
import org.sipward.control.ExitCode;
import org.sipward.feed.Feed;
import org.sipward.feed.FeedSettings;
import org.sipward.feed.FeedStatus;
import org.sipward.feed.FeedTarget;
import org.sipward.feed.ListCheck;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;
import org.sipward.store.CursorStore;

/**
 * Polls the configured feeds, each on a task of its own, and answers what the operator asks about them.
 *
 * <p>Thread-safe.
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

    /** Polls these feeds from now on, and no others. One whose configuration is as before goes on as it is. */
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
        // Its first run waits until configure is over, and then finds it among the others.
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
        }
        return pause;
    }

    synchronized List<Map<String, Object>> status() {
        return feeds().stream().map(feed -> row(feed.status())).toList();
    }

    synchronized Answer sync(boolean force) {
        if (pollings.isEmpty()) {
            return noFeed();
        }
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Polling polling : pollings.values()) {
            polling.feed().sync(force);
            polling.task().hurry();
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("name", polling.feed().status().name());
            row.put("result", "fetching");
            rows.add(row);
        }
        String message = "fetching " + JsonRows.count(rows.size(), "list") + "; see 'sipward feed status'";
        return new Answer(ExitCode.YES, rows, message);
    }

    Answer check(IpAddress address) {
        List<Feed> asked;
        synchronized (this) {
            asked = feeds();
        }
        if (asked.isEmpty()) {
            return noFeed();
        }
        List<Map<String, Object>> rows = new ArrayList<>();
        boolean listed = false;
        boolean unknown = false;
        for (Feed feed : asked) {
            ListCheck listing = feed.check(address);
            listed |= listing.verdict() == ListCheck.Verdict.LISTED;
            unknown |= listing.verdict() == ListCheck.Verdict.UNKNOWN;
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("feed", feed.status().name());
            row.put("address", address);
            row.put("answer", listing.verdict().name().toLowerCase(Locale.ROOT).replace('_', ' '));
            row.put("reason", listing.reason());
            rows.add(row);
        }
        // A server that gave no answer has not said that it does not list the address.
        return new Answer(listed ? 0 : unknown ? ExitCode.UNAVAILABLE : 1, rows, "");
    }

    private static Answer noFeed() {
        return new Answer(
                ExitCode.CONFIGURATION, List.of(), "no feed is configured; write one below feeds: and reload");
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

    private static Map<String, Object> row(FeedStatus status) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("name", status.name());
        row.put("state", status.word());
        row.put("healthy", status.healthy());
        row.put("host", status.host());
        row.put("set", status.set());
        row.put("version", status.version());
        row.put("held", status.held());
        row.put("listed", status.listed());
        row.put("taken", status.taken());
        row.put("cursor", status.cursor());
        row.put("success", status.lastSuccess().map(JsonRows::time));
        row.put("full", status.lastFull().map(JsonRows::time));
        row.put("next", JsonRows.time(status.next()));
        row.put("problem", status.lastProblem().map(FeedStatus.Problem::words));
        row.put("malformed", status.refused().malformed());
        row.put("local", status.refused().local());
        row.put("wide", status.refused().wide());
        row.put("allowed", status.refused().allowed());
        row.put("expired", status.refused().expired());
        return row;
    }

    /** A feed and the task that polls it. */
    private record Polling(Feed feed, Tasks.Task task) {}
}
