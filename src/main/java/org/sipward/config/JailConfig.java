package org.sipward.config;

import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.sipward.filter.Filter;
import org.sipward.yaml.Durations;

/**
 * One jail: a filter, the logs that it reads, and its limits.
 *
 * @param name its name in bans, in the store and on the command line
 * @param sources the sources of its lines, at least one
 * @param zone the time zone of stamps that name none
 * @param maxretry the number of failures within {@code findtime} that earn a ban, at least 1
 * @param bantime how long the first ban lasts; {@link Durations#FOREVER} if it does not end
 * @param increment whether each further ban of an address lasts twice as long as the one before
 * @param maxBantime the longest that an incremented ban lasts; no shorter than {@code bantime}
 * @param trust the limits for addresses that have logged in; empty if a login earns no trust
 * @param unproven how long a ban lasts at most if nothing proves that the address is the sender's
 * @param detect the detections besides the number of failures
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
