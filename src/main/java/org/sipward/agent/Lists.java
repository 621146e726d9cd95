package org.sipward.agent;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.sipward.ban.Ban;
import org.sipward.ban.BanList;
import org.sipward.ban.BanStore;
import org.sipward.control.Answer;
import org.sipward.control.ExitCode;
import org.sipward.jail.Jail;
import org.sipward.jail.Trust;
import org.sipward.net.Network;

/**
 * Lists what the operator asks for: bans in force and past, who fails most, what is allowed, who is trusted.
 *
 * <p>Thread-safe, as what it asks is.
 */
final class Lists {
    private static final int MAX_TOP = 10_000;
    private static final int MAX_TRUSTED = 10_000;
    private static final int MAX_PAST = 10_000;
    private static final int USUAL_PAST = 100;
    private static final List<String> EVERYBODY = List.of("0.0.0.0/0", "::/0");

    private final BanList bans;
    private final Logs logs;
    private final Trust trust;
    private final Clock clock;
    private final InTime history = new InTime("sipward-history", Commands.WAIT);

    Lists(BanList bans, Logs logs, Trust trust, Clock clock) {
        this.bans = bans;
        this.logs = logs;
        this.trust = trust;
        this.clock = clock;
    }

    /**
     * Returns the bans in force, or with {@code past} those that are over, oldest first: of an {@code origin}, a {@code
     * jail}, within or around a {@code network}, with a {@code text} in them; the last {@code limit} of them.
     */
    Answer bans(Map<String, Object> request) throws IOException {
        Predicate<Ban> wanted = filter(request);
        boolean past = Boolean.TRUE.equals(request.get("past"));
        int limit = limit(request, past ? USUAL_PAST : Integer.MAX_VALUE);
        if (past) {
            return history.ask(() -> Answer.of(past(wanted, limit)))
                    .orElse(new Answer(
                            ExitCode.UNAVAILABLE, List.of(), "the store does not answer: past bans are not known now"));
        }
        // The list has them in the order in which they began, and makes them one by one.
        List<Ban> all = bans.bans();
        List<Ban> found =
                request.size() == 1 ? all : all.stream().filter(wanted).toList();
        List<Ban> shown = last(found, limit);
        // Rows are made one by one as they are sent: there may be a hundred thousand.
        return Answer.of(() -> shown.stream().map(JsonRows::of).iterator());
    }

    private List<Map<String, Object>> past(Predicate<Ban> wanted, int limit) throws IOException {
        List<BanStore.Past> found = new ArrayList<>();
        for (String everybody : EVERYBODY) {
            found.addAll(bans.past(Network.parse(everybody).orElseThrow(), MAX_PAST));
        }
        Instant now = clock.instant();
        List<BanStore.Past> over = found.stream()
                .filter(past -> past.ended().isPresent() || past.ban().isOver(now) || !isInForce(past.ban()))
                .filter(past -> wanted.test(past.ban()))
                .sorted(Comparator.comparing((BanStore.Past past) -> past.ban().since()))
                .toList();
        return last(over, limit).stream().map(JsonRows::of).toList();
    }

    private boolean isInForce(Ban ban) {
        return bans.bansOf(ban.network().address()).contains(ban);
    }

    /** Returns who fails most and is not banned: {@code limit} addresses. */
    Answer top(Map<String, Object> request) {
        int limit = Math.min(limit(request, 20), MAX_TOP);
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Jail jail : logs.jails()) {
            for (Jail.Count count : jail.top(limit)) {
                if (!bans.bansOf(count.network().address()).isEmpty()) {
                    continue;
                }
                rows.add(JsonRows.of(jail, count));
            }
            // Of each jail at once, else there would be as many times the limit as there are jails.
            rows.sort(Comparator.comparingInt(Lists::failures).reversed());
            rows.subList(Math.min(limit, rows.size()), rows.size()).clear();
        }
        return Answer.of(rows);
    }

    /** Returns everything that is never banned, with the reason. */
    Answer allowed() {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Network network : bans.allowlist().networks()) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("address", network);
            row.put("reason", bans.allowlist().reason(network).orElse(""));
            rows.add(row);
        }
        return Answer.of(rows);
    }

    /** Returns who has logged in and is trusted for that, the latest first; at most {@code limit}. */
    Answer trusted(Map<String, Object> request) {
        Instant now = clock.instant();
        int limit = Math.min(limit(request, MAX_TRUSTED), MAX_TRUSTED);
        List<Map<String, Object>> rows =
                trust.trusted(now, limit).stream().map(JsonRows::of).toList();
        return Answer.of(rows);
    }

    private static Predicate<Ban> filter(Map<String, Object> request) {
        Stream<Predicate<Ban>> filters = Stream.of(
                of(
                        request,
                        "origin",
                        (ban, text) -> ban.origin().toString().equals(text)
                                || ban.origin()
                                        .kind()
                                        .name()
                                        .toLowerCase(Locale.ROOT)
                                        .equals(text)),
                of(request, "jail", (ban, text) -> ban.origin().toString().equals("jail:" + text)),
                of(
                        request,
                        "text",
                        (ban, text) -> (ban.network() + " " + ban.reason())
                                .toLowerCase(Locale.ROOT)
                                .contains(text.toLowerCase(Locale.ROOT))),
                of(request, "address", network(request)));
        return filters.reduce(any -> true, Predicate::and);
    }

    private static Match network(Map<String, Object> request) {
        if (Targets.text(request, "address").isEmpty()) {
            return (ban, text) -> true;
        }
        Network asked = Targets.networks(request).iterator().next();
        return (ban, text) -> ban.network().overlaps(asked);
    }

    /** Returns the filter of this argument, one that lets everything through where it is not given. */
    private static Predicate<Ban> of(Map<String, Object> request, String key, Match match) {
        String text = Targets.text(request, key);
        return text.isEmpty() ? any -> true : ban -> match.test(ban, text);
    }

    private static int limit(Map<String, Object> request, int usual) {
        int asked = request.get("limit") instanceof Number number ? number.intValue() : usual;
        return Math.max(1, asked);
    }

    private static <T> List<T> last(List<T> list, int limit) {
        return list.subList(Math.max(0, list.size() - limit), list.size());
    }

    private static int failures(Map<String, Object> row) {
        return row.get("failures") instanceof Integer failures ? failures : 0;
    }

    /** Tells whether a ban is what an argument asks for. */
    @FunctionalInterface
    private interface Match {
        boolean test(Ban ban, String text);
    }
}
