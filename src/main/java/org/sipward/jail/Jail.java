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
 * Counts the failures that a filter finds, per IPv4 address and per /64 of IPv6, and asks for a ban at the
 * {@code maxretry}-th failure within {@code findtime}. The lines of one attempt count once ({@link Attempts}).
 *
 * <p>A success clears the address's failures and makes the address {@linkplain Trust trusted}: it has real phones, of
 * which one may have an old password. Only the larger number of failures that {@link Limits.Lenience} sets, of several
 * accounts, then leads to a ban, and to a short one. Lines that callers can forge do not count against a trusted
 * address at all. Its further successes clear nothing, because otherwise an attacker with one valid password could
 * guess at other accounts without end.
 *
 * <p>Keep-alives of an unknown server, and an office whose address has changed, get {@link Grace}.
 *
 * <p>If no line proves that the sender owns the address, the ban is short and is not remembered; otherwise a packet
 * with a spoofed source would lock out the address's real owner.
 *
 * <p>Time is that of the log lines, so a backlog read after a restart is judged as it happened. If a line was written
 * just now and its stamp differs from this machine's clock by more than {@link Stamps#ABSURD}, the line is judged by
 * its arrival instead, because the writer's clock or time zone is wrong.
 *
 * <p>Memory is bounded: at most 100,000 addresses, as many trusted ones, and for all jails of an agent together the
 * {@link Budget}, which decides what is forgotten first. A flood from spoofed addresses can only make the jail forget
 * addresses of which nothing is proven, and gives an attacker at most {@code maxretry} more tries. Nothing survives a
 * crash; afterwards the lines of the last findtime are read again.
 *
 * <p>Thread-safe, by the budget's monitor, which is taken only for a line that matches.
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
    /** The attempts of trusted addresses. */
    private final Attempts tolerated;

    private long failures;
    private long suspicious;
    private final HidingAlarm hiding = new HidingAlarm();
    private final Stamps stamps;
    private final Budget budget;
    private final Grace grace;
    private Detection detection;

    /** Makes a jail without any counts. */
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

    /** Makes a jail without trust and with full bans for every address. */
    public Jail(String name, Filter filter, ZoneId zone, int maxretry, Duration findtime, BanTime bantime) {
        this(name, filter, zone, Limits.plain(maxretry, findtime, bantime), new Trust());
    }

    /**
     * Believes every time stamp from now on. For old logs, whose file times say little about when a line was written.
     */
    public void trustStamps() {
        synchronized (budget) {
            stamps.trust();
        }
    }

    /** Sets what to detect from now on, besides counting failures. */
    public void detect(Detection detected) {
        synchronized (budget) {
            detection = detected;
        }
    }

    /** Returns how many failures this failure counts for. */
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

    /** Returns the filter for the jail's logs. */
    public Filter filter() {
        return filter;
    }

    /** Begins to read a log with this jail's filter. Pass its matches to {@link #judge}. */
    public LogReader open() {
        return filter.reader(zone);
    }

    /** Counts a line's failure or success. Asks for a ban if a failure reaches the limit. */
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
            // The address's later success was already read, from another file; it would have cleared this failure.
            if (standing == Trust.Standing.SOON) {
                return Optional.empty();
            }
        }
        Grace.Leave leave = grace.of(match, counted, second, attempts);
        boolean isSpared = leave == Grace.Leave.SPARED;
        boolean isFull =
                attempts.count(counted, second, match, isSpared ? 0 : weight(match)) && leave == Grace.Leave.COUNTS;
        // During the grace only a decoy is proof enough; a number of accounts is not.
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

    /** Makes a verdict from the counted failures. If words are added, it is not a full ban. */
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
     * Takes over the counts of another jail of the same budget, up to this jail's maxretry; the other jail is empty
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

    /** Forgets all counts, and gives the memory back. For a jail that is no longer used. */
    public void clear() {
        synchronized (budget) {
            attempts.clear();
            tolerated.clear();
            detection.clear();
            grace.clear();
        }
    }

    /** Returns the addresses with the most failures that still count, most failures first. */
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

    /** Returns the count of an address's failures now. */
    public Optional<Count> count(IpAddress address) {
        synchronized (budget) {
            IpAddress counted = Network.ofOffender(address).address();
            return attempts.of(counted).or(() -> tolerated.of(counted));
        }
    }

    /** Returns how many lines reported failures. */
    public long failures() {
        synchronized (budget) {
            return failures;
        }
    }

    /** Returns how many lines looked like failures but named no usable address. */
    public long suspicious() {
        synchronized (budget) {
            return suspicious;
        }
    }

    /** Returns, in words, that an attacker seems to hide or forge lines, if that was noticed within the last hour. */
    public Optional<String> trouble(Instant now) {
        synchronized (budget) {
            return hiding.trouble(now.toEpochMilli());
        }
    }

    /** Returns how many addresses have failures. */
    public int tracked() {
        synchronized (budget) {
            return attempts.tracked() + tolerated.tracked();
        }
    }

    /** Returns the address that failures are counted for: the address itself, or the first address of its /64. */
    private static IpAddress counted(IpAddress address) {
        return address.isV4() ? address : Network.ofOffender(address).address();
    }

    private Verdict verdict(Finding found, IpAddress address, Instant time) {
        Network offender = Network.ofOffender(address);
        // For a campaign, the single addresses are still counted.
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
     * @param request the request for the ban list
     * @param failures how many attempts, weights included, or how many things a detector counted
     * @param patterns how many of them for each pattern, or for the detector's kind
     */
    public record Verdict(BanRequest request, int failures, Map<String, Integer> patterns) {}

    /**
     * The count of failures of an address or /64.
     *
     * @param failures how many attempts, at most maxretry
     * @param last when the last attempt was
     */
    public record Count(Network network, int failures, Instant last, Map<String, Integer> patterns) {}
}
