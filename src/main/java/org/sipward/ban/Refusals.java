package org.sipward.ban;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.sipward.net.Network;
import org.sipward.time.Due;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says which bans were refused because of the allowlist: a phone with a wrong password, say, which the operator wants to
 * know of, but not at every fifth try. Remembers at most 1,000 networks. Not thread-safe.
 */
final class Refusals {
    private static final Logger log = LoggerFactory.getLogger(Refusals.class);
    private static final int MAX_REMEMBERED = 1_000;
    private static final Duration SAY_AGAIN = Duration.ofHours(1);

    private final Map<Network, Due> nextReport = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Network, Due> eldest) {
            return size() > MAX_REMEMBERED;
        }
    };

    /** Says it, unless it was said within the hour. Returns the reason. */
    String refused(Network network, Origin origin, String reason, Instant now) {
        if (!isSilent(network, now)) {
            nextReport.put(network, new Due(now, SAY_AGAIN));
            log.info("not banned: {} ({}, {})", network, origin, reason);
        }
        return reason;
    }

    /** Returns whether it was said within the hour. A clock that was set back does not silence it. */
    boolean isSilent(Network network, Instant now) {
        return !nextReport.getOrDefault(network, Due.NOW).hasCome(now);
    }
}
