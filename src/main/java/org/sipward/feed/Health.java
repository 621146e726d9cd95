package org.sipward.feed;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows whether a feed works, for its status, and logs when that changes: the first failure of each kind in a row, and
 * the recovery. A failure that needs the operator is logged again every day.
 *
 * <p>One thread at a time.
 */
final class Health {
    private static final Logger log = LoggerFactory.getLogger(Health.class);
    static final String UP_TO_DATE = "up to date";
    private static final Duration REMIND = Duration.ofDays(1);

    /** The kinds of failure. */
    enum Kind {
        KEY,
        RATE,
        SERVER,
        LIST,
        STORE
    }

    private final String feed;
    private final Map<Kind, Instant> said = new EnumMap<>(Kind.class);
    private @Nullable Instant failingSince;
    private @Nullable Instant lastSuccess;
    private FeedStatus.@Nullable Problem failure;
    /** What was odd about the list, until a whole list has been accepted. */
    private FeedStatus.@Nullable Problem doubt;

    private boolean keepsOld;
    private String state = "not asked yet";

    Health(String feed) {
        this.feed = feed;
    }

    /** Notes that the server gave a valid answer. */
    void worked(Instant now, String newState) {
        if (failingSince != null) {
            log.info("feed {} works again after {}", feed, words(Duration.between(failingSince, now)));
        }
        failingSince = null;
        failure = null;
        said.clear();
        state = newState;
    }

    /** Notes that the whole list was read and accepted. */
    void believed() {
        doubt = null;
        keepsOld = false;
    }

    /** Notes that the end of the list was reached. */
    void complete(Instant now) {
        worked(now, UP_TO_DATE);
        lastSuccess = now;
    }

    /** Notes a failure: the last good list stays in force, and the feed will retry. */
    void failed(Kind kind, String words, Instant now) {
        failingSince = failingSince == null ? now : failingSince;
        failure = new FeedStatus.Problem(now, words);
        state = "failing: " + words;
        Instant before = said.get(kind);
        if (kind == Kind.KEY) {
            if (before == null || !before.plus(REMIND).isAfter(now)) {
                said.put(kind, now);
                log.error(
                        "feed {} cannot update until the key is corrected; keeping the previous list: {}", feed, words);
            }
        } else if (before == null) {
            said.put(kind, now);
            log.warn("feed {} cannot update and will retry; keeping the previous list: {}", feed, words);
        } else {
            log.debug("feed {} failed again: {}", feed, words);
        }
    }

    /** Notes that something is odd; the feed goes on. */
    void warned(String words, Instant now) {
        doubt = new FeedStatus.Problem(now, words);
        log.warn("feed {}: {}", feed, words);
    }

    /** Notes that the new list was refused and the old one stays. */
    void refused(String words, Instant now) {
        warned(words, now);
        keepsOld = true;
        state = UP_TO_DATE;
    }

    String state() {
        return keepsOld && doubt != null && state.equals(UP_TO_DATE) ? "keeps its old list: " + doubt.words() : state;
    }

    boolean isHealthy() {
        return failingSince == null;
    }

    Optional<Instant> lastSuccess() {
        return Optional.ofNullable(lastSuccess);
    }

    Optional<FeedStatus.Problem> lastProblem() {
        return Optional.ofNullable(failure == null ? doubt : failure);
    }

    /** Returns {@code 2h5m} and the like. */
    private static String words(Duration time) {
        Duration seconds = Duration.ofSeconds(Math.max(0, time.toSeconds()));
        return seconds.toString().substring("PT".length()).toLowerCase(Locale.ROOT);
    }
}
