package org.sipward.status;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sipward.feed.FeedStatus;

/**
 * The state of the whole agent at one moment.
 *
 * @param since when it was started
 * @param uptime for how long it has run
 * @param firewall what makes bans real, such as {@code nftables}; {@code none} if nothing does
 * @param bans how many bans are in force
 * @param enforced how many of these the kernel holds; empty if the firewall or the store did not answer in time
 * @param origins how many bans are in force by origin, such as {@code jail:asterisk} or {@code feed:apiban}, in the
 *     order of the names
 * @param trusted how many addresses are trusted because they have logged in
 * @param jails in the order of the configuration
 * @param logs every source that is read
 * @param feeds in the order of the configuration
 * @param trouble everything that the operator should look after, in words; empty if all is well
 */
public record AgentStatus(
        Instant since,
        Duration uptime,
        String firewall,
        int bans,
        Optional<Integer> enforced,
        Map<String, Integer> origins,
        int trusted,
        List<JailStatus> jails,
        List<LogStatus> logs,
        List<FeedStatus> feeds,
        List<String> trouble) {
    /** Returns whether there is nothing to look after. */
    public boolean isWell() {
        return trouble.isEmpty();
    }
}
