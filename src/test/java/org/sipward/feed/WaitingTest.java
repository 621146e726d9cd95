package org.sipward.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.Test;

/** How long a feed waits after a failure. */
class WaitingTest extends FeedFixture {
    @Test
    void waitsLongerWithEachAnswerThatThereWereTooManyRequests() {
        Feed feed = field.feed();

        for (int minutes : new int[] {2, 4, 8, 16, 32, 60, 60}) {
            field.server.first(ListServer.json(429, ""));
            assertThat(field.next(feed, Backoff.LONGEST_ASKED)).isEqualTo(Duration.ofMinutes(minutes));
        }
    }

    @Test
    void waitsAsLongAsTheServerAsksButNotForAYear() {
        Feed feed = field.feed();

        field.server.first(retryAfter(429, "600"));
        assertThat(field.run(feed)).isEqualTo(Duration.ofMinutes(10));
        field.server.first(retryAfter(429, "Sun, 22 Nov 2026 12:40:00 GMT"));
        assertThat(field.next(feed, Duration.ofMinutes(10))).isEqualTo(Duration.ofMinutes(30));
        field.server.first(retryAfter(429, "99999999"));
        assertThat(field.next(feed, Duration.ofMinutes(30))).isEqualTo(Duration.ofHours(1));
        field.server.first(retryAfter(503, "120"));
        assertThat(field.next(feed, Duration.ofHours(1))).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void doesNotLetTheOperatorPassTheServersLimit() {
        field.server.first(ListServer.json(429, ""));
        Feed feed = field.feed();
        field.run(feed);

        feed.sync(false);

        assertThat(feed.step()).isEqualTo(Duration.ofMinutes(2));
        assertThat(field.server.requests).hasSize(1);
    }

    @Test
    void triesAgainSoonerAfterTroubleAndThenLessOften() {
        Feed feed = field.feed();
        Duration wait = Duration.ZERO;

        for (int seconds : new int[] {30, 60, 120, 240, 480, 960, 1800, 1800}) {
            field.server.first(ListServer.json(500, ""));
            wait = field.next(feed, wait);
            assertThat(wait).isEqualTo(Duration.ofSeconds(seconds));
        }
        field.next(feed, wait);
        assertThat(feed.status().healthy()).isTrue();
        assertThat(feed.status().lastProblem()).isEmpty();
    }

    private static MockResponse retryAfter(int status, String value) {
        return new MockResponse.Builder()
                .code(status)
                .addHeader("Retry-After", value)
                .build();
    }
}
