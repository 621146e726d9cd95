package org.sipward.cli;

import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.sipward.config.FilterReader;
import org.sipward.control.ExitCode;
import org.sipward.control.Json;
import org.sipward.filter.Filter;
import org.sipward.filter.FilterSpec;
import org.sipward.filter.LogReader;
import org.sipward.filter.Match;
import org.sipward.source.Line;
import org.sipward.yaml.ConfigException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "test",
        description =
                "Shows what a filter matches in logs, line by line, and prints counts at the end. Exit code 1 if nothing matched.")
final class TestCommand implements Callable<Integer> {
    private static final int MAX_SHOWN_CHARS = 300;

    @Parameters(index = "0", paramLabel = "FILTER", description = "A filter's name, or the path of its file.")
    private String name;

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "LOG", description = "Logs, plain or gzipped.")
    private List<Path> logs = List.of();

    @Option(names = "--all", description = "Also show the lines that match nothing.")
    private boolean all;

    @Option(
            names = "--timezone",
            paramLabel = "ZONE",
            description = "Time zone of stamps that name none (default: this machine's).")
    private Optional<ZoneId> zone;

    @Option(
            names = "--program",
            paramLabel = "NAME",
            description = "The server's name in syslog or docker compose logs, if the filter does not know it.")
    private List<String> programs = List.of();

    @Mixin
    private JsonOption format;

    private final Progress progress = new Progress();
    private final Map<String, Integer> counts = new LinkedHashMap<>();
    private final Map<Match.Kind, Integer> kinds = new EnumMap<>(Match.Kind.class);
    private final OddLines unknown = new OddLines(MAX_SHOWN_CHARS);
    private final OddLines suspicious = new OddLines(MAX_SHOWN_CHARS);
    private final ContainerPrefixes prefixes = new ContainerPrefixes();
    private long ignored;
    private long lines;
    private long matched;

    @Override
    public Integer call() {
        Filter filter = filter().withPrograms(programs);
        ZoneId stampZone = zone.orElseGet(ZoneId::systemDefault);
        for (FilterSpec.Pattern pattern : filter.spec().patterns()) {
            counts.put(pattern.name(), 0);
        }
        OpenLog open = new OpenLog(filter, stampZone);
        int unread = OldLogs.read(logs, progress, (path, number, line) -> {
            boolean whole = line.part() == Line.Part.WHOLE;
            // A match may be reported later, when the line's buffer holds another line.
            String text = format.json ? "" : line.toString();
            boolean read = open.at(path).read(line, match -> show(path, number, text, match));
            lines += whole || read ? 1 : 0;
            if (!read && whole) {
                showUnmatched(open.reader, path, number, line);
            }
        });
        open.reader.end();
        if (!format.json && (lines > 0 || unread == ExitCode.YES)) {
            showCounts();
        }
        if (unread != ExitCode.YES) {
            return unread;
        }
        return matched > 0 ? ExitCode.YES : ExitCode.NO;
    }

    private Filter filter() {
        FilterReader reader = new FilterReader(
                Path.of("/etc/sipward"), List.of(ConfigOption.home().resolve("filters")));
        try {
            return name.contains("/") || name.endsWith(".yaml") ? reader.read(Path.of(name)) : reader.read(name);
        } catch (ConfigException e) {
            throw new CommandFailure(ExitCode.CONFIGURATION, String.valueOf(e.getMessage()));
        }
    }

    private void show(Path path, long number, String line, Match match) {
        matched++;
        counts.merge(match.pattern(), 1, Integer::sum);
        kinds.merge(match.kind(), 1, Integer::sum);
        String kind = match.kind().name().toLowerCase(Locale.ROOT);
        if (format.json) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("file", path);
            row.put("line", number);
            row.put("pattern", match.pattern());
            row.put("kind", kind);
            match.address().ifPresent(address -> row.put("address", address));
            match.time().ifPresent(time -> row.put("time", time));
            match.claims().user().ifPresent(user -> row.put("user", user));
            progress.println(Json.line(row));
            return;
        }
        String address = match.address().map(Object::toString).orElse("-");
        String time = match.time().map(Object::toString).orElse("no time stamp");
        String user = match.claims()
                .user()
                .map(text -> " user " + Text.shown(text, MAX_SHOWN_CHARS))
                .orElse("");
        if (match.kind() == Match.Kind.SUSPICIOUS) {
            prefixes.add(line);
            suspicious.add(path, number, match.pattern() + ": ", line);
        }
        progress.println(path + ":" + number + ": " + kind + " " + match.pattern() + " " + address + " " + time + user);
    }

    private void showUnmatched(LogReader reader, Path path, long number, Line line) {
        if (all && !format.json) {
            progress.println(path + ":" + number + ": - " + Text.shown(line, MAX_SHOWN_CHARS));
        }
        if (format.json || !Text.looksLikeFailure(line)) {
            return;
        }
        prefixes.add(line);
        Optional<String> onPurpose = reader.ignoredBy(line);
        if (onPurpose.isPresent()) {
            counts.merge(onPurpose.get(), 1, Integer::sum);
            ignored++;
        } else {
            unknown.add(path, number, "", line);
        }
    }

    private void showCounts() {
        System.out.println();
        int successes = kinds.getOrDefault(Match.Kind.SUCCESS, 0);
        System.out.println(Text.count(lines, "line") + ", " + matched + " matched: "
                + Text.count(kinds.getOrDefault(Match.Kind.FAILURE, 0), "failure") + ", " + successes
                + (successes == 1 ? " success, " : " successes, ") + kinds.getOrDefault(Match.Kind.SUSPICIOUS, 0)
                + " suspicious; " + ignored + " that look like failures are ignored on purpose");
        List<String> idle = new ArrayList<>();
        counts.forEach((pattern, count) -> {
            if (count == 0) {
                idle.add(pattern);
            } else {
                System.out.printf("%8d  %s%n", count, pattern);
            }
        });
        System.out.println("Patterns that matched nothing: " + (idle.isEmpty() ? "none" : String.join(", ", idle)));
        suspicious.print(
                "line is suspicious: no single address can be read from it, so it counts against nobody",
                "lines are suspicious: no single address can be read from them, so they count against nobody");
        unknown.print("line looks like a failure but matches nothing", "lines look like failures but match nothing");
        prefixes.print();
    }

    /** The log that is being read. */
    private static final class OpenLog {
        private final Filter filter;
        private final ZoneId zone;
        private Path path = Path.of("");
        private LogReader reader;

        private OpenLog(Filter filter, ZoneId zone) {
            this.filter = filter;
            this.zone = zone;
            this.reader = open();
        }

        private LogReader open() {
            LogReader opened = filter.reader(zone);
            opened.settleByStamps();
            return opened;
        }

        private LogReader at(Path log) {
            if (!log.equals(path)) {
                path = log;
                reader.end();
                reader = open();
            }
            return reader;
        }
    }
}
