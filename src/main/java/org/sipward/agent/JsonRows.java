package org.sipward.agent;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.sipward.ban.Ban;
import org.sipward.ban.BanStore;
import org.sipward.ban.Trusted;
import org.sipward.feed.FeedStatus;
import org.sipward.jail.Jail;
import org.sipward.status.AddressStatus;
import org.sipward.status.AgentStatus;
import org.sipward.status.AllowedNetwork;
import org.sipward.status.CountedAddress;
import org.sipward.status.JailStatus;
import org.sipward.status.ListedAddress;
import org.sipward.status.LogStatus;

/**
 * Makes the rows of JSON that answers consist of, except those of orders, which {@link Report} collects. The keys are a
 * promise to scripts. A row holds values that programs can use: times in whole seconds, null for an end that never
 * comes, never a sentence where a value is expected.
 */
final class JsonRows {
    private JsonRows() {}

    static Map<String, Object> of(Ban ban) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("address", ban.network());
        row.put("origin", ban.origin());
        row.put("since", Wording.time(ban.since()));
        row.put("until", Wording.until(ban.until()));
        row.put("count", ban.count());
        row.put("reason", ban.reason());
        return row;
    }

    /** Returns the row of a ban that is over. */
    static Map<String, Object> of(BanStore.Past past) {
        Map<String, Object> row = of(past.ban());
        row.put("until", Wording.until(past.end()));
        return row;
    }

    static Map<String, Object> of(Trusted trusted) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("address", trusted.network());
        row.put("since", Wording.time(trusted.since()));
        row.put("until", Wording.time(trusted.until()));
        return row;
    }

    static Map<String, Object> of(CountedAddress counted) {
        Jail.Count count = counted.count();
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("address", count.network());
        row.put("jail", counted.jail());
        row.put("failures", count.failures());
        row.put("last", Wording.time(count.last()));
        row.put("patterns", count.patterns());
        return row;
    }

    static Map<String, Object> of(AllowedNetwork allowed) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("address", allowed.network());
        row.put("reason", allowed.reason());
        return row;
    }

    static Map<String, Object> of(FeedStatus feed) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("name", feed.name());
        row.put("state", feed.word());
        row.put("healthy", feed.healthy());
        row.put("host", feed.host());
        row.put("set", feed.set());
        row.put("version", feed.version());
        row.put("held", feed.held());
        row.put("listed", feed.listed());
        row.put("taken", feed.taken());
        row.put("cursor", feed.cursor());
        row.put("success", feed.lastSuccess().map(Wording::time));
        row.put("full", feed.lastFull().map(Wording::time));
        row.put("next", Wording.time(feed.next()));
        row.put("problem", feed.lastProblem().map(FeedStatus.Problem::words));
        row.put("malformed", feed.refused().malformed());
        row.put("local", feed.refused().local());
        row.put("wide", feed.refused().wide());
        row.put("allowed", feed.refused().allowed());
        row.put("expired", feed.refused().expired());
        return row;
    }

    static Map<String, Object> of(Feeds.Check check) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("feed", check.feed());
        row.put("address", check.address());
        row.put(
                "answer",
                check.answer().verdict().name().toLowerCase(Locale.ROOT).replace('_', ' '));
        row.put("reason", check.answer().reason());
        return row;
    }

    /** Returns the row of a feed whose list is being fetched. */
    static Map<String, Object> fetching(String feed) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("name", feed);
        row.put("result", "fetching");
        return row;
    }

    static Map<String, Object> of(Reloaded reloaded) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("result", "reloaded");
        row.put("jails", reloaded.jails());
        row.put("feeds", reloaded.feeds());
        row.put("restart", reloaded.restart());
        row.put("allowlist", reloaded.allowlist());
        return row;
    }

    static Map<String, Object> of(AgentStatus status) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("running", true);
        row.put("since", Wording.time(status.since()));
        row.put("uptime", status.uptime().toSeconds());
        row.put("firewall", status.firewall());
        row.put("bans", status.bans());
        row.put("enforced", status.enforced());
        row.put("origins", status.origins());
        row.put("trusted", status.trusted());
        row.put("jails", status.jails().stream().map(JsonRows::of).toList());
        row.put("logs", status.logs().stream().map(JsonRows::of).toList());
        row.put("feeds", status.feeds().stream().map(JsonRows::of).toList());
        row.put("trouble", status.trouble());
        return row;
    }

    private static Map<String, Object> of(JailStatus jail) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("jail", jail.name());
        row.put("failures", jail.failures());
        row.put("suspicious", jail.suspicious());
        row.put("tracked", jail.tracked());
        return row;
    }

    private static Map<String, Object> of(LogStatus log) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("log", log.name());
        row.put("jails", log.jails());
        row.put("lines", log.lines());
        row.put("bytes", log.bytes());
        row.put("dropped", log.dropped());
        if (log.faults() > 0) {
            row.put("faults", log.faults());
        }
        if (log.isFailing()) {
            row.put("state", "failing");
            row.put("trouble", log.trouble());
        } else {
            row.put("state", log.state().words());
        }
        return row;
    }

    /**
     * Returns a row for each thing that is known about an address. Its {@code what} is one of {@code banned},
     * {@code never banned}, {@code listed}, {@code trusted}, {@code counted} and {@code banned before}; its
     * {@code text} is for people; its other keys are values.
     */
    static List<Map<String, Object>> of(AddressStatus status) {
        List<Map<String, Object>> rows = new ArrayList<>();
        status.bans()
                .forEach(ban -> rows.add(known(
                        "banned",
                        ban.network() + " by " + Wording.of(ban) + " since " + ban.since() + ", "
                                + Wording.untilWords(ban.until()),
                        of(ban))));
        status.allowed().ifPresent(reason -> rows.add(known("never banned", reason, Map.of("reason", reason))));
        status.listed().forEach(listed -> rows.add(known("listed", text(listed), of(listed))));
        status.trusted()
                .ifPresent(trusted -> rows.add(known(
                        "trusted",
                        trusted.network() + " has logged in: since " + trusted.since() + ", until " + trusted.until()
                                + " if it does not log in again",
                        of(trusted))));
        status.counted().forEach(counted -> rows.add(known("counted", text(counted), of(counted))));
        status.past()
                .ifPresentOrElse(
                        all -> all.forEach(past -> rows.add(known("banned before", text(past), of(past)))),
                        () -> rows.add(known("banned before", "not known: the store does not answer", Map.of())));
        return rows;
    }

    private static Map<String, Object> of(ListedAddress listed) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("address", listed.network());
        row.put("origin", listed.feed());
        row.put("reason", listed.reason());
        row.put("since", Wording.time(listed.since()));
        row.put("last", Wording.time(listed.last()));
        return row;
    }

    private static String text(ListedAddress listed) {
        String back = listed.comesBack()
                ? "; it is banned again when the feed next reads its whole list, within a day ('sipward allow "
                        + listed.network() + "' prevents that)"
                : "";
        return listed.network() + " by " + listed.feed() + " (" + Wording.time(listed.last()) + "), but not banned: "
                + listed.reason() + back;
    }

    private static String text(CountedAddress counted) {
        Jail.Count count = counted.count();
        // Always the plural: scripts look for these words.
        return count.failures() + " failures in jail " + counted.jail() + ", the last at " + Wording.time(count.last())
                + ": " + Wording.of(count.patterns());
    }

    private static String text(BanStore.Past past) {
        return past.ban().network() + " by " + Wording.of(past.ban()) + " since "
                + past.ban().since() + ", " + Wording.untilWords(past.end());
    }

    private static Map<String, Object> known(String what, String text, Map<String, Object> values) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("what", what);
        row.putAll(values);
        row.put("text", text);
        return row;
    }
}
