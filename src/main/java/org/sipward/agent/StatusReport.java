package org.sipward.agent;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.sipward.ban.Ban;
import org.sipward.ban.BanList;
import org.sipward.ban.Difference;
import org.sipward.ban.Firewall;
import org.sipward.control.Answer;
import org.sipward.jail.Jail;
import org.sipward.jail.Trust;
import org.sipward.source.SourceState;

/** Says how the agent does: one row, and exit code 1 if the operator should look after something. */
final class StatusReport implements Commands.Status {
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

    @Override
    public Answer answer() throws IOException {
        List<Ban> inForce = bans.bans();
        Map<String, Integer> byOrigin = new TreeMap<>();
        inForce.forEach(ban -> byOrigin.merge(ban.origin().toString(), 1, Integer::sum));
        Optional<Difference> asked = kernel.ask(bans::difference);
        Difference difference = asked.orElse(Difference.NONE);
        List<Ban> unenforced = difference.missing();
        List<String> trouble = new ArrayList<>(bans.trouble());
        if (asked.isEmpty()) {
            trouble.add("it is not known what the kernel holds: the firewall or the store does not answer");
        }
        if (!unenforced.isEmpty()) {
            trouble.add(JsonRows.count(unenforced.size(), "ban") + " not in the kernel yet, such as "
                    + unenforced.get(0).network() + "; will retry");
        }
        bans.allowlist().trouble().forEach(what -> trouble.add("allowlist: " + what));
        trouble.addAll(logs.trouble());
        bans.losses().forEach(what -> trouble.add("store: " + what));
        difference.strange().forEach(what -> trouble.add("firewall: " + what));
        List<Pipeline.Report> reports =
                logs.reading().stream().map(Pipeline::report).toList();
        // The usual configuration names logs of servers that are not here; but one of them should be.
        if (!reports.isEmpty()
                && reports.stream().allMatch(report -> report.state().kind() == SourceState.Kind.NOT_THERE)) {
            trouble.add("none of the logs is there");
        }
        tasks.stream().flatMap(some -> some.trouble().stream()).forEach(trouble::add);
        for (Jail jail : logs.jails()) {
            jail.trouble(clock.instant()).ifPresent(words -> trouble.add("jail " + jail.name() + ": " + words));
        }
        List<Map<String, Object>> reading =
                reports.stream().map(report -> row(report, trouble)).toList();
        List<Map<String, Object>> lists = feeds.status();
        for (Map<String, Object> feed : lists) {
            if (Boolean.FALSE.equals(feed.get("healthy"))) {
                String problem = feed.get("problem") instanceof Optional<?> words && words.isPresent()
                        ? ": " + words.orElseThrow()
                        : "";
                trouble.add("feed " + feed.get("name") + ": " + feed.get("state") + problem);
            }
        }
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("running", true);
        row.put("since", JsonRows.time(start));
        row.put("uptime", Duration.between(start, clock.instant()).toSeconds());
        row.put("firewall", firewall.name());
        row.put("bans", inForce.size());
        row.put("enforced", asked.map(any -> inForce.size() - unenforced.size()));
        row.put("origins", byOrigin);
        row.put("trusted", trust.count(clock.instant()));
        row.put("jails", logs.jails().stream().map(StatusReport::row).toList());
        row.put("logs", reading);
        row.put("feeds", lists);
        row.put("trouble", trouble);
        return new Answer(trouble.isEmpty() ? 0 : 1, List.of(row), "");
    }

    private static Map<String, Object> row(Jail jail) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("jail", jail.name());
        row.put("failures", jail.failures());
        row.put("suspicious", jail.suspicious());
        row.put("tracked", jail.tracked());
        return row;
    }

    private static Map<String, Object> row(Pipeline.Report report, List<String> trouble) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("log", report.name());
        row.put("jails", report.jails());
        row.put("lines", report.lines());
        row.put("bytes", report.bytes());
        row.put("dropped", report.dropped());
        if (report.faults() > 0) {
            row.put("faults", report.faults());
        }
        if (!report.trouble().isEmpty() && report.state().kind() != SourceState.Kind.NOT_THERE) {
            row.put("state", "failing");
            row.put("trouble", report.trouble());
            trouble.add(report.name() + ": " + report.trouble());
        } else {
            row.put("state", report.state().words());
        }
        return row;
    }
}
