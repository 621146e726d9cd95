package org.sipward.fail2ban;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.sipward.filter.FilterSpec;

/** Writes the files. */
final class Yaml {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9/][A-Za-z0-9/_.-]*");
    private static final Pattern OTHER = Pattern.compile("[^a-z0-9_-]");

    private Yaml() {}

    /** Returns a filter's file. */
    static String filter(FilterSpec spec) {
        StringBuilder yaml = new StringBuilder("# Converted from fail2ban's filter of this name by sipward import.\n");
        yaml.append("name: ").append(quoted(spec.name())).append("\n");
        yaml.append("description: ").append(quoted(spec.description())).append("\n");
        yaml.append("time: [").append(String.join(", ", spec.time())).append("]\n");
        yaml.append("# Skips time stamps that Sipward cannot read: such lines count when they arrive.\n");
        yaml.append("prefix: |-\n  ").append(spec.prefix()).append("\n");
        for (FilterSpec.Kind kind : FilterSpec.Kind.values()) {
            String patterns = spec.patterns().stream()
                    .filter(pattern -> pattern.kind() == kind)
                    .map(pattern -> "  " + pattern.name() + ": |-\n    " + pattern.regex() + "\n")
                    .collect(Collectors.joining());
            yaml.append(patterns.isEmpty() ? "" : kind.key() + ":\n" + patterns);
        }
        return yaml.toString();
    }

    /** Returns fields on one line, {@code {a: 1, b: 2}}. */
    static String fields(Map<String, String> fields) {
        return fields.entrySet().stream()
                .map(field -> field.getKey() + ": " + field.getValue())
                .collect(Collectors.joining(", ", "{", "}"));
    }

    static String list(Collection<String> values) {
        return values.stream().map(Yaml::quoted).collect(Collectors.joining(", ", "[", "]"));
    }

    static String quoted(String value) {
        return PLAIN.matcher(value).matches()
                ? value
                : "'" + value.replaceAll("\\p{Cntrl}", " ").replace("'", "''") + "'";
    }

    /** Returns a name that jails and filters can have. */
    static String name(String text, int longest) {
        String name = OTHER.matcher(text.toLowerCase(Locale.ROOT)).replaceAll("-");
        return name.length() > longest ? name.substring(0, longest) : name;
    }
}
