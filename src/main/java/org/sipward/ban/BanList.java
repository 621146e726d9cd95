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
 * <p>A network can be banned twice, by this machine (a jail or the operator) and by a feed; each ban ends by itself.
 *
 * <p>Order of effects: store, memory, firewall. A ban is stored before it is in force, so that after a crash the firewall
 * can be made to agree. Two things must not stop the defence: where the store fails (a full disk), the ban is in force and
 * stored later; where the firewall fails, it is listed, and tried again by {@link #tend}. {@link #trouble} tells both.
 *
 * <p>Room: jails, the operator and feeds have room for {@link #MAX_BANS} each. Beyond it, jails' bans that prove nothing
 * give way to new ones, the oldest first; then jails' other bans to such as count; a ban of the operator or a feed is
 * refused. What gives way ends as every ban does; of those bans the log tells how many they were, once a minute.
 *
 * <p>Thread-safe: the only shared mutable state of the program. Its monitor is held while store and firewall work, so
 * changes take effect in one order; nothing that waits for the network is called under it. Questions (bans, counts, trouble)
 * do not need it. A firewall that hangs holds it once, for its time limit: then only {@link #tend} tries it, without.
 *
 * <p>Memory: some 60 bytes for a ban in force; while the store fails, twice that for those it lacks. After a crash, the
 * store has every ban that a call has returned for, unless {@link #trouble} told of the store.
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
        this.firewall = new Enforcement(firewall, inForce, allowlist);
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
     * Bans those who have earned it, in one transaction of the store and one of the firewall. A request is passed over
     * if its network is banned already, is allowed, or had been judged before a restart.
     *
     * @return the new bans; not those that have no room
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
     * Bans what a feed lists or the operator commands, each in place of a ban of its network and kind that ends at another
     * time. What is allowed or over is left out, what a feed lists but is trusted here, and what has no room.
     *
     * @return the bans that were left out because they are allowed or trusted or have no room, with the reasons
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

    /** Ends all bans that satisfy the condition. Returns what was ended. */
    public synchronized List<Ban> unban(Predicate<Ban> condition) {
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
    public void tend() {
        boolean failed;
        synchronized (this) {
            Instant now = clock.instant();
            boolean clockWasSet = steps.follow(now, inForce, stored, allowlist);
            removeOver(now);
            inForce.tend(now);
            stored.tryAgain(now);
            List<Network> allowancesOver = allowlist.removeOver(now);
            stored.disallow(allowancesOver);
            failed = firewall.tend(clockWasSet || !allowancesOver.isEmpty(), now);
        }
        if (failed) {
            firewall.mend(this, clock);
        }
    }

    private void enforce() {
        firewall.enforce(clock.instant());
    }

    /** Returns a copy of all bans in force, the one that began first at the beginning. Takes 60 bytes for each. */
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

    /** Returns the networks that this feed's bans hold. */
    public List<Network> heldBy(Origin feed) {
        return inForce.listed(feed);
    }

    /** Returns how the firewall differs from this list. Costly, and waits for the monitor: only for an operator's question. */
    public synchronized Difference difference() {
        return firewall.compare(clock.instant());
    }

    /** Returns what store and firewall cannot do now, in words; empty when all is well. */
    public List<String> trouble() {
        List<String> trouble = new ArrayList<>();
        stored.trouble().ifPresent(what -> trouble.add("store: " + what));
        firewall.trouble().ifPresent(what -> trouble.add("firewall: " + what));
        inForce.trouble().forEach(what -> trouble.add("ban list: " + what));
        return List.copyOf(trouble);
    }

    /** Returns whether the store has all that is in force. */
    public boolean isStored() {
        return stored.trouble().isEmpty();
    }

    /** Returns whether the firewall holds all that is in force, as far as is known. */
    public boolean isEnforced() {
        return firewall.trouble().isEmpty();
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
    public List<BanStore.Past> past(Network network, int limit) throws IOException {
        return store.past(network, limit);
    }

    /** Forgets the history before this time, or as much before as the clock was set ahead: that may be a mistake. */
    public synchronized void purge(Instant before) throws IOException {
        store.purge(before.minus(steps.ahead()));
    }

    /** Prefixes are the list's word against one of their addresses: they are taken. */
    private Optional<String> trust(Ban ban) {
        Network network = ban.network();
        return ban.origin().isFeed() && network.isOffender()
                ? trusted.apply(network.address()).map(found -> "trusted until " + found.until())
                : Optional.empty();
    }

    /** Begins those that have room, after others have given way to them. */
    private BansInForce.Fit begin(List<Ban> wanted, Instant now) {
        BansInForce.Fit fit = inForce.fit(wanted);
        inForce.tell(fit, now);
        end(fit.givingWay()).forEach(BanLog::giveWay);
        List<Ban> bans = fit.bans();
        if (bans.isEmpty()) {
            return fit;
        }
        // The firewall gets ready on another processor while the disk is written, and is told of no ban before that.
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
