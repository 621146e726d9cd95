package org.sipward.jail;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.sipward.ban.BanRequest;
import org.sipward.ban.BanTime;
import org.sipward.ban.Origin;
import org.sipward.filter.Filter;
import org.sipward.filter.FilterSpec;
import org.sipward.filter.Match;
import org.sipward.filter.Transcript;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;
import org.sipward.source.Line;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the failures that a filter finds, per address and per /64 of IPv6, and says when one has earned a ban: at its
 * {@code maxretry}-th failure within {@code findtime}. A success clears what was counted.
 *
 * <p>Time is that of the log lines, so a backlog read after a restart is judged as it happened. A line that was written
 * just now and whose stamp is more than {@link #ABSURD} off this machine's clock is judged at its arrival instead: its
 * writer's clock or time zone is wrong.
 *
 * <p>Memory is bounded: beyond 100,000 addresses or 8 MB (see {@link FailureTable}) the one silent for longest is
 * forgotten, which a flood from made-up addresses can bring about. It then costs a real attacker at most
 * {@code maxretry} more tries. Nothing survives a crash; the lines of the last findtime are read again after it.
 *
 * <p>Thread-safe; only a line that matches takes the lock.
 */
public final class Jail {
    static final Duration ABSURD = Duration.ofMinutes(5);
    private static final Logger log = LoggerFactory.getLogger(Jail.class);

    private final String name;
    private final Filter filter;
    private final ZoneId zone;
    private final int maxretry;
    private final BanTime bantime;
    private final List<String> patterns;
    private final FailureTable table;
    private long failures;
    private long suspicious;
    private final Hiding hiding = new Hiding();
    private boolean absurdSaid;
    private boolean stampsTrusted;

    /** Makes a jail that has seen nothing. */
    public Jail(String name, Filter filter, ZoneId zone, int maxretry, Duration findtime, BanTime bantime) {
        if (maxretry < 1 || maxretry > Short.MAX_VALUE) {
            throw new IllegalArgumentException("jail " + name + ": maxretry must be at least 1, is " + maxretry);
        }
        this.name = name;
        this.filter = filter;
        this.zone = zone;
        this.maxretry = maxretry;
        this.bantime = bantime;
        this.patterns = filter.spec().patterns().stream()
                .map(FilterSpec.Pattern::name)
                .limit(Byte.MAX_VALUE)
                .toList();
        this.table = new FailureTable(maxretry, (int) Math.min(findtime.toSeconds(), Integer.MAX_VALUE));
    }

    /** Believes every time stamp from now on: for old logs, whose file times say little about when a line was written. */
    public synchronized void trustStamps() {
        stampsTrusted = true;
    }

    /** Returns the jail's name. */
    public String name() {
        return name;
    }

    /** Returns the time stamp of a line as its filter reads it, in milliseconds since 1970. */
    public OptionalLong stamp(Line line) {
        return filter.stamp(line, zone);
    }

    /** Returns the filter that its logs are read with. */
    public Filter filter() {
        return filter;
    }

    /** Begins to read a log with this jail's filter. What is read comes back to {@link #judge}. */
    public Transcript open() {
        return new Transcript(filter, zone);
    }

    /** Counts what a line says. Asks for a ban if it reports the one failure too many. */
    public synchronized Optional<Verdict> judge(Match match) {
        if (match.address().isEmpty()) {
            suspicious++;
            hiding.count(match.pattern(), match.arrival())
                    .filter(words -> !stampsTrusted)
                    .ifPresent(words -> log.warn("jail {}: {}", name, words));
            return Optional.empty();
        }
        IpAddress address = match.address().get();
        IpAddress counted = Network.ofOffender(address).address();
        if (match.kind() == Match.Kind.SUCCESS) {
            table.remove(counted);
            return Optional.empty();
        }
        failures++;
        Instant time = time(match);
        int pattern = Math.max(0, patterns.indexOf(match.pattern()));
        int slot = -1;
        for (int i = 0; i < Math.min(match.weight(), maxretry); i++) {
            slot = table.add(counted, (int) time.getEpochSecond(), pattern);
        }
        if (slot < 0 || !table.isFull(slot)) {
            return Optional.empty();
        }
        Map<String, Integer> seen = patternCounts(slot);
        table.remove(counted);
        String words = seen.entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining(", "));
        return Optional.of(
                new Verdict(new BanRequest(address, Origin.jail(name), time, bantime, words), maxretry, seen));
    }

    /** Takes over what another jail has counted, as far as this one's maxretry goes. Asks for no ban. */
    public void inherit(Jail predecessor) {
        synchronized (predecessor) {
            inheritTotals(predecessor.failures, predecessor.suspicious);
            predecessor.table.forEach((address, slot) -> {
                for (int i = 0; i < predecessor.table.count(slot); i++) {
                    String pattern = predecessor.patternName(predecessor.table.pattern(slot, i));
                    inheritOne(address, predecessor.table.time(slot, i), Math.max(0, patterns.indexOf(pattern)));
                }
            });
        }
    }

    /** Returns those with the most failures that still count, most first. */
    public synchronized List<Count> top(int limit) {
        List<Count> counts = new ArrayList<>();
        table.forEach((address, slot) -> {
            int number = table.count(slot);
            Instant last = Instant.ofEpochSecond(table.time(slot, number - 1));
            counts.add(new Count(Network.ofOffender(address), number, last, patternCounts(slot)));
        });
        counts.sort(Comparator.comparingInt(Count::failures)
                .thenComparing(Count::last)
                .reversed());
        return List.copyOf(counts.subList(0, Math.min(limit, counts.size())));
    }

    /** Returns what is counted against an address now. */
    public synchronized Optional<Count> count(IpAddress address) {
        Network network = Network.ofOffender(address);
        int slot = table.find(network.address());
        if (slot < 0) {
            return Optional.empty();
        }
        int number = table.count(slot);
        Instant last = Instant.ofEpochSecond(table.time(slot, number - 1));
        return Optional.of(new Count(network, number, last, patternCounts(slot)));
    }

    /** Returns how many failures it has seen since it was made. */
    public synchronized long failures() {
        return failures;
    }

    /** Returns how many lines it has seen that accuse nobody though they look like failures. */
    public synchronized long suspicious() {
        return suspicious;
    }

    /** Returns in words that somebody seems to hide, or forge lines, if that was seen within the last hour. */
    public synchronized Optional<String> trouble(Instant now) {
        return hiding.trouble(now.toEpochMilli());
    }

    /** Returns how many addresses it counts. */
    public synchronized int tracked() {
        return table.size();
    }

    private Instant time(Match match) {
        Instant arrival = Instant.ofEpochMilli(match.arrival());
        if (match.time().isEmpty()) {
            return arrival;
        }
        Duration ahead = Duration.between(arrival, match.time().get());
        boolean absurd = ahead.compareTo(ABSURD) > 0
                || (match.isLive() && ahead.negated().compareTo(ABSURD) > 0);
        if (!absurd || stampsTrusted) {
            return match.time().get();
        }
        if (!absurdSaid) {
            absurdSaid = true;
            log.warn(
                    "jail {}: time stamps are {} s off this machine's clock, lines are judged by their arrival: set timezone, or mend a clock",
                    name,
                    ahead.toSeconds());
        }
        return arrival;
    }

    private synchronized void inheritTotals(long earlierFailures, long earlierSuspicious) {
        failures += earlierFailures;
        suspicious += earlierSuspicious;
    }

    private synchronized void inheritOne(IpAddress address, int time, int pattern) {
        int slot = table.add(address, time, pattern);
        if (table.isFull(slot)) {
            // One below the limit: the next failure decides, under the new numbers.
            table.remove(address);
            for (int i = 1; i < maxretry; i++) {
                table.add(address, time, pattern);
            }
        }
    }

    private Map<String, Integer> patternCounts(int slot) {
        Map<String, Integer> counts = new LinkedHashMap<>();
        for (int i = 0; i < table.count(slot); i++) {
            counts.merge(patternName(table.pattern(slot, i)), 1, Integer::sum);
        }
        return counts;
    }

    private String patternName(int index) {
        return patterns.get(index);
    }

    /**
     * A ban that an address has earned.
     *
     * @param request what the ban list is asked for
     * @param failures how many failures, weights included
     * @param patterns how many of them by pattern
     */
    public record Verdict(BanRequest request, int failures, Map<String, Integer> patterns) {}

    /**
     * What is counted against an address or /64.
     *
     * @param failures how many, at most maxretry
     * @param last when the last one was
     */
    public record Count(Network network, int failures, Instant last, Map<String, Integer> patterns) {}
}
