package org.sipward.jail;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.PriorityQueue;
import java.util.stream.Collectors;
import org.sipward.ban.BanRequest;
import org.sipward.ban.BanTime;
import org.sipward.ban.Origin;
import org.sipward.filter.Filter;
import org.sipward.filter.LogReader;
import org.sipward.filter.Match;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;
import org.sipward.source.Line;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts the failures that a filter finds, per address and per /64 of IPv6, and says when one has earned a ban: at its
 * {@code maxretry}-th failure within {@code findtime}. The lines of one attempt count once ({@link Attempts}).
 *
 * <p>A success clears what was counted, and makes the address {@linkplain Trust trusted}: behind it are phones that belong
 * here, of which one may have an old password. Then it takes {@link Limits.Lenience} more failures, of several accounts,
 * to be banned for a short while. Lines that callers can forge do not count against such an address at all. Its further
 * successes clear nothing: else whoever has one password could guess at others without end.
 *
 * <p>Keep-alives of a server that is not known here, and an office whose address has changed, have {@link Grace}.
 *
 * <p>Where no line proves that the sender's address is his own, the ban is short and is not remembered: else a packet
 * with a made-up source would lock its true owner out.
 *
 * <p>Time is that of the log lines, so a backlog read after a restart is judged as it happened. A line that was written
 * just now and whose stamp is more than {@link Stamps#ABSURD} off this machine's clock is judged at its arrival instead: its
 * writer's clock or time zone is wrong.
 *
 * <p>Memory is bounded: at most 100,000 addresses, as many trusted ones, and for all jails of an agent together the
 * {@link Budget}, which says who is forgotten first. A flood from made-up addresses can have addresses forgotten of which
 * nothing is proven, and no others: it costs such an attacker at most {@code maxretry} more tries. Nothing survives a crash;
 * the lines of the last findtime are read again after it.
 *
 * <p>Thread-safe: by the monitor of the budget, which only a line that matches takes.
 */
public final class Jail {
    private static final Logger log = LoggerFactory.getLogger(Jail.class);

    private final String name;
    private final Filter filter;
    private final ZoneId zone;
    /** Reads single lines, of any log. */
    private final LogReader single;

    private final Limits limits;
    private final Trust trust;
    private final long findtime;
    private final Attempts attempts;
    /** Those of trusted addresses. */
    private final Attempts tolerated;

    private long failures;
    private long suspicious;
    private final HidingAlarm hiding = new HidingAlarm();
    private final Stamps stamps;
    private final Budget budget;
    private final Grace grace;
    private Detection detection;

    /** Makes a jail that has seen nothing. */
    public Jail(String name, Filter filter, ZoneId zone, Limits limits, Trust trust) {
        int maxretry = limits.maxretry();
        if (maxretry < 1 || maxretry > Short.MAX_VALUE) {
            throw new IllegalArgumentException("jail " + name + ": maxretry must be at least 1, is " + maxretry);
        }
        this.name = name;
        this.stamps = new Stamps(name);
        this.filter = filter;
        this.zone = zone;
        this.single = filter.reader(zone);
        this.limits = limits;
        this.trust = trust;
        this.findtime = limits.findtime().toSeconds();
        this.budget = trust.budget();
        this.detection = new Detection(network -> false, budget);
        this.grace = new Grace(budget);
        this.attempts = new Attempts(budget, filter.spec().patterns(), maxretry, limits.findtime());
        int lenient = limits.lenience().map(Limits.Lenience::maxretry).orElse(1);
        this.tolerated = new Attempts(budget, filter.spec().patterns(), lenient, limits.findtime());
    }

    /** Makes a jail that trusts nobody and has full bans for all. */
    public Jail(String name, Filter filter, ZoneId zone, int maxretry, Duration findtime, BanTime bantime) {
        this(name, filter, zone, Limits.plain(maxretry, findtime, bantime), new Trust());
    }

    /** Believes every time stamp from now on: for old logs, whose file times say little about when a line was written. */
    public void trustStamps() {
        synchronized (budget) {
            stamps.trust();
        }
    }

    /** Notices from now on, besides the failures that it counts, what this one detects. */
    public void detect(Detection detected) {
        synchronized (budget) {
            detection = detected;
        }
    }

    /** Returns how many failures this one counts as. */
    public int weight(Match failure) {
        synchronized (budget) {
            return Math.min(detection.weight(failure, limits.maxretry()), limits.maxretry());
        }
    }

    /** Returns the jail's name. */
    public String name() {
        return name;
    }

    /** Returns the time stamp of a line as its filter reads it, in milliseconds since 1970. */
    public OptionalLong stamp(Line line) {
        return single.stamp(line);
    }

    /** Returns the filter that its logs are read with. */
    public Filter filter() {
        return filter;
    }

    /** Begins to read a log with this jail's filter. What is read comes back to {@link #judge}. */
    public LogReader open() {
        return filter.reader(zone);
    }

    /** Counts what a line says. Asks for a ban if it reports the one failure too many. */
    public Optional<Verdict> judge(Match match) {
        synchronized (budget) {
            return judgeAlone(match);
        }
    }

    private Optional<Verdict> judgeAlone(Match match) {
        if (match.address().isEmpty()) {
            suspicious++;
            hiding.count(match.pattern(), match.arrival())
                    .filter(words -> !stamps.areTrusted())
                    .ifPresent(words -> log.warn("jail {}: {}", name, words));
            return Optional.empty();
        }
        IpAddress address = match.address().get();
        IpAddress counted = counted(address);
        long millis = stamps.millis(match);
        long second = Math.floorDiv(millis, 1000L);
        if (match.kind() == Match.Kind.SUCCESS) {
            attempts.remove(counted);
            grace.succeeded(counted);
            detection.succeeded(counted);
            limits.lenience()
                    .ifPresent(lenience -> trust.succeed(counted, Instant.ofEpochMilli(millis), lenience.time()));
            return Optional.empty();
        }
        failures++;
        hiding.countAccusing(match.arrival());
        if (limits.lenience().isPresent()) {
            Trust.Standing standing = trust.standing(counted, second, findtime);
            if (standing == Trust.Standing.TRUSTED) {
                return tolerate(limits.lenience().get(), address, counted, millis, match);
            }
            // Its success was read already, from another file: that would have cleared this failure.
            if (standing == Trust.Standing.SOON) {
                return Optional.empty();
            }
        }
        Grace.Leave leave = grace.of(match, counted, second);
        boolean isSpared = leave == Grace.Leave.SPARED;
        boolean isFull =
                attempts.count(counted, second, match, isSpared ? 0 : weight(match)) && leave == Grace.Leave.COUNTS;
        // Only a decoy tells more than a number of accounts does.
        Optional<Finding> finding = (isSpared ? Optional.<Finding>empty() : detection.see(match, counted, second))
                .filter(found -> leave == Grace.Leave.COUNTS || found.kind().equals(Decoys.KIND));
        if (!isFull && finding.isEmpty()) {
            return Optional.empty();
        }
        Instant time = Instant.ofEpochMilli(millis);
        if (!isFull) {
            return Optional.of(verdict(finding.get(), address, time));
        }
        boolean proven = attempts.isProven(counted);
        BanTime bantime = proven ? limits.bantime() : limits.unprovenTime();
        detection.forget(counted);
        return Optional.of(verdict(attempts, address, counted, time, bantime, proven ? "" : ", unproven"));
    }

    private Optional<Verdict> tolerate(
            Limits.Lenience lenience, IpAddress address, IpAddress counted, long millis, Match match) {
        if (attempts.isForgeable(match.pattern())
                || !tolerated.count(counted, Math.floorDiv(millis, 1000L), match, match.weight())
                || tolerated.accounts(counted) < lenience.accounts()) {
            return Optional.empty();
        }
        Instant time = Instant.ofEpochMilli(millis);
        return Optional.of(verdict(tolerated, address, counted, time, lenience.banTime(), ", by a trusted address"));
    }

    /** A ban that has words added to it is not a full one. */
    private Verdict verdict(
            Attempts from, IpAddress address, IpAddress counted, Instant time, BanTime bantime, String added) {
        Count count = from.of(counted).orElseThrow();
        from.remove(counted);
        String words = count.patterns().entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .collect(Collectors.joining(", "));
        BanRequest request = new BanRequest(
                address, Network.ofOffender(address), Origin.jail(name), time, bantime, words + added, added.isEmpty());
        return new Verdict(request, count.failures(), count.patterns());
    }

    /**
     * Takes what another jail of its budget has counted, as far as this one's maxretry goes; the other has counted nothing
     * then. Asks for no ban.
     */
    public void inherit(Jail predecessor) {
        synchronized (budget) {
            failures += predecessor.failures;
            suspicious += predecessor.suspicious;
            attempts.inherit(predecessor.attempts);
            tolerated.inherit(predecessor.tolerated);
            detection.inherit(predecessor.detection);
            grace.inherit(predecessor.grace);
        }
    }

    /** Forgets all that it has counted, and gives the memory back: for one that is not used any more. */
    public void clear() {
        synchronized (budget) {
            attempts.clear();
            tolerated.clear();
            detection.clear();
            grace.clear();
        }
    }

    /** Returns those with the most failures that still count, most first. */
    public List<Count> top(int limit) {
        synchronized (budget) {
            Comparator<Count> byFailures =
                    Comparator.comparingInt(Count::failures).thenComparing(Count::last);
            PriorityQueue<Count> most = new PriorityQueue<>(byFailures);
            attempts.addTo(most, limit);
            tolerated.addTo(most, limit);
            return most.stream().sorted(byFailures.reversed()).toList();
        }
    }

    /** Returns what is counted against an address now. */
    public Optional<Count> count(IpAddress address) {
        synchronized (budget) {
            IpAddress counted = Network.ofOffender(address).address();
            return attempts.of(counted).or(() -> tolerated.of(counted));
        }
    }

    /** Returns how many lines it has seen that report failures. */
    public long failures() {
        synchronized (budget) {
            return failures;
        }
    }

    /** Returns how many lines it has seen that accuse nobody though they look like failures. */
    public long suspicious() {
        synchronized (budget) {
            return suspicious;
        }
    }

    /** Returns in words that somebody seems to hide, or forge lines, if that was seen within the last hour. */
    public Optional<String> trouble(Instant now) {
        synchronized (budget) {
            return hiding.trouble(now.toEpochMilli());
        }
    }

    /** Returns how many addresses it counts. */
    public int tracked() {
        synchronized (budget) {
            return attempts.tracked() + tolerated.tracked();
        }
    }

    /** Returns what is counted when this address offends: itself, or the first address of its /64. */
    private static IpAddress counted(IpAddress address) {
        return address.isV4() ? address : Network.ofOffender(address).address();
    }

    private Verdict verdict(Finding found, IpAddress address, Instant time) {
        Network offender = Network.ofOffender(address);
        // Of a campaign, each address goes on being counted.
        if (found.network().equals(offender)) {
            attempts.remove(offender.address());
            detection.forget(offender.address());
        }
        BanTime bantime = found.proven() ? found.bantime().orElse(limits.bantime()) : limits.unprovenTime();
        BanRequest request = new BanRequest(
                address, found.network(), Origin.jail(name), time, bantime, found.reason(), found.proven());
        return new Verdict(request, found.failures(), Map.of(found.kind(), found.failures()));
    }

    /**
     * A ban that an address has earned.
     *
     * @param request what the ban list is asked for
     * @param failures how many attempts, weights included, or things that were noticed
     * @param patterns how many of them by pattern, or by the word for what was noticed
     */
    public record Verdict(BanRequest request, int failures, Map<String, Integer> patterns) {}

    /**
     * What is counted against an address or /64.
     *
     * @param failures how many attempts, at most maxretry
     * @param last when the last one was
     */
    public record Count(Network network, int failures, Instant last, Map<String, Integer> patterns) {}
}
