package org.sipward.agent;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.sipward.ban.Ban;
import org.sipward.ban.BanList;
import org.sipward.ban.BanStore;
import org.sipward.ban.Origin;
import org.sipward.config.ConfigException;
import org.sipward.config.Durations;
import org.sipward.jail.Jail;
import org.sipward.jail.Trust;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;

/**
 * Answers the operator's commands to the running agent. Names and arguments are those of the command line; the keys of
 * rows are a promise to scripts.
 *
 * <p>Thread-safe, as what it asks is.
 */
final class Commands {
    private static final int MAX_TOP = 10_000;
    private static final int MAX_PAST = 20;
    private static final int MAX_REASON = 200;

    private final BanList bans;
    private final Logs logs;
    private final Feeds feeds;
    private final Trust trust;
    private final Reload reload;
    private final Status status;
    private final Clock clock;

    Commands(BanList bans, Logs logs, Feeds feeds, Trust trust, Reload reload, Status status, Clock clock) {
        this.bans = bans;
        this.logs = logs;
        this.feeds = feeds;
        this.trust = trust;
        this.reload = reload;
        this.status = status;
        this.clock = clock;
    }

    /** Returns the answer to one request. */
    Answer answer(Map<String, Object> request) {
        String command = text(request, "command");
        try {
            return switch (command) {
                case "status" -> status.answer();
                case "bans" -> Answer.of(bans());
                case "top" -> Answer.of(top(request));
                case "why" -> why(address(request));
                case "ban" -> ban(request);
                case "unban" -> unban(request);
                case "allow" -> allow(request);
                case "reload" -> reload();
                case "feed-status" -> Answer.of(feeds.status());
                case "feed-sync" -> feeds.sync(Boolean.TRUE.equals(request.get("force")));
                case "feed-check" -> feeds.check(address(request));
                default -> new Answer(64, List.of(), "this agent does not know the command " + command);
            };
        } catch (IllegalArgumentException e) {
            return new Answer(64, List.of(), String.valueOf(e.getMessage()));
        } catch (IOException e) {
            return new Answer(70, List.of(), command + " failed: " + e.getMessage());
        }
    }

    /** Rows are made one by one as they are sent: there may be a hundred thousand. */
    private Iterable<Map<String, Object>> bans() {
        List<Ban> sorted = new ArrayList<>(bans.bans());
        sorted.sort(Comparator.comparing(Ban::since).thenComparing(Ban::network));
        return () -> sorted.stream().map(Commands::row).iterator();
    }

    private static Map<String, Object> row(Ban ban) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("address", ban.network());
        row.put("origin", ban.origin());
        row.put("since", ban.since().truncatedTo(ChronoUnit.SECONDS));
        row.put("until", ban.until().truncatedTo(ChronoUnit.SECONDS));
        row.put("count", ban.count());
        row.put("reason", ban.reason());
        return row;
    }

    private List<Map<String, Object>> top(Map<String, Object> request) {
        int asked = request.get("limit") instanceof Number number ? number.intValue() : 20;
        int limit = Math.max(1, Math.min(asked, MAX_TOP));
        List<Map<String, Object>> rows = new ArrayList<>();
        for (Jail jail : logs.jails()) {
            for (Jail.Count count : jail.top(limit)) {
                if (!bans.bansOf(count.network().address()).isEmpty()) {
                    continue;
                }
                Map<String, Object> row = new LinkedHashMap<>();
                row.put("address", count.network());
                row.put("jail", jail.name());
                row.put("failures", count.failures());
                row.put("last", count.last());
                row.put("patterns", count.patterns());
                rows.add(row);
            }
        }
        rows.sort(Comparator.comparingInt(Commands::failures).reversed());
        return rows.subList(0, Math.min(limit, rows.size()));
    }

    private static int failures(Map<String, Object> row) {
        return row.get("failures") instanceof Integer failures ? failures : 0;
    }

    private Answer why(IpAddress address) throws IOException {
        List<Map<String, Object>> rows = new ArrayList<>();
        List<Ban> inForce = bans.bansOf(address);
        for (Ban ban : inForce) {
            rows.add(why("banned", describe(ban) + " until " + end(ban.until())));
        }
        bans.allowlist().reason(Network.host(address)).ifPresent(reason -> rows.add(why("never banned", reason)));
        trust.at(address, clock.instant())
                .ifPresent(found -> rows.add(why(
                        "trusted",
                        found.network() + " has logged in: since " + found.since() + ", until " + found.until()
                                + " if it does not again")));
        for (Jail jail : logs.jails()) {
            jail.count(address)
                    .ifPresent(count -> rows.add(why(
                            "counted",
                            count.failures() + " failures in jail " + jail.name() + ", the last at " + count.last()
                                    + ": " + count.patterns())));
        }
        for (BanStore.Past past : bans.past(Network.ofOffender(address), MAX_PAST)) {
            if (!inForce.contains(past.ban())) {
                String ended = past.ended().orElse(past.ban().until()).toString();
                rows.add(why("banned before", describe(past.ban()) + " until " + ended));
            }
        }
        return rows.isEmpty()
                ? Answer.no("nothing is known of " + address)
                : new Answer(inForce.isEmpty() ? 1 : 0, rows, "");
    }

    private static String describe(Ban ban) {
        return ban.network() + " by " + ban.origin() + " (no. " + ban.count() + ": " + ban.reason() + ") since "
                + ban.since();
    }

    private static Map<String, Object> why(String what, String text) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("what", what);
        row.put("text", text);
        return row;
    }

    private Answer ban(Map<String, Object> request) {
        Network named = network(request);
        // An IPv6 address is banned with its /64, as a jail would.
        Network network = named.isHost() ? bans.allowlist().bannedFor(named.address()) : named;
        if (network.prefix() == 0) {
            return new Answer(64, List.of(), "this would ban everybody");
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        String reason = text(request, "reason").replaceAll("\\p{Cntrl}", " ");
        reason = reason.substring(0, Math.min(reason.length(), MAX_REASON));
        Ban ban = new Ban(network, Origin.OPERATOR, now, end(now, request), 1, reason);
        Map<Ban, String> refused = bans.impose(List.of(ban));
        if (!refused.isEmpty()) {
            return Answer.no(network + " is never banned: " + refused.get(ban));
        }
        return Answer.yes("banned " + network + " until " + end(ban.until()) + trouble());
    }

    private Answer unban(Map<String, Object> request) {
        boolean all = Boolean.TRUE.equals(request.get("all"));
        if (all) {
            return Answer.yes("ended " + bans.unban(any -> true).size() + " bans" + trouble());
        }
        Network named = network(request);
        Network network = named.isHost() ? Network.ofOffender(named.address()) : named;
        List<Ban> ended = bans.unban(network::contains);
        List<Ban> around = bans.bansOf(network.address());
        String still = around.isEmpty()
                ? ""
                : "; still banned with " + around.get(0).network() + " by "
                        + around.get(0).origin();
        if (ended.isEmpty()) {
            return Answer.no(named + " is not banned" + (around.isEmpty() ? "" : " by itself" + still));
        }
        boolean listed = ended.stream().anyMatch(ban -> ban.origin().isFeed());
        String hint = listed ? "; a feed lists it and may do so again: 'sipward allow' is for good" : "";
        return Answer.yes("unbanned "
                + ended.stream().map(ban -> ban.network().toString()).distinct().collect(Collectors.joining(", "))
                + still + hint + trouble());
    }

    private Answer allow(Map<String, Object> request) throws IOException {
        Network network = network(request);
        if (Boolean.TRUE.equals(request.get("end"))) {
            return bans.disallow(network)
                    ? Answer.yes("no longer allowed: " + network)
                    : Answer.no(network + " was not allowed by command");
        }
        if (network.prefix() == 0) {
            return new Answer(64, List.of(), "this would allow everybody");
        }
        Instant until = end(clock.instant().truncatedTo(ChronoUnit.SECONDS), request);
        int ended = bans.allow(network, until).size();
        return Answer.yes("allowed " + network + " until " + end(until) + ", " + ended + " bans ended" + trouble());
    }

    /** One at a time, so that the parts do not end up with different configurations. */
    private synchronized Answer reload() throws IOException {
        try {
            String done = reload.reload();
            String trouble = bans.allowlist().trouble().stream()
                    .map(what -> "\nallowlist: " + what)
                    .collect(Collectors.joining());
            return Answer.yes(done + trouble);
        } catch (ConfigException e) {
            return new Answer(78, List.of(), e.getMessage() + "\nthe configuration of before stays in force");
        }
    }

    private String trouble() {
        return bans.trouble().stream().map(what -> "; " + what).collect(Collectors.joining());
    }

    private static Instant end(Instant now, Map<String, Object> request) {
        String time = text(request, "for");
        Duration duration = Durations.parse(time)
                .orElseThrow(() -> new IllegalArgumentException(time + " is no time: write 30m, 1d, 1w or forever"));
        if (duration.equals(Durations.FOREVER)) {
            return Ban.FOREVER;
        }
        if (duration.isZero() || duration.compareTo(Durations.MAX) > 0) {
            throw new IllegalArgumentException(
                    time + " is out of range: write 1s to " + Durations.format(Durations.MAX) + ", or forever");
        }
        return now.plus(duration);
    }

    private static String end(Instant until) {
        return until.equals(Ban.FOREVER)
                ? "forever"
                : until.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private static IpAddress address(Map<String, Object> request) {
        String text = text(request, "address");
        return IpAddress.parse(text).orElseThrow(() -> new IllegalArgumentException(text + " is no address"));
    }

    private static Network network(Map<String, Object> request) {
        String text = text(request, "address");
        return Network.parse(text)
                .orElseThrow(() -> new IllegalArgumentException(text + " is no address and no prefix"));
    }

    private static String text(Map<String, Object> request, String key) {
        return String.valueOf(request.getOrDefault(key, ""));
    }

    /** Reads the configuration again. */
    @FunctionalInterface
    interface Reload {
        /** Returns what was done, in words. */
        String reload() throws ConfigException, IOException;
    }

    /** Says how the agent does. */
    @FunctionalInterface
    interface Status {
        Answer answer() throws IOException;
    }
}
