package org.sipward.cli;

import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.ToLongFunction;
import org.sipward.agent.ConfiguredJail;
import org.sipward.ban.Allowlist;
import org.sipward.ban.Ban;
import org.sipward.config.Config;
import org.sipward.control.ExitCode;
import org.sipward.control.Json;
import org.sipward.jail.Jail;
import org.sipward.jail.Trust;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "replay",
        description =
                "Judges old logs by their own time stamps: shows who would be banned, when and why. All jails judge every log. Changes nothing. Exit code 1 if nobody would be banned, 64 or 77 if a log could not be read.")
final class ReplayCommand implements Callable<Integer> {
    @Mixin
    private ConfigOption config;

    @Parameters(
            arity = "1..*",
            paramLabel = "LOG",
            description =
                    "Logs, plain or gzipped. Several logs are judged in this order as one log: name the oldest first.")
    private List<Path> logs = List.of();

    @Mixin
    private JsonOption format;

    @Option(names = "--summary", description = "Show only the summary by address, not each ban.")
    private boolean onlySummary;

    private final Progress progress = new Progress();
    private final ReplaySummary summary = new ReplaySummary();

    @Override
    public Integer call() throws InterruptedException {
        Config checked = config.read().config();
        Allowlist allowlist =
                new Allowlist(checked.allowlist().entries(), checked.allowlist().banPrivate());
        allowlist.refresh(ExplainCommand.NAMES);
        Trust trust = new Trust();
        List<Jail> jails = checked.jails().stream()
                .map(jail -> ConfiguredJail.of(jail, trust))
                .toList();
        Replay replay = new Replay(jails, allowlist, this::show);
        Map<Path, Long> lines = new HashMap<>();
        int unread = OldLogs.read(logs, progress, (path, number, line) -> {
            lines.put(path, number);
            replay.judge(path, line);
        });
        replay.end();
        if (!format.json) {
            summary.print(System.out);
            long failures = ofEachFilter(checked, jails, Jail::failures);
            long suspicious = ofEachFilter(checked, jails, Jail::suspicious);
            long count = lines.values().stream().mapToLong(Long::longValue).sum();
            System.out.println(Text.count(count, "line") + ", " + Text.count(failures, "failure") + ", " + suspicious
                    + " suspicious, " + Text.count(summary.bans(), "ban"));
        }
        if (unread != ExitCode.YES) {
            return unread;
        }
        return summary.bans() > 0 ? ExitCode.YES : ExitCode.NO;
    }

    /** Returns a sum over the filters, not over the jails: all jails with the same filter have seen the same lines. */
    private static long ofEachFilter(Config config, List<Jail> jails, ToLongFunction<Jail> count) {
        Map<String, Long> counts = new HashMap<>();
        for (int i = 0; i < jails.size(); i++) {
            counts.merge(config.jails().get(i).filter().name(), count.applyAsLong(jails.get(i)), Math::max);
        }
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private void show(Replay.Outcome outcome) {
        if (outcome.ban().isEmpty()) {
            if (!format.json && !onlySummary) {
                progress.println(outcome.verdict().request().time() + " not banned "
                        + outcome.verdict().request().network() + " (" + outcome.refused() + ")");
            }
            return;
        }
        Ban ban = outcome.ban().get();
        summary.add(ban, outcome.verdict().failures());
        if (format.json) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("address", outcome.verdict().request().address());
            row.put("network", ban.network());
            row.put("jail", ban.origin().name());
            row.put("time", ban.since().truncatedTo(ChronoUnit.SECONDS));
            row.put("until", end(ban).map(until -> until.truncatedTo(ChronoUnit.SECONDS)));
            row.put("failures", outcome.verdict().failures());
            row.put("patterns", outcome.verdict().patterns());
            row.put("reason", ban.reason());
            progress.println(Json.line(row));
        } else if (!onlySummary) {
            progress.println(ban.since() + " ban " + ban.network()
                    + end(ban).map(until -> " until " + until).orElse(" permanently") + " (" + ban.origin()
                    + (ban.count() == 0 ? ", short ban: " : ", no. " + ban.count() + ": ") + ban.reason() + ")");
        }
    }

    private static Optional<Instant> end(Ban ban) {
        return ban.until().equals(Ban.FOREVER) ? Optional.empty() : Optional.of(ban.until());
    }
}
