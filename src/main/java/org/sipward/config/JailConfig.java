package org.sipward.config;

import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import org.sipward.filter.Filter;

/**
 * One jail: a filter, the logs it reads, and how much is too much.
 *
 * @param files paths or globs, absolute
 * @param zone of the time stamps that name none
 * @param maxretry the number of failures within {@code findtime} that earn a ban, at least 1
 * @param bantime how long the first ban lasts
 * @param increment whether each further ban of an address lasts twice as long as the one before
 * @param maxBantime the longest that an incremented ban lasts
 */
public record JailConfig(
        String name,
        Filter filter,
        List<String> files,
        ZoneId zone,
        int maxretry,
        Duration findtime,
        Duration bantime,
        boolean increment,
        Duration maxBantime) {}
