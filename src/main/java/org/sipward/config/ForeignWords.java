package org.sipward.config;

import java.util.Map;
import java.util.Optional;

/** Keys of fail2ban's jails that a jail here does not have, with what to use instead. */
final class ForeignWords {
    private static final String PORTS =
            "write firewall: {ports: ...} at the top level; by default a ban blocks all ports";
    private static final String ALLOWLIST = "write allowlist: [...] at the top level; it applies to all jails";
    private static final String NOT_NEEDED = "delete it: Sipward bans in nftables, and runs no command";
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

    /** Returns what to do instead of writing this key; empty if fail2ban has no such key. */
    static Optional<String> fix(String key) {
        return Optional.ofNullable(WORDS.get(key));
    }
}
