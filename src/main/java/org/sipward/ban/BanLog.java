package org.sipward.ban;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs where bans begin and end. People grep these lines: a change of their form needs a changelog entry. */
final class BanLog {
    private static final Logger log = LoggerFactory.getLogger(BanLog.class);

    private BanLog() {}

    /** Logs "short ban" for a ban that does not count: its evidence is weak, or its address is trusted. */
    static void begin(Ban ban) {
        if (ban.origin().isFeed()) {
            log.debug("ban {} until {} ({})", ban.network(), ban.until(), ban.origin());
        } else {
            log.info(
                    "ban {} until {} ({}, {}: {})",
                    ban.network(),
                    ban.until(),
                    ban.origin(),
                    ban.count() == 0 ? "short ban" : "no. " + ban.count(),
                    ban.reason());
        }
    }

    /**
     * Logs at debug level only, because a flood of forged senders can end thousands of bans a second. {@link Room} logs
     * their number once a minute.
     */
    static void giveWay(Ban ban) {
        log.debug("unban {} ({}, gave way to a newer one)", ban.network(), ban.origin());
    }

    static void end(Ban ban, String why) {
        if (ban.origin().isFeed()) {
            log.debug("unban {} ({}, {})", ban.network(), ban.origin(), why);
        } else {
            log.info("unban {} ({}, {})", ban.network(), ban.origin(), why);
        }
    }
}
