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
import org.sipward.time.Due;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns pages into bans and keeps the place in the list. Bans are stored first and the cursor second, so that a crash
 * repeats a page and never skips one.
 *
 * <p>Reads the whole list if there is no previous list, every 24 hours, and on demand. At its end the bans that it no
 * longer holds are ended, so that at no moment less than the list is in force. Otherwise reads only the new entries.
 *
 * <p>One thread at a time. If a method throws, the store failed; the call may be repeated and nothing is lost.
 */
final class Intake {
    /** How long APIBAN keeps an address, and so the longest that we do. */
    static final Duration LIFETIME = Duration.ofDays(7);

    static final Duration FULL = Duration.ofHours(24);

    /** An ID counts as a time only if it is this near to now: an entry's lifetime, and some more for wrong clocks. */
    private static final Duration PAST = Duration.ofDays(8);

    private static final Duration FUTURE = Duration.ofDays(1);

    private static final Logger log = LoggerFactory.getLogger(Intake.class);

    private final String feed;
    private final String reason;
    private final Duration bantime;
    private final FeedTarget target;
    private final Health health;
    private final EntryCheck entryCheck = new EntryCheck();
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

    /** Loads the saved cursor. Returns whether a list of an earlier process is in force. */
    boolean begin() throws IOException {
        cursor = target.load().map(FeedCursor::parse).orElse(FeedCursor.NONE);
        int held = target.held().size();
        boolean few = held == 0 || (lasts() && held * 2L < cursor.taken());
        if (few && !cursor.id().equals(PageId.START)) {
            // The bans are gone, lost or expired: to continue from here would block little and look healthy.
            log.info("feed {} holds {} of {} addresses, so it reads its whole list again", feed, held, cursor.taken());
            cursor = cursor.restarted();
        }
        return held > 0;
    }

    /** Returns whether most bans from a whole list last until the whole list is read again. */
    boolean lasts() {
        return bantime.compareTo(FULL.multipliedBy(2)) >= 0;
    }

    /** Begins to read the whole list, and drops any round under way. */
    void again(boolean force, Instant now) {
        start(force ? Round.Kind.FORCED : Round.Kind.AGAIN, now);
    }

    /** Begins the round that is due, unless one is under way. Returns whether it began to read the whole list. */
    boolean resume(Instant now) {
        if (round != null) {
            return false;
        }
        boolean due =
                cursor.full().map(last -> new Due(last, FULL)).orElse(Due.NOW).hasCome(now);
        start(due ? Round.Kind.AGAIN : Round.Kind.NEWS, now);
        return due;
    }

    /** Returns the place in the list to ask for next. */
    String place() {
        return current().place();
    }

    /** Returns how many pages this round has read so far. */
    int pages() {
        return current().pages();
    }

    /** Returns whether the last page read was the end of the list. */
    boolean isAtEnd() {
        return current().isAtEnd();
    }

    /**
     * Acts on a page.
     *
     * @return why the whole page was refused; empty if it was accepted
     */
    Optional<String> page(PageAnswer.Page page, Instant now) throws IOException {
        Round current = current();
        Set<Network> networks = entryCheck.pass(page.addresses());
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

    /** Ends the round: the end of the list was reached. */
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
     * Drops the round under way. If there is a previous list to keep, returns true: the feed goes on with new entries,
     * and reads the whole list again tomorrow.
     */
    boolean giveUp(Instant now) throws IOException {
        boolean again = current().isRepeated();
        round = null;
        if (again) {
            move(cursor.withFull(now));
        }
        return again;
    }

    /** Remembers which version of the protocol the server speaks; the version is saved with the next place. */
    void spoke(int version) {
        cursor = cursor.withVersion(version);
    }

    FeedCursor cursor() {
        return cursor;
    }

    FeedStatus.Refused refused() {
        return entryCheck.counters(allowed, expired);
    }

    private void start(Round.Kind kind, Instant now) {
        int held = target.held().size();
        boolean first = kind == Round.Kind.AGAIN && (held == 0 || cursor.full().isEmpty());
        String place = kind == Round.Kind.NEWS ? cursor.id() : PageId.START;
        if (kind != Round.Kind.NEWS) {
            entryCheck.reset();
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

    /** Ends the bans that the whole list no longer holds. */
    private void settle(Round whole, Instant now) throws IOException {
        Collection<Network> held = target.held();
        FeedCursor next = cursor.withId(whole.place()).withFull(now);
        if (whole.hasShrunk(held.size())) {
            health.warned(
                    "its list shrank from " + held.size() + " to "
                            + whole.seen().size()
                            + " networks, so the bans in force stay until their own end, or 'sipward feed sync --force'",
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

    /** Returns when the page's addresses were listed, at the latest: the page's ID if that is a time, otherwise now. */
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
