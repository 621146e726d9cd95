package org.sipward.cli;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import org.sipward.agent.ConfiguredJail;
import org.sipward.ban.Allowlist;
import org.sipward.config.Config;
import org.sipward.config.JailConfig;
import org.sipward.control.ExitCode;
import org.sipward.control.Json;
import org.sipward.filter.LogReader;
import org.sipward.filter.Match;
import org.sipward.jail.Jail;
import org.sipward.jail.Trust;
import org.sipward.net.Network;
import org.sipward.source.Line;
import org.sipward.yaml.Durations;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
        name = "explain",
        description =
                "Shows how each jail judges one line: its time, the pattern, the address, whether the address is allowed, and the verdict. Exit code 1 if no jail counts the line as a failure.")
final class ExplainCommand implements Callable<Integer> {
    /** How long resolving the host names of the allowlist may take. */
    static final Duration NAMES = Duration.ofSeconds(5);

    @Mixin
    private ConfigOption config;

    @Mixin
    private JsonOption format;

    @Parameters(paramLabel = "LINE", description = "The log line, in quotes.")
    private String text;

    @Override
    public Integer call() throws InterruptedException {
        Config checked = config.read().config();
        Allowlist allowlist =
                new Allowlist(checked.allowlist().entries(), checked.allowlist().banPrivate());
        allowlist.refresh(NAMES);
        long now = Clock.systemUTC().millis();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        Line line = new Line();
        line.set(bytes, 0, bytes.length, now, false);
        boolean counted = false;
        boolean matched = false;
        List<Map<String, Object>> silent = new ArrayList<>();
        for (JailConfig jail : checked.jails()) {
            LogReader reader = jail.filter().reader(jail.zone());
            Optional<Match> match = reader.match(line);
            counted |= match.filter(found -> found.kind() == Match.Kind.FAILURE).isPresent();
            matched |= match.isPresent();
            Map<String, Object> row = explain(jail, reader.stamp(line), match, allowlist);
            if (match.isPresent() || format.json) {
                print(row);
            } else {
                silent.add(row);
            }
        }
        // If one jail matches the line, the jails that do not match it are not worth showing.
        if (!matched) {
            silent.forEach(this::print);
        }
        return counted ? ExitCode.YES : ExitCode.NO;
    }

    private void print(Map<String, Object> row) {
        if (format.json) {
            System.out.println(Json.line(row));
        } else {
            row.forEach((key, value) -> System.out.printf("%-10s %s%n", key, Text.value(value)));
            System.out.println();
        }
    }

    private static Map<String, Object> explain(
            JailConfig jail, OptionalLong stamp, Optional<Match> match, Allowlist allowlist) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("jail", jail.name());
        row.put("time", stamp.isPresent() ? Optional.of(Instant.ofEpochMilli(stamp.getAsLong())) : Optional.empty());
        if (match.isEmpty()) {
            String word = jail.filter().hasSecretWord() ? ", or its time stamp lacks the secret word" : "";
            row.put("verdict", "no pattern matches" + word + ": not counted");
            return row;
        }
        Match found = match.get();
        row.put("kind", found.kind().name().toLowerCase(Locale.ROOT));
        row.put("pattern", found.pattern());
        found.address().ifPresent(address -> row.put("address", address));
        found.claims().user().ifPresent(user -> row.put("user", Text.shown(user, 200)));
        row.put("verdict", verdict(jail, found, allowlist));
        return row;
    }

    private static String verdict(JailConfig jail, Match match, Allowlist allowlist) {
        if (match.address().isEmpty()) {
            return "suspicious: no single address can be read with certainty, so it counts against nobody";
        }
        Network network = allowlist.bannedFor(match.address().get());
        if (match.kind() == Match.Kind.SUCCESS) {
            String trusted = jail.trust()
                    .map(trust -> ", and makes it trusted for " + Durations.format(trust.time()))
                    .orElse("");
            return "a success: clears the failures counted against " + network + trusted;
        }
        Optional<String> allowed = allowlist.reason(match.address().get());
        Jail fresh = ConfiguredJail.of(jail, new Trust());
        fresh.trustStamps();
        Optional<String> atOnce =
                fresh.judge(match).map(verdict -> verdict.request().reason());
        int weight = fresh.weight(match);
        String tool = weight > match.weight() ? " (names an attack tool, counts twice)" : "";
        String counts = atOnce.map(reason -> "is enough by itself (" + reason + ") to ban " + network)
                .orElse("counts " + weight + " of " + jail.maxretry() + tool + " against " + network);
        return counts
                + (match.proven() ? "" : " (unproven: one packet with a forged source can cause this line)")
                + allowed.map(reason -> ", which is never banned: " + reason).orElse("");
    }
}
