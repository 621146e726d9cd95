package org.sipward.agent;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sipward.ban.Ban;
import org.sipward.ban.BanList;
import org.sipward.ban.BanStore;
import org.sipward.ban.Trusted;
import org.sipward.control.Answer;
import org.sipward.jail.Jail;
import org.sipward.jail.Trust;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;

/**
 * Tells everything that is known about one address: a row for each thing, whose {@code what} is one of {@code banned},
 * {@code never banned}, {@code listed}, {@code trusted}, {@code counted} and {@code banned before}, whose {@code text} is
 * for people, and whose other keys are values.
 *
 * <p>Thread-safe, as what it asks is.
 */
final class Why {
    private static final int MAX_PAST = 20;

    private final BanList bans;
    private final Logs logs;
    private final Trust trust;
    private final Spared spared;
    private final Clock clock;
    private final InTime history = new InTime("sipward-history", Commands.WAIT);

    Why(BanList bans, Logs logs, Trust trust, Spared spared, Clock clock) {
        this.bans = bans;
        this.logs = logs;
        this.trust = trust;
        this.spared = spared;
        this.clock = clock;
    }

    /** Returns what is known; exit code 0 if a ban hits the address. */
    Answer answer(IpAddress address) throws IOException {
        List<Map<String, Object>> rows = new ArrayList<>();
        List<Ban> inForce = bans.bansOf(address);
        for (Ban ban : inForce) {
            rows.add(row(
                    "banned",
                    ban.network() + " by " + JsonRows.words(ban) + " since " + ban.since() + ", "
                            + JsonRows.untilWords(ban.until()),
                    JsonRows.of(ban)));
        }
        bans.allowlist()
                .reason(Network.host(address))
                .ifPresent(reason -> rows.add(row("never banned", reason, Map.of("reason", reason))));
        spared.of(address).forEach(listed -> rows.add(row(listed)));
        Instant now = clock.instant();
        trust.at(address, now).ifPresent(found -> rows.add(row(found)));
        for (Jail jail : logs.jails()) {
            jail.count(address).ifPresent(count -> rows.add(row(jail, count)));
        }
        Optional<List<BanStore.Past>> before = history.ask(() -> bans.past(Network.ofOffender(address), MAX_PAST));
        if (before.isEmpty()) {
            rows.add(row("banned before", "not known: the store does not answer", Map.of()));
        }
        for (BanStore.Past past : before.orElse(List.of())) {
            if (!inForce.contains(past.ban())) {
                rows.add(row(past));
            }
        }
        return rows.isEmpty()
                ? Answer.no("nothing is known of " + address)
                : new Answer(inForce.isEmpty() ? 1 : 0, rows, "");
    }

    private static Map<String, Object> row(Spared.Listed listed) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("address", listed.network());
        values.put("origin", listed.feed());
        values.put("reason", listed.reason());
        values.put("since", JsonRows.time(listed.since()));
        values.put("last", JsonRows.time(listed.last()));
        String back = listed.reason().startsWith(Orders.UNBANNED)
                ? "; it is banned again when the feed next reads its whole list, within a day ('sipward allow "
                        + listed.network() + "' prevents that)"
                : "";
        return row(
                "listed",
                listed.network() + " by " + listed.feed() + " (" + JsonRows.time(listed.last()) + "), but not banned: "
                        + listed.reason() + back,
                values);
    }

    private static Map<String, Object> row(Trusted found) {
        return row(
                "trusted",
                found.network() + " has logged in: since " + found.since() + ", until " + found.until()
                        + " if it does not log in again",
                JsonRows.of(found));
    }

    private static Map<String, Object> row(Jail jail, Jail.Count count) {
        return row(
                "counted",
                // Always the plural: scripts look for these words.
                count.failures() + " failures in jail " + jail.name() + ", the last at " + JsonRows.time(count.last())
                        + ": " + JsonRows.words(count.patterns()),
                JsonRows.of(jail, count));
    }

    private static Map<String, Object> row(BanStore.Past past) {
        return row(
                "banned before",
                past.ban().network() + " by " + JsonRows.words(past.ban()) + " since "
                        + past.ban().since() + ", "
                        + JsonRows.untilWords(past.end()),
                JsonRows.of(past));
    }

    private static Map<String, Object> row(String what, String text, Map<String, Object> values) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("what", what);
        row.putAll(values);
        row.put("text", text);
        return row;
    }
}
