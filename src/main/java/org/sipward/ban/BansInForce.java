package org.sipward.ban;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bans of this machine and those of feeds. A network may have one of both.
 *
 * <p>Jails, the operator and feeds have room for {@link Room#BANS} each, so that none can take another's. The operator's
 * and feeds' bans that have no room are refused. Of jails' bans the one that came first gives way to a new one, and each
 * {@linkplain Rank#UNPROVEN unproven} one gives way before any proven one: to refuse new ones would let whoever keeps the
 * room full with made-up senders go on unbanned himself. An unproven one never takes the place of a proven one.
 *
 * <p>Changed under {@link BanList}'s monitor only; asked by any thread, which then waits for no more than memory. Memory: see
 * {@link PackedBans}.
 */
final class BansInForce {
    /** So many give way at once where some must: to end one costs the store and the firewall as much as to end hundreds. */
    static final int STEP = 500;

    private static final Logger log = LoggerFactory.getLogger(BansInForce.class);

    private final PackedBans bans = new PackedBans();
    private final Rotation rotation = new Rotation();
    private final Map<Origin.Kind, Room> rooms = new EnumMap<>(Origin.Kind.class);

    /** Returns whether this machine has banned what is wished for. */
    synchronized boolean isBanned(BanRequest request, Instant now) {
        return bans.get(request.network(), false)
                .filter(ban -> request.isMetBy(ban, now))
                .isPresent();
    }

    /** Returns whether a ban of this network and kind ends at the same time. */
    synchronized boolean endsLike(Ban ban) {
        return bans.holdsAsLong(ban);
    }

    /** Returns the bans that satisfy the condition. */
    synchronized List<Ban> where(Predicate<Ban> condition) {
        PackedBans found = new PackedBans();
        for (Ban ban : bans) {
            if (condition.test(ban)) {
                found.put(ban);
            }
        }
        return found.asList();
    }

    /** Returns this feed's ban of a network. */
    synchronized Optional<Ban> listed(Origin feed, Network network) {
        return bans.get(network, true).filter(ban -> ban.origin().equals(feed));
    }

    /** Returns what this feed lists. */
    synchronized List<Network> listed(Origin feed) {
        return bans.networks(feed);
    }

    /** Returns how many are of networks with this prefix. */
    synchronized int countPrefix(int prefix) {
        return bans.countPrefix(prefix);
    }

    /** Returns those that are not over; made one by one, and valid until the next change: for its monitor only. */
    synchronized Collection<Ban> live(Instant now) {
        return bans.live(now);
    }

    /** Returns a copy of those that are not over, the one that began first at the beginning; made one by one. */
    synchronized List<Ban> copy(Instant now) {
        return bans.copy(now).asList();
    }

    /** Returns whether there are more than these. */
    synchronized boolean isMoreThan(int count) {
        return bans.size() > count;
    }

    /** Returns some that are not over, others at each call. */
    synchronized List<Ban> some(int count, Instant now) {
        return rotation.next(bans, count, now);
    }

    /** Returns how many are not over. */
    synchronized int count(Instant now) {
        return bans.live(now).size();
    }

    /** Returns those that are not over and hit this address. */
    synchronized List<Ban> of(IpAddress address, Instant now) {
        return bans.of(address, now);
    }

    /** Returns those that are over, at most as many as are ended at a time. */
    synchronized List<Ban> over(Instant now) {
        return bans.over(now, StoredBans.CHUNK);
    }

    /**
     * Takes in a stored ban; {@link #restored} follows after the last one.
     *
     * @return the ban that is stored and has no room: this one, or one that gave way to it
     */
    synchronized Optional<Ban> restore(Ban ban, Instant now) {
        if (ban.isOver(now)) {
            return Optional.empty();
        }
        if (count(ban.origin().kind()) < Room.BANS) {
            bans.put(ban);
            return Optional.empty();
        }
        room(ban).isTooSmall();
        if (Rank.of(ban) != Rank.PROVEN || bans.count(Rank.UNPROVEN) == 0) {
            return Optional.of(ban);
        }
        Ban unproven = bans.queue(Rank.UNPROVEN).next();
        bans.remove(unproven);
        bans.put(ban);
        return Optional.of(unproven);
    }

    /**
     * Takes in the bans of networks and kinds that have no ban here, as far as there is room; {@link #restored} follows.
     *
     * @return those that were taken in
     */
    synchronized List<Ban> takeOver(Collection<Ban> held, Instant now) {
        PackedBans taken = new PackedBans();
        for (Ban ban : held) {
            boolean isNew = bans.get(ban.network(), ban.origin().isFeed()).isEmpty();
            if (isNew && !ban.isOver(now) && restore(ban, now).isEmpty()) {
                taken.put(ban);
            }
        }
        if (!taken.isEmpty()) {
            log.warn("{} bans that the store has lost were found in the kernel and stay in force", taken.size());
        }
        return taken.asList();
    }

    /**
     * Puts another ban of the same network and kind in the place of each, if it is another, some at a time.
     *
     * @param before is told of them before they are in force, and may take its time: who asks meanwhile does not wait for it
     */
    void change(UnaryOperator<Ban> other, Consumer<List<Ban>> before) {
        boolean isChanged = false;
        List<Ban> changed = new ArrayList<>();
        for (int row = 0; row < size(); ) {
            row = change(row, other, changed);
            if (!changed.isEmpty()) {
                before.accept(List.copyOf(changed));
                put(changed);
                changed.clear();
                isChanged = true;
            }
        }
        if (isChanged) {
            restored();
        }
    }

    private synchronized int size() {
        return bans.size();
    }

    /** Collects those from a row on that become others, and returns the row behind them. */
    private synchronized int change(int from, UnaryOperator<Ban> other, List<Ban> changed) {
        int row = from;
        for (; row < bans.size() && changed.size() < StoredBans.CHUNK; row++) {
            Ban ban = bans.ban(row);
            Ban next = other.apply(ban);
            if (!next.equals(ban)) {
                changed.add(next);
            }
        }
        return row;
    }

    /** Puts the bans in the order in which they began; the store may have another one. */
    synchronized void restored() {
        bans.sortQueues();
    }

    /** Returns what of these can be had, and at what price. Changes nothing. */
    synchronized Fit fit(List<Ban> wanted) {
        Map<Origin.Kind, Integer> free = new EnumMap<>(Origin.Kind.class);
        for (Origin.Kind kind : Origin.Kind.values()) {
            free.put(kind, Room.BANS - count(kind));
        }
        List<Ban> fresh = new ArrayList<>();
        for (Ban ban : wanted) {
            Optional<Origin.Kind> held = kindHeld(ban);
            if (held.filter(kind -> kind == ban.origin().kind()).isEmpty()) {
                fresh.add(ban);
                free.merge(ban.origin().kind(), -1, Integer::sum);
                held.ifPresent(kind -> free.merge(kind, 1, Integer::sum));
            }
        }
        if (free.values().stream().allMatch(rest -> rest >= 0)) {
            return new Fit(wanted, List.of(), Map.of());
        }
        List<Ban> givingWay = makeRoom(free.getOrDefault(Origin.Kind.JAIL, 0), wanted, fresh);
        free.merge(Origin.Kind.JAIL, givingWay.size(), Integer::sum);
        Map<Ban, String> refused = refuse(fresh, free);
        return new Fit(wanted.stream().filter(ban -> !refused.containsKey(ban)).toList(), givingWay, refused);
    }

    /** Returns the kind of origin of the ban that this one would replace. */
    private Optional<Origin.Kind> kindHeld(Ban ban) {
        return bans.get(ban.network(), ban.origin().isFeed())
                .map(held -> held.origin().kind());
    }

    /** Returns jails' bans that give way where fewer than none are free for all that is wanted, or nearly so many. */
    private List<Ban> makeRoom(int free, List<Ban> wanted, List<Ban> fresh) {
        if (free >= 0) {
            return List.of();
        }
        Set<Network> spared = new HashSet<>();
        wanted.forEach(ban -> spared.add(ban.network()));
        List<Ban> givingWay = new ArrayList<>();
        takeFirst(Rank.UNPROVEN, Math.max(-free, STEP), spared, givingWay);
        // So many of the fresh ones that prove nothing are refused rather than that proven ones give way to them.
        int unproven = (int)
                fresh.stream().filter(ban -> Rank.of(ban) == Rank.UNPROVEN).count();
        takeFirst(Rank.PROVEN, -free - unproven - givingWay.size(), spared, givingWay);
        return givingWay;
    }

    private void takeFirst(Rank rank, int most, Set<Network> spared, List<Ban> taken) {
        Iterator<Ban> queue = bans.queue(rank);
        for (int left = most; left > 0 && queue.hasNext(); ) {
            Ban ban = queue.next();
            if (!spared.contains(ban.network())) {
                taken.add(ban);
                left--;
            }
        }
    }

    /** Returns those that have no room: the unproven first, of them and of all others those that are wanted last. */
    private Map<Ban, String> refuse(List<Ban> fresh, Map<Origin.Kind, Integer> free) {
        Map<Ban, String> refused = new LinkedHashMap<>();
        for (Rank rank : Rank.values()) {
            for (int i = fresh.size() - 1; i >= 0; i--) {
                Ban ban = fresh.get(i);
                if (Rank.of(ban) == rank && free.getOrDefault(ban.origin().kind(), 0) < 0) {
                    refused.put(ban, room(ban).refusal());
                    free.merge(ban.origin().kind(), 1, Integer::sum);
                }
            }
        }
        return refused;
    }

    /** Says what there is to say of rooms that are too small for all that was wanted. */
    synchronized void tell(Fit fit, Instant now) {
        Room ofJails = room(Origin.Kind.JAIL);
        if (!fit.givingWay().isEmpty()) {
            ofJails.isTooSmall();
        }
        fit.refused().keySet().forEach(ban -> room(ban).isTooSmall());
        ofJails.gaveWay(fit.givingWay(), now);
    }

    /** Notes, every few seconds, which rooms are not full any more. */
    synchronized void tend(Instant now) {
        rooms.forEach((kind, room) -> room.holds(count(kind)));
        room(Origin.Kind.JAIL).gaveWay(List.of(), now);
    }

    /** Returns which rooms are full, in words. */
    synchronized List<String> trouble() {
        return rooms.values().stream().flatMap(room -> room.trouble().stream()).toList();
    }

    synchronized void put(List<Ban> begun) {
        begun.forEach(bans::put);
    }

    synchronized void remove(Collection<Ban> ended) {
        ended.forEach(bans::remove);
    }

    private int count(Origin.Kind kind) {
        return switch (kind) {
            case JAIL -> bans.count(Rank.UNPROVEN) + bans.count(Rank.PROVEN);
            case OPERATOR -> bans.count(Rank.OPERATOR);
            case FEED -> bans.count(Rank.LISTED);
        };
    }

    private Room room(Ban ban) {
        return room(ban.origin().kind());
    }

    private Room room(Origin.Kind kind) {
        return rooms.computeIfAbsent(kind, Room::new);
    }

    /**
     * What can be had of a wish for bans.
     *
     * @param bans those that have room as soon as others have given way
     * @param givingWay those of jails that give way
     * @param refused those that have no room, and why
     */
    record Fit(List<Ban> bans, List<Ban> givingWay, Map<Ban, String> refused) {}
}
