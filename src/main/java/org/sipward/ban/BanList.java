package org.sipward.ban;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bans in force: the only place where a ban begins or ends.
 *
 * <p>A network can be banned twice, once by this machine (a jail or the operator) and once by a feed; each ban ends by
 * itself.
 *
 * <p>Order of effects: store, memory, firewall. A ban is stored before it is in force, so that after a crash the
 * firewall can be made to agree. Two things must not stop the defence: where the store fails (a full disk), the ban is
 * in force all the same and stored later; where the firewall fails, the ban is listed, and tried again by {@link #tend}.
 * Each is said once, and shown by {@link #trouble}.
 *
 * <p>Thread-safe: the only shared mutable state of the program. Its monitor is held while store and firewall work, so
 * changes take effect in one order; nothing that waits for the network is called under it.
 *
 * <p>Memory: some 50 bytes for a ban in force, of which there are at most {@link #MAX_BANS} by this machine and as many by
 * feeds; while the store fails, twice that for those it lacks. After a crash, the store has every ban that a call has returned for, unless {@link #trouble} told of the store.
 */
public final class BanList {
    /** Within this time the firewall is made to agree in full, whatever looks right. */
    static final Duration ENFORCE = Duration.ofMinutes(5);

    /** The most bans by this machine, and the most by feeds. Beyond it new ones are turned down, which trouble tells. */
    static final int MAX_BANS = 100_000;

    private static final Logger log = LoggerFactory.getLogger(BanList.class);

    private final Allowlist allowlist;
    private final BanStore store;
    private final StoredBans stored;
    private final Enforcement firewall;
    private final Clock clock;
    private final ClockSteps steps;
    private final Function<IpAddress, Optional<Trusted>> trusted;
    private final BansInForce inForce = new BansInForce();
    private final Refusals refusals = new Refusals();
    private Instant enforced = Instant.MIN;

    /** Makes a list that is empty until {@link #open}, trusts nobody, and takes the clock for one that nobody sets. */
    public BanList(Allowlist allowlist, BanStore store, Firewall firewall, Clock clock) {
        this(allowlist, store, firewall, clock, () -> clock.millis() * 1_000_000, any -> Optional.empty());
    }

    /**
     * Makes a list that is empty until {@link #open}.
     *
     * @param nanos a time that nobody sets, to tell when the clock was set: {@link System#nanoTime}
     * @param trusted tells who has logged in here of late: no feed knows him better
     */
    public BanList(
            Allowlist allowlist,
            BanStore store,
            Firewall firewall,
            Clock clock,
            LongSupplier nanos,
            Function<IpAddress, Optional<Trusted>> trusted) {
        this.trusted = trusted;
        this.allowlist = allowlist;
        this.store = store;
        this.stored = new StoredBans(store);
        this.firewall = new Enforcement(firewall);
        this.clock = clock;
        this.steps = new ClockSteps(nanos);
    }

    /**
     * Loads what the store holds and makes the firewall agree.
     *
     * @throws IOException if the store cannot be read; a firewall that fails is tried again later
     */
    public synchronized void open() throws IOException {
        Instant now = clock.instant();
        store.allowed().forEach(allowlist::allow);
        stored.disallow(allowlist.removeOver(now));
        store.load(ban -> inForce.restore(ban, now));
        stored.add(inForce.takeOver(store.losses().isEmpty() ? List.of() : firewall.held(now), now));
        steps.begin(now, inForce, stored);
        removeAllowed(now);
        enforce();
    }

    /**
     * Bans those who have earned it, in one transaction of the store and one of the firewall. A request is passed over
     * if its network is banned already, is allowed, or had been judged before a restart.
     *
     * @return the new bans
     */
    public synchronized List<Ban> ban(Collection<BanRequest> requests) {
        Instant now = clock.instant();
        Map<Network, BanRequest> wanted = new LinkedHashMap<>();
        for (BanRequest request : requests) {
            // A ban that proves little gives way to one that does.
            boolean banned = inForce.own(request.network())
                    .filter(ban -> !ban.isOver(now) && (ban.count() > 0 || !request.isFull()))
                    .isPresent();
            boolean isNew = !banned
                    && allowlist
                            .reason(request)
                            .map(reason -> refusals.refused(request.network(), request.origin(), reason, now))
                            .isEmpty();
            if (isNew) {
                wanted.merge(
                        request.network(), request, (first, next) -> next.isFull() && !first.isFull() ? next : first);
            }
        }
        if (wanted.isEmpty()) {
            return List.of();
        }
        List<Ban> bans = stored.measure(wanted, now);
        begin(bans, now);
        return bans;
    }

    /**
     * Bans what a feed lists or the operator commands, each in place of a ban of its network and kind that ends at another
     * time. What is allowed or over is left out, and what a feed lists but is trusted here.
     *
     * @return the bans that were left out because they are allowed or trusted, with the reasons
     */
    public synchronized Map<Ban, String> impose(Collection<Ban> bans) {
        Instant now = clock.instant();
        Map<Ban, String> refused = new LinkedHashMap<>();
        Map<Network, Ban> fresh = new LinkedHashMap<>();
        for (Ban ban : bans) {
            Optional<String> reason = allowlist.reason(ban.network()).or(() -> trust(ban, now));
            if (reason.isPresent()) {
                refused.put(ban, reason.get());
            } else if (!ban.isOver(now) && !inForce.endsLike(ban)) {
                fresh.put(ban.network(), ban);
            }
        }
        begin(List.copyOf(fresh.values()), now);
        return refused;
    }

    /** Ends all bans whose networks satisfy the condition. Returns what was ended. */
    public synchronized List<Ban> unban(Predicate<Network> condition) {
        return end(inForce.where(condition), "by command");
    }

    /** Ends those bans of a feed that it no longer lists. */
    public synchronized void unlist(Origin feed, Collection<Network> networks) {
        end(
                networks.stream()
                        .flatMap(network -> inForce.listed(feed, network).stream())
                        .toList(),
                "no longer listed");
    }

    /**
     * Never bans this network until then, and ends the bans within it.
     *
     * @return what was ended
     * @throws IOException if it could not be stored; then nothing was changed
     */
    public synchronized List<Ban> allow(Network network, Instant until) throws IOException {
        store.allow(network, until);
        allowlist.allow(network, until);
        log.info("allow {} until {}", network, until);
        return allowlistChanged();
    }

    /** Takes back {@link #allow}. Returns whether there was something to take back. */
    public synchronized boolean disallow(Network network) throws IOException {
        store.disallow(network);
        boolean was = allowlist.disallow(network);
        if (was) {
            log.info("no longer allow {}", network);
            enforce();
        }
        return was;
    }

    /** Ends the bans that a changed allowlist covers, and tells the firewall. Returns what was ended. */
    public synchronized List<Ban> allowlistChanged() {
        List<Ban> ended = removeAllowed(clock.instant());
        enforce();
        return ended;
    }

    /**
     * Does what has to be done every few seconds: forgets bans that are over, makes the firewall agree where it was
     * changed by others or failed, or a long time has passed, and stores what could not be stored.
     */
    public synchronized void tend() {
        Instant now = clock.instant();
        boolean clockWasSet = steps.follow(now, inForce, stored, allowlist);
        removeOver(now);
        stored.tryAgain(now);
        List<Network> allowancesOver = allowlist.removeOver(now);
        stored.disallow(allowancesOver);
        // A clock that was set back makes everything due.
        boolean due = clockWasSet || enforced.isBefore(now.minus(ENFORCE)) || enforced.isAfter(now);
        if (!allowancesOver.isEmpty() || due || !firewall.isIntact(inForce, allowlist.networks(), now)) {
            enforce();
        }
    }

    /** Makes the firewall hold exactly this list. */
    public synchronized void enforce() {
        enforced = clock.instant();
        firewall.enforce(inForce.live(enforced), allowlist.networks(), enforced);
    }

    /** Returns all bans in force. */
    public synchronized List<Ban> bans() {
        return List.copyOf(inForce.live(clock.instant()));
    }

    /** Returns how many bans are in force. */
    public synchronized int count() {
        return inForce.live(clock.instant()).size();
    }

    /** Returns the bans that hit this address. */
    public synchronized List<Ban> bansOf(IpAddress address) {
        return inForce.live(clock.instant()).stream()
                .filter(ban -> ban.network().contains(address))
                .toList();
    }

    /** Returns the networks that this feed's bans hold. */
    public synchronized List<Network> heldBy(Origin feed) {
        return inForce.listed(feed);
    }

    /** Returns how the firewall differs from this list. Costly: only for an operator's question. */
    public synchronized Difference difference() {
        return firewall.compare(bans(), allowlist.networks(), clock.instant());
    }

    /** Returns what store and firewall cannot do now, in words; empty when all is well. */
    public synchronized List<String> trouble() {
        return Stream.of(
                        stored.trouble().map(what -> "store: " + what),
                        firewall.trouble().map(what -> "firewall: " + what),
                        inForce.isFull()
                                ? Optional.of("more than " + MAX_BANS + " bans, new ones are turned down")
                                : Optional.<String>empty())
                .flatMap(Optional::stream)
                .toList();
    }

    /** Returns whether the store has all that is in force. */
    public synchronized boolean isStored() {
        return stored.trouble().isEmpty();
    }

    /** Returns what the store has lost during the last day, in words. */
    public List<String> losses() {
        return store.losses();
    }

    /** Returns the allowlist. */
    public Allowlist allowlist() {
        return allowlist;
    }

    /** Returns the bans, past and present, of networks that overlap this one, latest first. */
    public synchronized List<BanStore.Past> past(Network network, int limit) throws IOException {
        return store.past(network, limit);
    }

    /** Forgets the history before this time, or as much before as the clock was set ahead: that may be a mistake. */
    public synchronized void purge(Instant before) throws IOException {
        store.purge(before.minus(steps.ahead()));
    }

    /** Prefixes are the list's word against one of their addresses: they are taken. */
    private Optional<String> trust(Ban ban, Instant now) {
        Network network = ban.network();
        return ban.origin().isFeed() && network.isOffender()
                ? trusted.apply(network.address())
                        .map(found -> refusals.refused(network, ban.origin(), "trusted until " + found.until(), now))
                : Optional.empty();
    }

    private void begin(List<Ban> wanted, Instant now) {
        List<Ban> bans = inForce.fitting(wanted);
        if (bans.isEmpty()) {
            return;
        }
        // The firewall gets ready on another processor while the disk is written; it is told of no ban before that is
        // done.
        firewall.expectBlock();
        stored.add(bans);
        inForce.put(bans);
        if (!firewall.block(bans, now)) {
            enforce();
        }
        bans.forEach(BanLog::begin);
    }

    private List<Ban> end(List<Ban> bans, String why) {
        if (bans.isEmpty()) {
            return bans;
        }
        Instant now = clock.instant();
        forget(bans, now);
        if (!firewall.unblock(bans)) {
            enforce();
        }
        bans.forEach(ban -> BanLog.end(ban, why));
        return bans;
    }

    /** The kernel ends a ban by itself when its time is over. */
    private void removeOver(Instant now) {
        List<Ban> over = inForce.over(now);
        if (!over.isEmpty()) {
            forget(over, now);
            over.forEach(ban -> BanLog.end(ban, "time is over"));
        }
    }

    private List<Ban> removeAllowed(Instant now) {
        Map<Ban, String> allowed = new LinkedHashMap<>();
        inForce.all().forEach(ban -> allowlist.reason(ban.network()).ifPresent(reason -> allowed.put(ban, reason)));
        if (!allowed.isEmpty()) {
            forget(allowed.keySet(), now);
            allowed.forEach(BanLog::end);
        }
        return List.copyOf(allowed.keySet());
    }

    private void forget(Collection<Ban> bans, Instant now) {
        inForce.remove(bans);
        stored.remove(bans, now);
    }
}
