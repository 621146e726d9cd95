package org.sipward.agent;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.sipward.ban.Ban;
import org.sipward.ban.Origin;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;
import org.sipward.status.ListedAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers the addresses that feeds list but that are not banned here: an allowlisted trunk, a trusted address, an
 * address that the operator unbanned. Their owner should learn that others take them for attackers.
 *
 * <p>Thread-safe. Memory: at most {@value #MAX} networks; when there are more, the one that was listed longest ago is
 * forgotten. A restart forgets all; they come back when a feed next reads its whole list, within a day.
 */
final class Spared {
    static final int MAX = 1_000;
    /** The most log lines at once, since an allowlist may cover much of a list. */
    private static final int MAX_SAID = 20;

    private static final Logger log = LoggerFactory.getLogger(Spared.class);
    /** A feed reads its list once a day. If it has not shown an address for this long, the address left the list. */
    private static final Duration LISTED = Duration.ofDays(2);

    private final Clock clock;
    private final Map<Key, ListedAddress> entries = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, ListedAddress> eldest) {
            return size() > MAX;
        }
    };

    Spared(Clock clock) {
        this.clock = clock;
    }

    /**
     * Notes which of the bans that a feed asked for were refused, and logs each new one.
     *
     * @param refused the bans that did not begin, with the reasons
     */
    synchronized void listed(Collection<Ban> asked, Map<Ban, String> refused) {
        int fresh = 0;
        for (Ban ban : asked) {
            String reason = refused.get(ban);
            if (reason == null) {
                entries.remove(new Key(ban.network(), ban.origin()));
            } else if (note(ban, reason, false) && ++fresh <= MAX_SAID) {
                log.info("not banned: {} ({}, {})", ban.network(), ban.origin(), reason);
            }
        }
        if (fresh > MAX_SAID) {
            log.info("not banned: {} more of the same list, because they are allowed or trusted", fresh - MAX_SAID);
        }
    }

    /**
     * Notes that the operator ended these bans. Only those of feeds are remembered.
     *
     * @param reason how, in words
     * @param comeBack whether their feeds will ban them again
     */
    synchronized void ended(Collection<Ban> bans, String reason, boolean comeBack) {
        bans.stream().filter(ban -> ban.origin().isFeed()).forEach(ban -> note(ban, reason, comeBack));
    }

    /** Returns the listed addresses and prefixes that contain this address. */
    synchronized List<ListedAddress> of(IpAddress address) {
        Instant old = clock.instant().minus(LISTED);
        entries.values().removeIf(entry -> entry.last().isBefore(old));
        return entries.values().stream()
                .filter(entry -> entry.network().contains(address))
                .toList();
    }

    /** Remembers a ban that was refused or ended. Returns whether it was unknown until now. */
    private boolean note(Ban ban, String reason, boolean comesBack) {
        Instant now = clock.instant();
        Key key = new Key(ban.network(), ban.origin());
        ListedAddress before = entries.get(key);
        boolean isNew = before == null || before.last().isBefore(now.minus(LISTED));
        Instant since = before == null || isNew ? now : before.since();
        entries.put(key, new ListedAddress(ban.network(), ban.origin(), reason, comesBack, since, now));
        return isNew;
    }

    private record Key(Network network, Origin feed) {}
}
