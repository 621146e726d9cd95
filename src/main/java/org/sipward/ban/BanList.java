package org.sipward.ban;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bans in force: the only place where a ban begins or ends.
 *
 * <p>A network can have two bans, one by this machine (a jail or the operator) and one by a feed; each ends by itself.
 *
 * <p>Order of effects: store, memory, firewall. A ban is stored before it is in force, so that after a crash the
 * firewall can be made to agree. Two failures must not stop the defence: if the store fails (a full disk), the ban
 * takes effect and is stored later; if the firewall fails, the ban is listed and {@link #tend} retries.
 * {@link #trouble} reports both.
 *
 * <p>Room: jails, the operator and feeds have room for {@link #MAX_BANS} bans each. When the jails' room is full, their
 * unproven bans give way to new ones, the oldest first; then proven bans to new proven ones. When another room is full,
 * new bans are refused. A ban that gives way ends like any other; the log tells once a minute how many did.
 *
 * <p>Thread-safe: the only shared mutable state of the program. The monitor is held while store and firewall work, so
 * changes take effect in one order; nothing that waits for the network is called under the monitor. Questions (bans,
 * counts, trouble) do not need it. A firewall that hangs holds the monitor once, for its time limit; then only
 * {@link #tend} tries the firewall, without the monitor.
 *
 * <p>Memory: some 60 bytes for a ban in force; while the store fails, twice that for each ban that the store lacks. A
 * crash loses no ban after the call that made it has returned, unless {@link #trouble} reported a failing store.
 */
public final class BanList {
    /** The most bans by jails, the most by the operator, and the most by feeds. */
    static final int MAX_BANS = Room.BANS;

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

    /**
     * Makes a list that is empty until {@link #open}.
     *
     * @param nanos a monotonic time, which shows when the clock was set: {@link System#nanoTime}
     * @param trusted tells whether an address logged in here recently; it is trusted more than any feed
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
        this.firewall = new Enforcement(firewall, inForce, allowlist);
        this.clock = clock;
        this.steps = new ClockSteps(nanos);
    }

    /**
     * Loads the bans from the store and makes the firewall agree.
     *
     * @throws IOException if the store cannot be read; a firewall that fails is retried later
     */
    public synchronized void open() throws IOException {
        Instant now = clock.instant();
        store.allowed().forEach(allowlist::allow);
        stored.disallow(allowlist.removeOver(now));
        PackedBans withoutRoom = new PackedBans();
        store.load(ban -> inForce.restore(ban, now).ifPresent(withoutRoom::put));
        List<Ban> taken = inForce.takeOver(store.losses().isEmpty() ? List.of() : firewall.held(now), now);
        inForce.restored();
        stored.remove(withoutRoom, now);
        stored.add(taken);
        steps.begin(now, inForce, stored);
        removeAllowed(now);
        enforce();
    }

    /**
     * Bans the offenders in one transaction of the store and one of the firewall. A request is skipped if its network
     * is banned already or is allowed, or if the request was already judged before a restart.
     *
     * @return the new bans, without those that have no room
     */
    public synchronized List<Ban> ban(Collection<BanRequest> requests) {
        Instant now = clock.instant();
        Map<Network, BanRequest> wanted = new LinkedHashMap<>();
        Singles singles = new Singles(inForce);
        for (BanRequest asked : requests) {
            BanRequest request = allowlist.narrowed(asked);
            boolean isNew = !inForce.isBanned(request, now)
                    && allowlist
                            .reason(request)
                            .or(() -> singles.refuse(request))
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
        return begin(stored.measure(wanted, now), now).bans();
    }

    /**
     * Begins bans of a feed or the operator. Each replaces the ban of the same network and kind, if that ends at
     * another time. A ban is left out if it is allowed, is over, has no room, or if a feed lists an address that is
     * trusted here.
     *
     * @return the bans that were left out because they are allowed, are trusted or have no room, with the reasons
     */
    public synchronized Map<Ban, String> impose(Collection<Ban> bans) {
        Instant now = clock.instant();
        Map<Ban, String> refused = new LinkedHashMap<>();
        Map<Network, Ban> fresh = new LinkedHashMap<>();
        for (Ban ban : bans) {
            Optional<String> reason = allowlist.reason(ban).or(() -> trust(ban));
            if (reason.isPresent()) {
                refused.put(ban, reason.get());
            } else if (!ban.isOver(now) && !inForce.endsLike(ban)) {
                fresh.put(ban.network(), ban);
            }
        }
        refused.putAll(begin(List.copyOf(fresh.values()), now).refused());
        return refused;
    }

    /** Ends all bans that satisfy the condition. Returns the bans that it ended. */
    public synchronized List<Ban> unban(Predicate<Ban> condition) {
        return end(inForce.where(condition), "by command");
    }

    /** Ends this feed's bans of networks that it no longer lists. */
    public synchronized void unlist(Origin feed, Collection<Network> networks) {
        end(
                networks.stream()
                        .flatMap(network -> inForce.listed(feed, network).stream())
                        .toList(),
                "no longer listed");
    }

    /**
     * Allows this network until this time, and ends the bans within it.
     *
     * @return the bans that it ended
     * @throws IOException if the store failed; then nothing was changed
     */
    public synchronized List<Ban> allow(Network network, Instant until) throws IOException {
        store.allow(network, until);
        allowlist.allow(network, until);
        log.info("allow {} until {}", network, until);
        return allowlistChanged();
    }

    /** Undoes {@link #allow}. Returns whether the network was allowed. */
    public synchronized boolean disallow(Network network) throws IOException {
        store.disallow(network);
        boolean was = allowlist.disallow(network);
        if (was) {
            log.info("no longer allow {}", network);
            enforce();
        }
        return was;
    }

    /** Ends the bans that a changed allowlist covers, and updates the firewall. Returns the bans that it ended. */
    public synchronized List<Ban> allowlistChanged() {
        List<Ban> ended = removeAllowed(clock.instant());
        enforce();
        return ended;
    }

    /**
     * Does the work of every few seconds: forgets bans that are over; makes the firewall agree if others changed it, if
     * it failed or if a long time has passed; and retries what could not be stored.
     */
    public void tend() {
        boolean failed;
        synchronized (this) {
            Instant now = clock.instant();
            boolean clockWasSet = steps.follow(now, inForce, stored, allowlist);
            removeOver(now);
            inForce.tend(now);
            stored.retry(now);
            List<Network> allowancesOver = allowlist.removeOver(now);
            stored.disallow(allowancesOver);
            failed = firewall.tend(clockWasSet || !allowancesOver.isEmpty(), now);
        }
        if (failed) {
            firewall.retry(this, clock);
        }
    }

    private void enforce() {
        firewall.enforce(clock.instant());
    }

    /** Returns a copy of all bans in force, the oldest first. Takes 60 bytes for each. */
    public List<Ban> bans() {
        return inForce.copy(clock.instant());
    }

    /** Returns how many bans are in force. */
    public int count() {
        return inForce.count(clock.instant());
    }

    /** Returns the bans that hit this address. */
    public List<Ban> bansOf(IpAddress address) {
        return inForce.of(address, clock.instant());
    }

    /** Returns the networks that this feed has banned. */
    public List<Network> heldBy(Origin feed) {
        return inForce.listed(feed);
    }

    /** Returns how the firewall differs from this list. Costly, and waits for the monitor: only for operators. */
    public synchronized Difference difference() {
        return firewall.compare(clock.instant());
    }

    /** Returns messages about what store and firewall cannot do now; empty when all is well. */
    public List<String> trouble() {
        List<String> trouble = new ArrayList<>();
        stored.trouble().ifPresent(what -> trouble.add("store: " + what));
        firewall.trouble().ifPresent(what -> trouble.add("firewall: " + what));
        inForce.trouble().forEach(what -> trouble.add("ban list: " + what));
        return List.copyOf(trouble);
    }

    /** Returns whether the store has all bans in force. */
    public boolean isStored() {
        return stored.trouble().isEmpty();
    }

    /** Returns whether the firewall holds all bans in force, as far as is known. */
    public boolean isEnforced() {
        return firewall.trouble().isEmpty();
    }

    /** Returns messages about what the store has lost during the last day. */
    public List<String> losses() {
        return store.losses();
    }

    /** Returns the allowlist. */
    public Allowlist allowlist() {
        return allowlist;
    }

    /** Returns the past and present bans of networks that overlap this one, the latest first. */
    public List<BanStore.Past> past(Network network, int limit) throws IOException {
        return store.past(network, limit);
    }

    /** Forgets the history before this time. Keeps as much more as the clock was set ahead, perhaps by mistake. */
    public synchronized void purge(Instant before) throws IOException {
        store.purge(before.minus(steps.ahead()));
    }

    /** Returns why a feed's ban gives way to trust. A listed prefix outweighs trust in one address inside it. */
    private Optional<String> trust(Ban ban) {
        Network network = ban.network();
        return ban.origin().isFeed() && network.isOffender()
                ? trusted.apply(network.address()).map(found -> "trusted until " + found.until())
                : Optional.empty();
    }

    /** Begins the bans that have room, after others have given way to them. */
    private BansInForce.Fit begin(List<Ban> wanted, Instant now) {
        BansInForce.Fit fit = inForce.fit(wanted);
        inForce.tell(fit, now);
        end(fit.givingWay()).forEach(BanLog::giveWay);
        List<Ban> bans = fit.bans();
        if (bans.isEmpty()) {
            return fit;
        }
        // The firewall gets ready on another processor while the store writes. It learns of a ban only after that.
        firewall.expectBlock();
        stored.add(bans);
        inForce.put(bans);
        if (!firewall.block(bans, now)) {
            enforce();
        }
        bans.forEach(BanLog::begin);
        return fit;
    }

    private List<Ban> end(List<Ban> bans, String why) {
        end(bans).forEach(ban -> BanLog.end(ban, why));
        return bans;
    }

    private List<Ban> end(List<Ban> bans) {
        if (!bans.isEmpty()) {
            forget(bans, clock.instant());
            if (!firewall.unblock(bans)) {
                enforce();
            }
        }
        return bans;
    }

    /** The kernel ends a ban by itself when its time is over. */
    private void removeOver(Instant now) {
        for (List<Ban> over = inForce.over(now); !over.isEmpty(); over = inForce.over(now)) {
            forget(over, now);
            over.forEach(ban -> BanLog.end(ban, "time is over"));
        }
    }

    private List<Ban> removeAllowed(Instant now) {
        List<Ban> allowed = inForce.where(ban -> allowlist.reason(ban).isPresent());
        if (!allowed.isEmpty()) {
            forget(allowed, now);
            allowed.forEach(ban -> BanLog.end(ban, allowlist.reason(ban).orElse("allowed")));
        }
        return allowed;
    }

    private void forget(Collection<Ban> bans, Instant now) {
        stored.remove(bans, now);
        inForce.remove(bans);
    }
}
