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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers what feeds list although it is not banned here: an allowlisted trunk, a trusted address, an address that the
 * operator unbanned. Its owner should learn that others take it for an attacker.
 *
 * <p>Thread-safe. Memory: at most {@value #MAX} networks; beyond them the one that was listed longest ago is forgotten. A
 * restart forgets all; the next reading of a whole list, within a day, tells them again.
 */
final class Spared {
    static final int MAX = 1_000;
    /** An allowlist that covers much of a list must not flood the log. */
    private static final int MAX_SAID = 20;

    private static final Logger log = LoggerFactory.getLogger(Spared.class);
    /** A feed reads its whole list every day: what it did not show for two is no longer on it. */
    private static final Duration LISTED = Duration.ofDays(2);

    private final Clock clock;
    private final Map<Key, Listed> entries = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Listed> eldest) {
            return size() > MAX;
        }
    };

    Spared(Clock clock) {
        this.clock = clock;
    }

    /**
     * An address or prefix that a feed lists and that is not banned.
     *
     * @param reason why it is not, in words
     * @param since when it was first spared, without a gap since
     * @param last when the feed last showed it, or the operator unbanned it
     */
    record Listed(Network network, Origin feed, String reason, Instant since, Instant last) {}

    /**
     * Notes what came of the bans that a feed asked for, and says in the log what is spared, once each.
     *
     * @param refused those that did not begin, with the reasons
     */
    synchronized void listed(Collection<Ban> asked, Map<Ban, String> refused) {
        int fresh = 0;
        for (Ban ban : asked) {
            String reason = refused.get(ban);
            if (reason == null) {
                entries.remove(new Key(ban.network(), ban.origin()));
            } else if (note(ban, reason) && ++fresh <= MAX_SAID) {
                log.info("not banned: {} ({}, {})", ban.network(), ban.origin(), reason);
            }
        }
        if (fresh > MAX_SAID) {
            log.info("not banned: {} more of the same list, because they are allowed or trusted", fresh - MAX_SAID);
        }
    }

    /** Notes that these bans were ended here, for this reason. Those of feeds are remembered. */
    synchronized void ended(Collection<Ban> bans, String reason) {
        bans.stream().filter(ban -> ban.origin().isFeed()).forEach(ban -> note(ban, reason));
    }

    /** Returns what feeds list that holds this address. */
    synchronized List<Listed> of(IpAddress address) {
        Instant old = clock.instant().minus(LISTED);
        entries.values().removeIf(entry -> entry.last().isBefore(old));
        return entries.values().stream()
                .filter(entry -> entry.network().contains(address))
                .toList();
    }

    /** Returns whether this was not known. */
    private boolean note(Ban ban, String reason) {
        Instant now = clock.instant();
        Key key = new Key(ban.network(), ban.origin());
        Listed before = entries.get(key);
        boolean isNew = before == null || before.last().isBefore(now.minus(LISTED));
        Instant since = before == null || isNew ? now : before.since();
        entries.put(key, new Listed(ban.network(), ban.origin(), reason, since, now));
        return isNew;
    }

    private record Key(Network network, Origin feed) {}
}
