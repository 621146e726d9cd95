package org.sipward.feed;

import java.nio.file.Path;
import java.time.Duration;

/**
 * A feed as the operator configured it.
 *
 * @param name as in {@code feeds:}, and in the origin of its bans
 * @param url the base, such as {@code https://apiban.org/}; https, or http to this machine itself
 * @param keyFile the file that holds the key and nothing else; read again before each request
 * @param set the list's data set: {@code sip}, {@code http} or {@code all}
 * @param every time between polls, at least 10 seconds
 * @param bantime the longest that an entry is kept; more than seven days counts as seven days
 */
public record FeedSettings(String name, String url, Path keyFile, String set, Duration every, Duration bantime) {
    static final Duration SHORTEST = Duration.ofSeconds(10);

    /** @throws IllegalArgumentException naming the feed, what is wrong and how to fix it */
    public FeedSettings {
        require(set.matches("[a-z0-9_-]{1,32}"), name, "set must be a name such as sip, http or all, but is " + set);
        require(every.compareTo(SHORTEST) >= 0, name, "every must be at least 10s, but is " + every);
        require(!bantime.isNegative() && !bantime.isZero(), name, "bantime must be more than 0, but is " + bantime);
    }

    private static void require(boolean right, String name, String words) {
        if (!right) {
            throw new IllegalArgumentException("feed " + name + ": " + words);
        }
    }
}
