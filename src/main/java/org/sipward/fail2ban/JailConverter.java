package org.sipward.fail2ban;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sipward.yaml.Durations;

/** Converts the jails' options to lines of YAML. One instance serves one import. */
final class JailConverter {
    /** The options that a filter takes from its jail, if the jail sets them. */
    private static final Set<String> OF_FILTER =
            Set.of("failregex", "ignoreregex", "prefregex", "datepattern", "maxlines", "usedns");

    private static final Pattern FILTER = Pattern.compile("\\s*([\\w./-]+)(?:\\[(.*)\\])?\\s*", Pattern.DOTALL);
    private static final Pattern ARGUMENT =
            Pattern.compile("\\s*([\\w.-]+)\\s*=\\s*(?:\"([^\"]*)\"|'([^']*)'|([^,\\]]*))\\s*,?", Pattern.DOTALL);
    private static final Pattern TIME = Pattern.compile("(\\d{1,9}) ?(y|mo|w|d|h|m|s)[a-z]*\\s*");
    private static final Pattern PRODUCT = Pattern.compile("\\d{1,9}(?:\\s*\\*\\s*\\d{1,9})*");
    private static final Map<String, Long> SECONDS =
            Map.of("y", 31_557_600L, "mo", 2_629_800L, "w", 604_800L, "d", 86_400L, "h", 3_600L, "m", 60L, "s", 1L);

    /** Options for how fail2ban makes bans longer; here each further ban is always twice as long. */
    private static final List<String> INCREMENTS = List.of(
            "bantime.factor", "bantime.formula", "bantime.multipliers", "bantime.rndtime", "bantime.overalljails");

    private static final int MAX_RETRY = 1000;

    private final Settings settings;
    private final List<Loss> losses;
    private final Set<String> notes;

    /** Creates a converter that adds to these losses and notes. */
    JailConverter(Settings settings, List<Loss> losses, Set<String> notes) {
        this.settings = settings;
        this.losses = losses;
        this.notes = notes;
    }

    /** A filter as a jail names it, with the options that the jail gives; options may be added. */
    record FilterCall(String name, Map<String, String> options) {}

    boolean isEnabled(String jail) {
        String enabled = text(jail, "enabled", Map.of()).toLowerCase(Locale.ROOT);
        return Set.of("1", "on", "true", "yes").contains(enabled);
    }

    /** Returns the filter that the jail names, with the options that it gives. */
    Optional<FilterCall> filter(String jail) {
        Matcher call = FILTER.matcher(text(jail, "filter", Map.of()));
        if (!call.matches()) {
            lose(jail, "filter", "names no filter", "name one");
            return Optional.empty();
        }
        Map<String, String> options = new LinkedHashMap<>();
        Matcher argument = ARGUMENT.matcher(call.group(2) == null ? "" : call.group(2));
        while (argument.lookingAt() && argument.end() > argument.start()) {
            String value = argument.group(2) != null
                    ? argument.group(2)
                    : argument.group(3) != null
                            ? argument.group(3)
                            : argument.group(4).strip();
            options.put(argument.group(1).toLowerCase(Locale.ROOT), value);
            argument.region(argument.end(), argument.regionEnd());
        }
        return Optional.of(new FilterCall(call.group(1), options));
    }

    /** Adds the filter's options that the jail itself sets; {@code %(known/…)s} in them is the filter's own value. */
    void addOwnOptions(String jail, FilterCall call, Definition definition) {
        Map<String, String> given = new LinkedHashMap<>();
        for (String key : definition.keys()) {
            try {
                definition.get(key).ifPresent(value -> given.put("known/" + key, value));
            } catch (Untranslatable unusable) {
                // An option that refers to this one will be reported.
            }
        }
        for (String key : OF_FILTER) {
            if (settings.own(jail).containsKey(key)
                    || settings.own(Settings.DEFAULT).containsKey(key)) {
                call.options().putIfAbsent(key, text(jail, key, given));
            }
        }
    }

    boolean isJournal(String jail) {
        return text(jail, "backend", Map.of()).startsWith("systemd");
    }

    /** Returns the journalmatch of the jail or else of its filter; empty if neither has one. */
    String journalMatch(String jail, FilterCall call, Path base) {
        String own = text(jail, "journalmatch", Map.of());
        if (!own.isEmpty()) {
            return own;
        }
        try {
            Settings filter = Settings.read(base, "filter.d/" + call.name());
            return new Definition(filter, call.options(), true)
                    .get("journalmatch")
                    .orElse("");
        } catch (IOException | Untranslatable unusable) {
            // Without its filter the jail is left out, which has been reported.
            return "";
        }
    }

    /** Returns the logs that the jail reads. */
    List<String> logs(String jail) {
        List<String> paths = new ArrayList<>();
        for (String line : text(jail, "logpath", Map.of()).lines().toList()) {
            String path = line.strip().replaceFirst("\\s+(?:head|tail)$", "");
            if (path.startsWith("/")) {
                paths.add(path);
            } else if (!path.isEmpty()) {
                lose(jail, "logpath", "is not an absolute path", "write one in sipward.yaml");
            }
        }
        return paths;
    }

    /** Returns the limits that this section sets, in YAML: a jail's own, or the defaults. */
    Map<String, String> limits(String section) {
        Map<String, String> limits = new LinkedHashMap<>();
        Map<String, Option> own = settings.own(section);
        if (own.containsKey("maxretry")) {
            String text = text(section, "maxretry", Map.of());
            if (text.matches("-?[0-9]{1,9}")) {
                int nearest = Math.max(1, Math.min(Integer.parseInt(text), MAX_RETRY));
                limits.put("maxretry", String.valueOf(nearest));
                note(section, "maxretry", text, String.valueOf(nearest));
            } else {
                lose(section, "maxretry", text + " is not a number", "write one in sipward.yaml");
            }
        }
        time(section, "findtime", 7 * 86_400L).ifPresent(value -> limits.put("findtime", value));
        time(section, "bantime", 3_650 * 86_400L).ifPresent(value -> limits.put("bantime", value));
        time(section, "bantime.maxtime", 3_650 * 86_400L).ifPresent(value -> limits.put("maxbantime", value));
        if (own.containsKey("bantime.increment")) {
            String text = text(section, "bantime.increment", Map.of()).toLowerCase(Locale.ROOT);
            limits.put(
                    "bantime.increment",
                    String.valueOf(Set.of("1", "on", "true", "yes").contains(text)));
        }
        for (String key : INCREMENTS) {
            if (own.containsKey(key)) {
                notes.add("jail " + section + ": " + key
                        + " is not converted; with bantime.increment each further ban is twice as long here");
            }
        }
        if (own.containsKey("logtimezone")) {
            String zone = text(section, "logtimezone", Map.of())
                    .replaceFirst("^(?:UTC|GMT)?([+-]\\d{2}):?(\\d{2})$", "$1:$2");
            try {
                limits.put("timezone", java.time.ZoneId.of(zone).getId());
            } catch (java.time.DateTimeException unknown) {
                lose(section, "logtimezone", zone + " is not a time zone", "write timezone: in sipward.yaml");
            }
        }
        return limits;
    }

    private Optional<String> time(String section, String key, long longest) {
        if (!settings.own(section).containsKey(key)) {
            return Optional.empty();
        }
        String text = text(section, key, Map.of()).strip();
        Optional<Long> seconds = seconds(text);
        if (seconds.isEmpty()) {
            lose(section, key, text + " is not a duration", Durations.EXAMPLES);
            return Optional.empty();
        }
        if (seconds.get() < 0) {
            return Optional.of("forever");
        }
        long nearest = Math.max(1, Math.min(seconds.get(), longest));
        String duration = Durations.format(java.time.Duration.ofSeconds(nearest));
        if (nearest != seconds.get()) {
            note(section, key, text, duration);
        }
        return Optional.of(duration);
    }

    /** Notes that a number is out of Sipward's range, if it is. */
    private void note(String section, String key, String text, String nearest) {
        if (!text.equals(nearest)) {
            notes.add("jail " + section + ": " + key + " " + text + " is out of Sipward's range; the nearest value, "
                    + nearest + ", is used");
        }
    }

    /**
     * Parses a time by fail2ban's rules. Returns its seconds, or -1 if it has no end; empty if the text is not a time.
     */
    static Optional<Long> seconds(String text) {
        if (text.matches("-\\d{1,9}")) {
            return Optional.of(-1L);
        }
        if (PRODUCT.matcher(text).matches()) {
            long product = 1;
            for (String factor : text.split("\\*", -1)) {
                product = Math.min(product * Long.parseLong(factor.strip()), Integer.MAX_VALUE);
            }
            return Optional.of(product);
        }
        Matcher part = TIME.matcher(text);
        long sum = 0;
        while (part.lookingAt()) {
            sum += Long.parseLong(part.group(1)) * SECONDS.getOrDefault(part.group(2), 0L);
            part.region(part.end(), part.regionEnd());
        }
        return part.regionStart() == text.length() && sum > 0 ? Optional.of(sum) : Optional.empty();
    }

    /** Returns the addresses that a jail or the defaults never ban. */
    List<String> ignored(String section) {
        if (!settings.own(section).containsKey("ignoreip")) {
            return List.of();
        }
        String text = text(section, "ignoreip", Map.of());
        return Pattern.compile("[\\s,]+")
                .splitAsStream(text)
                .filter(entry -> !entry.isEmpty())
                .toList();
    }

    /** Returns the names of the jail's actions. */
    List<String> actions(String jail) {
        return text(jail, "action", Map.of())
                .replaceAll("(?s)\\[[^\\]]*\\]", " ")
                .lines()
                .flatMap(line -> Pattern.compile("\\s+").splitAsStream(line.strip()))
                .filter(name -> !name.isEmpty())
                .distinct()
                .toList();
    }

    /**
     * Returns an option with all names filled in; empty if it is missing, or cannot be filled in, which is then noted.
     */
    String text(String jail, String key, Map<String, String> given) {
        try {
            Map<String, String> all = new LinkedHashMap<>(given);
            all.putIfAbsent("fail2ban_version", "1");
            all.putIfAbsent("fail2ban_confpath", "/etc/fail2ban");
            return settings.get(jail, key, all).orElse("").strip();
        } catch (Untranslatable e) {
            lose(jail, key, e.what(), e.fix());
            return "";
        }
    }

    private void lose(String jail, String key, String what, String fix) {
        String place = settings.raw(jail, key)
                .map(option -> " (" + option.place() + ")")
                .orElse("");
        Loss loss = new Loss("jail " + jail + ": " + key + place, "", what, fix);
        if (!losses.contains(loss)) {
            losses.add(loss);
        }
    }
}
