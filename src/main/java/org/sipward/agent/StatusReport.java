package org.sipward.agent;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.sipward.ban.Ban;
import org.sipward.ban.BanList;
import org.sipward.ban.Difference;
import org.sipward.ban.Firewall;
import org.sipward.feed.FeedStatus;
import org.sipward.jail.Jail;
import org.sipward.jail.Trust;
import org.sipward.status.AgentStatus;
import org.sipward.status.JailStatus;
import org.sipward.status.LogStatus;

/**
 * Collects the state of the whole agent, with everything that the operator should look after. Thread-safe, as the parts
 * that it asks are.
 */
final class StatusReport {
    private final BanList bans;
    private final Firewall firewall;
    private final Logs logs;
    private final Feeds feeds;
    private final Trust trust;
    private final List<Tasks> tasks;
    private final Clock clock;
    private final Instant start;
    private final InTime kernel = new InTime("sipward-kernel", Commands.WAIT);

    StatusReport(BanList bans, Firewall firewall, Logs logs, Feeds feeds, Trust trust, List<Tasks> tasks, Clock clock) {
        this.bans = bans;
        this.firewall = firewall;
        this.logs = logs;
        this.feeds = feeds;
        this.trust = trust;
        this.tasks = tasks;
        this.clock = clock;
        this.start = clock.instant();
    }

    AgentStatus now() throws IOException {
        List<Ban> inForce = bans.bans();
        Map<String, Integer> byOrigin = new TreeMap<>();
        inForce.forEach(ban -> byOrigin.merge(ban.origin().toString(), 1, Integer::sum));
        Optional<Difference> difference = kernel.ask(bans::difference);
        List<LogStatus> sources = logs.reading().stream().map(Pipeline::status).toList();
        List<FeedStatus> lists = feeds.status();
        Instant now = clock.instant();
        return new AgentStatus(
                start,
                Duration.between(start, now),
                firewall.name(),
                inForce.size(),
                difference.map(found -> inForce.size() - found.missing().size()),
                byOrigin,
                trust.count(now),
                logs.jails().stream().map(StatusReport::status).toList(),
                sources,
                lists,
                trouble(difference, sources, lists));
    }

    private static JailStatus status(Jail jail) {
        return new JailStatus(jail.name(), jail.failures(), jail.suspicious(), jail.tracked());
    }

    private List<String> trouble(Optional<Difference> difference, List<LogStatus> sources, List<FeedStatus> lists) {
        List<String> trouble = new ArrayList<>(bans.trouble());
        if (difference.isEmpty()) {
            trouble.add("it is not known what the kernel holds: the firewall or the store does not answer");
        }
        Difference found = difference.orElse(Difference.NONE);
        List<Ban> missing = found.missing();
        if (!missing.isEmpty()) {
            trouble.add(Wording.count(missing.size(), "ban") + " not in the kernel yet, such as "
                    + missing.get(0).network() + "; will retry");
        }
        bans.allowlist().trouble().forEach(what -> trouble.add("allowlist: " + what));
        trouble.addAll(logs.trouble());
        bans.losses().forEach(what -> trouble.add("store: " + what));
        found.strange().forEach(what -> trouble.add("firewall: " + what));
        // The shipped configuration names logs of several servers. Most of them are missing here, but not all should
        // be.
        if (!sources.isEmpty() && sources.stream().allMatch(LogStatus::isNotThere)) {
            trouble.add("none of the logs is there");
        }
        tasks.forEach(some -> trouble.addAll(some.trouble()));
        for (Jail jail : logs.jails()) {
            jail.trouble(clock.instant()).ifPresent(words -> trouble.add("jail " + jail.name() + ": " + words));
        }
        sources.stream()
                .filter(LogStatus::isFailing)
                .forEach(source -> trouble.add(source.name() + ": " + source.trouble()));
        lists.stream().filter(feed -> !feed.healthy()).forEach(feed -> trouble.add(words(feed)));
        return List.copyOf(trouble);
    }

    private static String words(FeedStatus feed) {
        String problem = feed.lastProblem().map(found -> ": " + found.words()).orElse("");
        return "feed " + feed.name() + ": " + feed.word() + problem;
    }
}
