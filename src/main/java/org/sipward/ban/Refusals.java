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
 * Logs which bans were refused because of the allowlist. The operator wants to know of a phone with a wrong password,
 * for example, but not after every fifth try. Remembers at most 1,000 networks. Not thread-safe.
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

    /** Logs the refusal, unless one of this network was logged within the last hour. Returns the reason. */
    String refused(Network network, Origin origin, String reason, Instant now) {
        if (!isSilent(network, now)) {
            nextReport.put(network, new Due(now, SAY_AGAIN));
            log.info("not banned: {} ({}, {})", network, origin, reason);
        }
        return reason;
    }

    /**
     * Returns whether a refusal was logged within the last hour. A clock that was set back does not silence the log.
     */
    boolean isSilent(Network network, Instant now) {
        return !nextReport.getOrDefault(network, Due.NOW).hasCome(now);
    }
}
