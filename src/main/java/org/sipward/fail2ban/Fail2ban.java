package org.sipward.fail2ban;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.sipward.fail2ban.FilterConverter.Converted;
import org.sipward.fail2ban.JailConverter.FilterCall;
import org.sipward.filter.FilterSpec;
import org.sipward.net.Network;
import org.sipward.yaml.Durations;

/** Converts a fail2ban setup. One instance converts one setup. */
public final class Fail2ban {
    private static final Duration MAX_BANTIME = Duration.ofDays(28);
    private static final int MAX_JAIL = 40;
    private static final int MAX_FILTER = 60;
    private static final int MAX_NAME = 253;
    private static final String LABEL = "[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?";
    private static final Pattern HOST = Pattern.compile("(?=.*[A-Za-z])(?:" + LABEL + "\\.)*" + LABEL);

    private final Path base;
    private final List<Loss> losses = new ArrayList<>();
    private final Set<String> notes = new LinkedHashSet<>();
    private final Map<String, FilterSpec> filters = new TreeMap<>();
    private final Map<String, Map<String, String>> jails = new LinkedHashMap<>();
    private final Set<String> allowlist = new LinkedHashSet<>();
    private Map<String, String> defaults = new LinkedHashMap<>();

    private Fail2ban(Path base) {
        this.base = base;
    }

    /**
     * Reads the setup in a folder and converts it.
     *
     * @param base fail2ban's folder, such as {@code /etc/fail2ban}
     * @param all whether filters that no enabled jail uses are converted, too
     * @throws IOException naming the file, if a needed file cannot be read
     */
    public static Imported read(Path base, boolean all) throws IOException {
        Fail2ban converter = new Fail2ban(base);
        converter.readJails();
        if (all) {
            converter.readFilters();
        }
        return converter.imported();
    }

    private void readJails() throws IOException {
        Settings settings = Settings.read(base, "jail");
        JailConverter converter = new JailConverter(settings, losses, notes);
        defaults = converter.limits(Settings.DEFAULT);
        defaults.putIfAbsent("bantime.increment", "false");
        allow(converter.ignored(Settings.DEFAULT));
        for (String jail : settings.sections()) {
            if (converter.isEnabled(jail)) {
                jail(jail, settings, converter);
            }
        }
        raise(defaults, defaults);
    }

    private void jail(String jail, Settings settings, JailConverter converter) throws IOException {
        allow(converter.ignored(jail));
        if (!converter.ignored(jail).isEmpty() && settings.own(jail).containsKey("ignoreip")) {
            notes.add("jail " + jail + ": its ignoreip now applies to all jails");
        }
        if (!converter.text(jail, "ignorecommand", Map.of()).isEmpty()) {
            losses.add(new Loss(
                    "jail " + jail + ": ignorecommand",
                    "",
                    "is not converted: Sipward runs no commands",
                    "use allowlist"));
        }
        actions(jail, converter);
        Optional<FilterCall> call = converter.filter(jail);
        if (call.isEmpty()) {
            return;
        }
        Map<String, String> limits = converter.limits(jail);
        if (call.get().name().equals("recidive")) {
            recidive(jail, limits);
            return;
        }
        Optional<String> filter = filter(jail, call.get(), converter);
        Optional<String> source = source(jail, call.get(), converter);
        if (filter.isEmpty() || source.isEmpty()) {
            notes.add("jail " + jail + ": is left out");
            return;
        }
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("filter", Yaml.quoted(filter.get()));
        fields.put("source", source.get());
        fields.putAll(limits);
        raise(fields, defaults);
        jails.put(Yaml.name(jail, MAX_JAIL), fields);
    }

    /** Converts recidive: a longer ban for repeat offenders, whom fail2ban finds in its own log. */
    private void recidive(String jail, Map<String, String> limits) {
        defaults.put("bantime.increment", "true");
        String longest = limits.getOrDefault("bantime", "1w");
        boolean isLonger = Durations.parse(defaults.getOrDefault("maxbantime", ""))
                .filter(set -> set.compareTo(Durations.parse(longest).orElse(MAX_BANTIME)) >= 0)
                .isEmpty();
        if (!longest.equals("forever") && isLonger) {
            defaults.put("maxbantime", longest);
        }
        notes.add(
                "jail " + jail + ": not needed; each further ban is twice as long as the one before (bantime.increment)"
                        + (longest.equals("forever") ? "" : ", up to " + defaults.get("maxbantime")));
    }

    /** Returns the jail's source in YAML: the journal if fail2ban reads it, otherwise the jail's files. */
    private Optional<String> source(String jail, FilterCall call, JailConverter converter) {
        List<String> logs = converter.logs(jail);
        if (converter.isJournal(jail)) {
            String match = converter.journalMatch(jail, call, base);
            Optional<JournalMatch> journal = match.isBlank() ? Optional.empty() : JournalMatch.parse(match);
            if (journal.isPresent()) {
                return Optional.of(journal.get().source());
            }
            String from = "jail " + jail + ": journalmatch";
            String what = match.isBlank()
                    ? "is missing, so fail2ban reads the whole journal"
                    : "does not select by unit or name";
            if (logs.isEmpty()) {
                losses.add(
                        new Loss(from, match, what, "write source: {journal: {unit: NAME.service}} in sipward.yaml"));
                return Optional.empty();
            }
            notes.add(from + ": " + what + "; the jail reads " + String.join(", ", logs) + " instead");
        }
        if (logs.isEmpty()) {
            losses.add(new Loss("jail " + jail, "", "names no log", "write its log into sipward.yaml"));
            return Optional.empty();
        }
        return Optional.of("{file: " + Yaml.list(logs) + "}");
    }

    private void actions(String jail, JailConverter converter) {
        for (String action : converter.actions(jail)) {
            if (action.matches("(?:iptables|ip6tables|nftables|nft|firewallcmd|ipset|ufw|shorewall|route|pf|ipfw).*")) {
                notes.add("action " + action + ": not needed; Sipward bans in nftables, for all ports");
            } else {
                losses.add(new Loss(
                        "jail " + jail + ": action " + action, "", "is not converted", "Sipward runs no commands"));
            }
        }
    }

    private Optional<String> filter(String jail, FilterCall call, JailConverter converter) throws IOException {
        Settings settings;
        try {
            settings = Settings.read(base, "filter.d/" + call.name());
        } catch (IOException e) {
            losses.add(new Loss("jail " + jail, "", String.valueOf(e.getMessage()), "fix or disable the jail"));
            return Optional.empty();
        }
        converter.addOwnOptions(jail, call, new Definition(settings, call.options(), false));
        if (StockFilters.isStock(base, call)) {
            notes.add("filter " + call.name() + ": is fail2ban's own, unchanged; Sipward's own " + call.name()
                    + " filter replaces it, which also recognises logins and spares phones that have logged in");
            return Optional.of(call.name());
        }
        if (StockFilters.has(call.name())) {
            notes.add("filter " + call.name() + ": was changed here, so it is converted; to use Sipward's own "
                    + call.name() + " filter instead, which also recognises logins, delete filters/" + call.name()
                    + ".yaml");
        }
        String name = Yaml.name(call.name(), MAX_FILTER);
        Converted converted = FilterConverter.convert(name, new Definition(settings, call.options(), false));
        FilterSpec other = filters.get(name);
        if (other != null && !other.patterns().equals(converted.spec().patterns())) {
            name = Yaml.name(name + "-" + jail, MAX_FILTER);
            converted = FilterConverter.convert(name, new Definition(settings, call.options(), false));
        }
        return keep(converted) ? Optional.of(name) : Optional.empty();
    }

    private boolean keep(Converted converted) {
        converted.losses().stream().filter(loss -> !losses.contains(loss)).forEach(losses::add);
        notes.addAll(converted.notes());
        if (converted.isUsable()) {
            filters.put(converted.spec().name(), converted.spec());
        }
        return converted.isUsable();
    }

    private void readFilters() throws IOException {
        Set<Path> files = new TreeSet<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(base.resolve("filter.d"), "*.conf")) {
            found.forEach(files::add);
        }
        for (Path file : files) {
            String name = String.valueOf(file.getFileName()).replaceFirst("\\.conf$", "");
            if (!name.endsWith("common") && !filters.containsKey(Yaml.name(name, MAX_FILTER))) {
                Settings settings = Settings.read(base, "filter.d/" + name);
                keep(FilterConverter.convert(Yaml.name(name, MAX_FILTER), new Definition(settings, Map.of(), false)));
            }
        }
    }

    private void allow(List<String> entries) {
        for (String entry : entries) {
            boolean address = entry.matches("[0-9./]+|[0-9a-fA-F:.]*:[0-9a-fA-F:./]*");
            Optional<Network> network = Network.parse(entry);
            // Only an address has a prefix, and a name has at least one letter.
            boolean name = !address
                    && entry.length() <= MAX_NAME
                    && HOST.matcher(entry).matches();
            if (!name && (network.isEmpty() || network.get().prefix() == 0)) {
                losses.add(new Loss("ignoreip", entry, "cannot be allowed", "write it into allowlist as a prefix"));
            } else {
                allowlist.add(entry);
            }
        }
    }

    /** Makes the longest ban as long as the first one, if it would be shorter. */
    private static void raise(Map<String, String> limits, Map<String, String> defaults) {
        String bantime = limits.getOrDefault("bantime", defaults.getOrDefault("bantime", "1d"));
        String longest = limits.getOrDefault("maxbantime", defaults.getOrDefault("maxbantime", "4w"));
        Duration first = Durations.parse(bantime).orElse(MAX_BANTIME);
        if (!bantime.equals("forever")
                && first.compareTo(Durations.parse(longest).orElse(MAX_BANTIME)) > 0) {
            limits.put("maxbantime", bantime);
        }
    }

    private Imported imported() {
        StringBuilder yaml = new StringBuilder("# Converted from fail2ban's setup by sipward import.\n");
        yaml.append("defaults: ").append(Yaml.fields(defaults)).append("\n");
        yaml.append("allowlist: ").append(Yaml.list(allowlist)).append("\n");
        yaml.append("jails:").append(jails.isEmpty() ? " {}\n" : "\n");
        jails.forEach((name, fields) -> yaml.append("  ")
                .append(name)
                .append(": ")
                .append(Yaml.fields(fields))
                .append("\n"));
        Map<String, String> files = new LinkedHashMap<>();
        files.put(Imported.CONFIGURATION, yaml.toString());
        filters.forEach((name, spec) -> files.put("filters/" + name + ".yaml", Yaml.filter(spec)));
        return new Imported(files, jails.size(), losses, List.copyOf(notes));
    }
}
