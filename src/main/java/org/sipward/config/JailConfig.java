package org.sipward.config;

import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.sipward.filter.Filter;
import org.sipward.yaml.Durations;

/**
 * One jail: a filter, the logs it reads, and how much is too much.
 *
 * @param name in bans, in the store and on the command line
 * @param sources where its lines come from, one at least
 * @param zone of the time stamps that name none
 * @param maxretry the number of failures within {@code findtime} that earn a ban, at least 1
 * @param bantime how long the first ban lasts; {@link Durations#FOREVER} for ever
 * @param increment whether each further ban of an address lasts twice as long as the one before
 * @param maxBantime the longest that an incremented ban lasts; no shorter than {@code bantime}
 * @param trust what holds for addresses that have logged in; empty if that changes nothing
 * @param unproven how long a ban lasts at most where nothing proves that the address is the sender's
 * @param detect what is noticed besides the number of failures
 */
public record JailConfig(
        String name,
        Filter filter,
        List<SourceConfig> sources,
        ZoneId zone,
        int maxretry,
        Duration findtime,
        Duration bantime,
        boolean increment,
        Duration maxBantime,
        Optional<TrustConfig> trust,
        Duration unproven,
        DetectConfig detect) {
    public JailConfig {
        sources = List.copyOf(sources);
        if (maxretry < 1 || bantime.compareTo(maxBantime) > 0) {
            throw new IllegalArgumentException(
                    "jail " + name + ": maxretry " + maxretry + ", bantime " + bantime + ", maxbantime " + maxBantime);
        }
    }
}
