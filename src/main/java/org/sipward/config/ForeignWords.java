package org.sipward.config;

import java.util.Map;
import java.util.Optional;

/** Words of fail2ban's jails that have no counterpart in a jail here, with what does the same. */
final class ForeignWords {
    private static final String PORTS =
            "write firewall: {ports: ...} at the top level; a ban is for all ports by default";
    private static final String ALLOWLIST = "write allowlist: [...] at the top level; it holds for all jails";
    private static final String NOT_NEEDED = "delete it: bans are made in nftables, and no command is run";
    private static final Map<String, String> WORDS = Map.ofEntries(
            Map.entry("port", PORTS),
            Map.entry("ports", PORTS),
            Map.entry("protocol", PORTS),
            Map.entry("ignoreip", ALLOWLIST),
            Map.entry("allowlist", ALLOWLIST),
            Map.entry("ignoreself", "delete it: this machine's own addresses are always allowed"),
            Map.entry("action", NOT_NEEDED),
            Map.entry("banaction", NOT_NEEDED),
            Map.entry("banaction_allports", NOT_NEEDED),
            Map.entry("chain", NOT_NEEDED),
            Map.entry("usedns", "delete it: names in logs are never looked up"),
            Map.entry("journalmatch", "write source: {journal: {unit: ...}}"),
            Map.entry("failregex", "write it into a filter of its own: filters/NAME.yaml beside this file"),
            Map.entry("ignoreregex", "write it into a filter of its own: filters/NAME.yaml beside this file"),
            Map.entry("maxlines", "delete it: every line is judged by itself"),
            Map.entry("bantime.factor", "delete it: each further ban is twice as long (bantime.increment)"),
            Map.entry("bantime.multipliers", "delete it: each further ban is twice as long (bantime.increment)"),
            Map.entry("bantime.rndtime", "delete it: bans end when their time is over"));

    private ForeignWords() {}

    /** Returns what to do in place of this key, empty if it is not one of fail2ban's. */
    static Optional<String> mend(String key) {
        return Optional.ofNullable(WORDS.get(key));
    }
}
