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
 * The bans of this machine and those of feeds. A network may have one of each.
 *
 * <p>Jails, the operator and feeds have room for {@link Room#BANS} bans each, so that none can take another's room. A
 * ban of the operator or a feed that has no room is refused. When the jails' room is full, their oldest ban gives way
 * to a new one, and all {@linkplain Rank#UNPROVEN unproven} bans give way before any proven one. If new bans were
 * refused instead, an attacker could fill the room with forged senders and so stay unbanned. An unproven ban never
 * takes the place of a proven one.
 *
 * <p>Only {@link BanList} changes it, under its monitor. Any thread may read it, and never waits for store or firewall.
 * Memory: see {@link PackedBans}.
 */
final class BansInForce {
    /** How many bans give way at once: ending one costs the store and the firewall as much as ending hundreds. */
    static final int STEP = 500;

    private static final Logger log = LoggerFactory.getLogger(BansInForce.class);

    private final PackedBans bans = new PackedBans();
    private final Rotation rotation = new Rotation();
    private final Map<Origin.Kind, Room> rooms = new EnumMap<>(Origin.Kind.class);

    /** Returns whether this machine has already banned what is requested. */
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

    /** Returns the networks that this feed has banned. */
    synchronized List<Network> listed(Origin feed) {
        return bans.networks(feed);
    }

    /** Returns how many bans are of networks with this prefix length. */
    synchronized int countPrefix(int prefix) {
        return bans.countPrefix(prefix);
    }

    /** Returns a view of the bans that are not over, valid until the next change: use it under the monitor only. */
    synchronized Collection<Ban> live(Instant now) {
        return bans.live(now);
    }

    /** Returns a copy of the bans that are not over, the oldest first. Elements are made when they are asked for. */
    synchronized List<Ban> copy(Instant now) {
        return bans.copy(now).asList();
    }

    /** Returns whether there are more than {@code count} bans. */
    synchronized boolean isMoreThan(int count) {
        return bans.size() > count;
    }

    /** Returns some bans that are not over, different ones at each call. */
    synchronized List<Ban> some(int count, Instant now) {
        return rotation.next(bans, count, now);
    }

    /** Returns how many bans are not over. */
    synchronized int count(Instant now) {
        return bans.live(now).size();
    }

    /** Returns the bans that are not over and hit this address. */
    synchronized List<Ban> of(IpAddress address, Instant now) {
        return bans.of(address, now);
    }

    /** Returns bans that are over, at most {@link StoredBans#CHUNK}. */
    synchronized List<Ban> over(Instant now) {
        return bans.over(now, StoredBans.CHUNK);
    }

    /**
     * Adds a stored ban. Call {@link #restored} after the last one.
     *
     * @return the ban that is in the store but has no room here: this one, or the one that gave way to it
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
     * Adds bans whose network and kind have no ban here, as far as there is room. Call {@link #restored} afterwards.
     *
     * @return the bans that were added
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
            log.warn("the store has lost {} bans; they were found in the kernel and stay in force", taken.size());
        }
        return taken.asList();
    }

    /**
     * Replaces each ban by what {@code other} makes of it, some at a time. Network and kind stay the same.
     *
     * @param before receives the changed bans before they are in force. It may be slow: other threads can read
     *     meanwhile
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

    /** Collects changed bans, beginning at a row, and returns the row at which to go on. */
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

    /** Sorts the bans by their beginning: the store may have returned them in another order. */
    synchronized void restored() {
        bans.sortQueues();
    }

    /** Returns which of these bans have room, and which others must give way to them. Changes nothing. */
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

    /** Returns the jails' bans that give way if {@code free} is negative. These may be fewer than are needed. */
    private List<Ban> makeRoom(int free, List<Ban> wanted, List<Ban> fresh) {
        if (free >= 0) {
            return List.of();
        }
        Set<Network> spared = new HashSet<>();
        wanted.forEach(ban -> spared.add(ban.network()));
        List<Ban> givingWay = new ArrayList<>();
        takeFirst(Rank.UNPROVEN, Math.max(-free, STEP), spared, givingWay);
        // New unproven bans are refused instead: no proven ban gives way to them.
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

    /** Returns the bans that have no room: unproven bans first, and among equals the last in the list first. */
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

    /** Logs which rooms are too small for all these bans, and how many bans gave way. */
    synchronized void tell(Fit fit, Instant now) {
        Room ofJails = room(Origin.Kind.JAIL);
        if (!fit.givingWay().isEmpty()) {
            ofJails.isTooSmall();
        }
        fit.refused().keySet().forEach(ban -> room(ban).isTooSmall());
        ofJails.gaveWay(fit.givingWay(), now);
    }

    /** Checks, every few seconds, which rooms are no longer full. */
    synchronized void tend(Instant now) {
        rooms.forEach((kind, room) -> room.holds(count(kind)));
        room(Origin.Kind.JAIL).gaveWay(List.of(), now);
    }

    /** Returns a message for each room that is full. */
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
     * Which of the wanted bans have room.
     *
     * @param bans the bans that have room as soon as others have given way
     * @param givingWay the jails' bans that give way
     * @param refused the bans that have no room, with the reason
     */
    record Fit(List<Ban> bans, List<Ban> givingWay, Map<Ban, String> refused) {}
}
