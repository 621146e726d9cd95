package org.sipward.fail2ban;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The options of a filter, with all names filled in: those of {@code [Definition]} and {@code [Init]}. Options that a
 * jail gives take precedence.
 */
final class Definition {
    private static final String SECTION = "Definition";
    private static final Pattern TAG = Pattern.compile("<([^<>\\s]{1,100})>");
    private static final Pattern QUALIFIED = Pattern.compile("([\\w-]+)/([\\w.-]+)");

    private final Settings settings;
    private final Map<String, String> given;

    /**
     * Joins the options of a filter and a jail.
     *
     * @param given the options of the jail, by key in lower case
     * @param journal whether the lines come from the journal
     */
    Definition(Settings settings, Map<String, String> given, boolean journal) {
        this.settings = settings;
        this.given = new LinkedHashMap<>(given);
        if (!settings.own(SECTION).containsKey("logtype")) {
            this.given.putIfAbsent("logtype", journal ? "journal" : "file");
        }
    }

    Set<String> keys() {
        Set<String> keys = new TreeSet<>(settings.keys(SECTION));
        keys.addAll(settings.own("Init").keySet());
        return keys;
    }

    /** Returns the place of the option, as in {@code sshd.conf:12}. */
    String place(String key) {
        return settings.raw(SECTION, key).map(Option::place).orElse("");
    }

    /** Returns the option with all names and tags filled in; empty if the filter does not have it. */
    Optional<String> get(String key) throws Untranslatable {
        Optional<String> value = value(key);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(withoutTags(value.get()));
    }

    private Optional<String> value(String key) throws Untranslatable {
        String direct = given.get(key);
        if (direct != null) {
            return Optional.of(direct);
        }
        if (settings.own("Init").containsKey(key)) {
            return settings.get("Init", key, given);
        }
        return settings.get(SECTION, key, given);
    }

    private String withoutTags(String text) throws Untranslatable {
        String value = text;
        int from = 0;
        int replaced = 0;
        Matcher tag = TAG.matcher(value);
        while (tag.find(from)) {
            Optional<String> found = tag(tag.group(1));
            if (found.isEmpty()) {
                // A tag for an address, or plain text of the log. An outer tag may begin further left.
                from = tag.end();
                continue;
            }
            if (++replaced > 1000) {
                throw new Untranslatable("<" + tag.group(1) + "> refers to itself", "write the value out");
            }
            value = value.substring(0, tag.start()) + found.get() + value.substring(tag.end());
            if (value.length() > Settings.MAX_CHARS) {
                throw new Untranslatable("becomes longer than 64 Ki characters", "shorten it");
            }
            tag = TAG.matcher(value);
            from = 0;
        }
        return value;
    }

    private Optional<String> tag(String name) throws Untranslatable {
        if (name.startsWith("F-") || name.startsWith("/")) {
            return Optional.empty();
        }
        Optional<String> value = value(name.toLowerCase(java.util.Locale.ROOT));
        Matcher qualified = QUALIFIED.matcher(name);
        if (value.isPresent() || !qualified.matches()) {
            return value;
        }
        String option = qualified.group(2).toLowerCase(java.util.Locale.ROOT);
        if (qualified.group(1).equals("known")) {
            Optional<String> known = settings.known(SECTION, option, given);
            return known.isPresent() ? known : settings.get("Init", option, given);
        }
        // The options of a section such as lt_file are found through the section's name.
        return settings.own(qualified.group(1)).isEmpty()
                ? Optional.empty()
                : settings.get(qualified.group(1), option, given);
    }
}
