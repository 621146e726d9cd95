package org.sipward.fail2ban;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The journal entries that a jail reads, from fail2ban's {@code journalmatch}: groups of fields, separated by
 * {@code +}. In a group, fields of the same name are alternatives.
 *
 * @param units the services whose entries are read
 * @param identifiers the names of programs whose entries are read from any service
 */
record JournalMatch(List<String> units, List<String> identifiers) {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_@.:/\\\\][A-Za-z0-9_@.:/\\\\-]{0,127}");

    /** Parses a journalmatch; empty if it selects by a field that Sipward's journal source does not support. */
    static Optional<JournalMatch> parse(String text) {
        List<String> units = new ArrayList<>();
        List<String> identifiers = new ArrayList<>();
        for (String group : text.strip().split("\\s\\+(?:\\s|$)", -1)) {
            Map<String, List<String>> fields = new LinkedHashMap<>();
            for (String word : group.strip().split("\\s+", -1)) {
                int equals = word.indexOf('=');
                String value = word.substring(equals + 1).replaceAll("^[\"']|[\"']$", "");
                if (equals < 1 || !NAME.matcher(value).matches()) {
                    return Optional.empty();
                }
                fields.computeIfAbsent(word.substring(0, equals), any -> new ArrayList<>())
                        .add(value);
            }
            // A service is the narrowest choice; the filter checks its entries for the rest.
            if (fields.containsKey("_SYSTEMD_UNIT")) {
                units.addAll(fields.get("_SYSTEMD_UNIT"));
            } else if (fields.containsKey("SYSLOG_IDENTIFIER")) {
                identifiers.addAll(fields.get("SYSLOG_IDENTIFIER"));
            } else if (fields.containsKey("_COMM")) {
                identifiers.addAll(fields.get("_COMM"));
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(new JournalMatch(
                units.stream().distinct().toList(),
                identifiers.stream().distinct().toList()));
    }

    /** Returns the source in YAML. */
    String source() {
        Map<String, String> fields = new LinkedHashMap<>();
        if (!units.isEmpty()) {
            fields.put("unit", Yaml.list(units));
        }
        if (!identifiers.isEmpty()) {
            fields.put("identifier", Yaml.list(identifiers));
        }
        return "{journal: " + Yaml.fields(fields) + "}";
    }
}
