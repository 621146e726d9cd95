package org.sipward.feed;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sipward.apiban.PageAnswer;
import org.sipward.apiban.PageId;
import org.sipward.ban.Ban;
import org.sipward.ban.Origin;
import org.sipward.net.Network;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns pages into bans and keeps the place in the list: bans first, cursor second, so that a crash repeats a page and
 * never skips one.
 *
 * <p>Reads the whole list when there is none to stand on, every 24 hours, and on demand; then ends the bans that it no
 * longer holds, so that there is no moment with less than the list in force. Else reads what is new.
 *
 * <p>One thread at a time. If a method throws, the store refused; it may be repeated and nothing is lost.
 */
final class Intake {
    /** How long APIBAN keeps an address, and so the longest that we do. */
    static final Duration LIFETIME = Duration.ofDays(7);

    static final Duration FULL = Duration.ofHours(24);

    /** IDs are taken for times only this far around now: an entry's life and some for clocks that are wrong. */
    private static final Duration PAST = Duration.ofDays(8);

    private static final Duration FUTURE = Duration.ofDays(1);

    private static final Logger log = LoggerFactory.getLogger(Intake.class);

    private final String feed;
    private final String reason;
    private final Duration bantime;
    private final FeedTarget target;
    private final Health health;
    private final EntryCheck screen = new EntryCheck();
    private FeedCursor cursor = FeedCursor.NONE;
    private @Nullable Round round;
    private long allowed;
    private long expired;

    Intake(FeedSettings settings, String host, FeedTarget target, Health health) {
        this.feed = settings.name();
        this.reason = "listed by " + host + " (" + settings.set() + ")";
        this.bantime = settings.bantime().compareTo(LIFETIME) < 0 ? settings.bantime() : LIFETIME;
        this.target = target;
        this.health = health;
    }

    /** Takes up the saved cursor. Returns whether a list of an earlier process is in force. */
    boolean begin() throws IOException {
        cursor = target.load().map(FeedCursor::parse).orElse(FeedCursor.NONE);
        int held = target.held().size();
        boolean few = held == 0 || (lasts() && held * 2L < cursor.taken());
        if (few && !cursor.id().equals(PageId.START)) {
            // The bans are gone, lost or run out: going on from here would protect from little and look healthy.
            log.info("feed {} holds {} of {} addresses, so it reads its whole list again", feed, held, cursor.taken());
            cursor = cursor.restarted();
        }
        return held > 0;
    }

    /** Returns whether most of what is taken from a whole list lasts until it is read whole again. */
    boolean lasts() {
        return bantime.compareTo(FULL.multipliedBy(2)) >= 0;
    }

    /** Begins to read the whole list, in place of whatever is under way. */
    void again(boolean force, Instant now) {
        start(force ? Round.Kind.FORCED : Round.Kind.AGAIN, now);
    }

    /** Begins what is due, unless something is under way. Returns whether it began to read the whole list. */
    boolean resume(Instant now) {
        if (round != null) {
            return false;
        }
        boolean due = cursor.full()
                .map(last -> last.isAfter(now) || !last.plus(FULL).isAfter(now))
                .orElse(true);
        start(due ? Round.Kind.AGAIN : Round.Kind.NEWS, now);
        return due;
    }

    /** Returns the place to ask for. */
    String place() {
        return current().place();
    }

    /** Returns how many pages of the list, or of its news, were taken in so far. */
    int pages() {
        return current().pages();
    }

    /** Returns whether the page taken in last has no place behind it. */
    boolean isAtEnd() {
        return current().isAtEnd();
    }

    /**
     * Takes in a page.
     *
     * @return why it was refused, and nothing of it taken; empty if all is well
     */
    Optional<String> page(PageAnswer.Page page, Instant now) throws IOException {
        Round current = current();
        Set<Network> networks = screen.pass(page.addresses());
        if (page.addresses().stream().noneMatch(PageAnswer::isAddress)) {
            return Optional.of("its page holds no address");
        }
        Optional<String> doubt = current.doubt(page, networks, target::held);
        if (doubt.isPresent()) {
            return doubt;
        }
        List<Ban> bans = bans(page, networks, now);
        if (current.holdsBack()) {
            current.hold(bans);
        } else {
            allowed += bans.isEmpty() ? 0 : target.add(bans);
        }
        current.advance(page, networks);
        return Optional.empty();
    }

    /** The end of the list was reached. */
    void end(Instant now) throws IOException {
        Round current = current();
        addPending(current, now);
        if (current.isFull()) {
            settle(current, now);
        } else if (current.pages() > 0) {
            move(cursor.withId(current.place()));
        }
        round = null;
    }

    /**
     * Drops what is under way. Returns whether the feed goes on with what is new all the same, and the whole list has time
     * until tomorrow: so it is where there is an old list to stand on.
     */
    boolean giveUp(Instant now) throws IOException {
        boolean again = current().isRepeated();
        round = null;
        if (again) {
            move(cursor.withFull(now));
        }
        return again;
    }

    /** Remembers which version of the protocol the server speaks; saved with the next place. */
    void spoke(int version) {
        cursor = cursor.withVersion(version);
    }

    FeedCursor cursor() {
        return cursor;
    }

    FeedStatus.Refused refused() {
        return screen.counters(allowed, expired);
    }

    private void start(Round.Kind kind, Instant now) {
        int held = target.held().size();
        boolean first = kind == Round.Kind.AGAIN && (held == 0 || cursor.full().isEmpty());
        String place = kind == Round.Kind.NEWS ? cursor.id() : PageId.START;
        if (kind != Round.Kind.NEWS) {
            screen.reset();
            allowed = 0;
            expired = 0;
        }
        round = new Round(first ? Round.Kind.FIRST : kind, place, cursor.listed(), held);
        log.debug("feed {} begins at ID {} at {}", feed, place, now);
    }

    private Round current() {
        if (round == null) {
            throw new IllegalStateException("feed " + feed + " has no round under way");
        }
        return round;
    }

    private void addPending(Round current, Instant now) throws IOException {
        Map<Network, Ban> latest = new LinkedHashMap<>();
        current.pending().stream().filter(ban -> !ban.isOver(now)).forEach(ban -> latest.put(ban.network(), ban));
        if (!latest.isEmpty()) {
            allowed += target.add(latest.values());
        }
    }

    /** Ends the bans that the list, which was read whole, no longer holds. */
    private void settle(Round whole, Instant now) throws IOException {
        Collection<Network> held = target.held();
        FeedCursor next = cursor.withId(whole.place()).withFull(now);
        if (whole.hasShrunk(held.size())) {
            health.warned(
                    "its list shrank from " + held.size() + " to "
                            + whole.seen().size()
                            + " networks, so what is in force stays until its own end, or a forced sync",
                    now);
            move(next);
            return;
        }
        List<Network> gone =
                held.stream().filter(network -> !whole.seen().contains(network)).toList();
        if (!gone.isEmpty()) {
            target.remove(gone);
        }
        int blocked = target.held().size();
        move(next.withListed(whole.seen().size(), blocked));
        health.believed();
        log.info(
                "feed {} full list: {} ({} blocked, {} allowlisted or trusted, {} out of date); {} no longer listed"
                        + " and unblocked",
                feed,
                whole.seen().size() + (whole.seen().size() == 1 ? " address" : " addresses"),
                blocked,
                allowed,
                expired,
                gone.size());
    }

    private void move(FeedCursor next) throws IOException {
        target.save(next.text());
        cursor = next;
    }

    private List<Ban> bans(PageAnswer.Page page, Set<Network> networks, Instant now) {
        Instant since = listed(page, now);
        Instant until = since.plus(bantime);
        if (!until.isAfter(now)) {
            expired += networks.size();
            return List.of();
        }
        Origin origin = Origin.feed(feed);
        return networks.stream()
                .map(network -> new Ban(network, origin, since, until, 1, reason))
                .toList();
    }

    /** Returns when the page's addresses were listed, at the latest: its ID where that is a time, else now. */
    private static Instant listed(PageAnswer.Page page, Instant now) {
        long seconds = page.id().map(Long::parseLong).orElse(-1L);
        long from = now.minus(PAST).getEpochSecond();
        long to = now.plus(FUTURE).getEpochSecond();
        if (seconds < from || seconds > to) {
            return now;
        }
        Instant time = Instant.ofEpochSecond(seconds);
        return time.isAfter(now) ? now : time;
    }
}
