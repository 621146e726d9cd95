package org.sipward.ban;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says where bans begin and end. The lines never change their form without a word in the changelog: people grep them. */
final class BanLog {
    private static final Logger log = LoggerFactory.getLogger(BanLog.class);

    private BanLog() {}

    static void begin(Ban ban) {
        if (ban.origin().isFeed()) {
            log.debug("ban {} until {} ({})", ban.network(), ban.until(), ban.origin());
        } else {
            log.info(
                    "ban {} until {} ({}, no. {}: {})",
                    ban.network(),
                    ban.until(),
                    ban.origin(),
                    ban.count(),
                    ban.reason());
        }
    }

    /** A flood of made-up senders ends thousands a second: how many they are is said once a minute, see {@link Room}. */
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
