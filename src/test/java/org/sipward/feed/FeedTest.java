package org.sipward.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sipward.ban.Ban;
import org.sipward.ban.Origin;
import org.sipward.net.Network;

class FeedTest extends FeedFixture {
    @Test
    void takesThreeThousandAddressesInTwelvePages() {
        field.server.add(3000, Field.NOW_ID - 3000);
        Feed feed = field.feed();

        field.run(feed);

        assertThat(field.target.bans).hasSize(3000);
        assertThat(field.server.requests).hasSize(13).containsOnly("POST /api/get");
        assertThat(feed.status().state()).isEqualTo("up to date");
        assertThat(feed.status().listed()).isEqualTo(3000);
        assertThat(feed.status().held()).isEqualTo(3000);
    }

    @Test
    void sendsTenRequestsAtOnceAndNeverMoreThanTenInTwoMinutes() {
        field.server.add(7000, Field.NOW_ID - 7000);
        Feed feed = field.feed();
        List<Instant> sent = new ArrayList<>();

        while (!feed.status().state().equals("up to date")) {
            int before = field.server.requests.size();
            Duration wait = feed.step();
            for (int i = before; i < field.server.requests.size(); i++) {
                sent.add(field.clock.instant());
            }
            field.clock.move(wait);
        }

        assertThat(sent).hasSize(29);
        for (int i = 10; i < sent.size(); i++) {
            assertThat(Duration.between(sent.get(i - 10), sent.get(i))).isGreaterThanOrEqualTo(RateLimit.WINDOW);
        }
        assertThat(Duration.between(sent.get(0), sent.get(28))).isEqualTo(Duration.ofMinutes(4));
    }

    @Test
    void sendsNothingWhenStepIsCalledTooEarly() {
        Feed feed = field.feed();
        Duration wait = field.run(feed);

        field.clock.move(wait.minusSeconds(1));

        assertThat(feed.step()).isEqualTo(Duration.ofSeconds(1));
        assertThat(field.server.requests).hasSize(1);
    }

    @Test
    void asksOnlyForWhatIsNewAtTheNextPoll() {
        field.server.add(10, Field.NOW_ID - 100);
        Feed feed = field.feed();
        Duration wait = field.run(feed);
        field.server.list.put(Field.NOW_ID + 1, "203.0.113.7");

        field.next(feed, wait);

        assertThat(field.target.bans).hasSize(11);
        assertThat(field.target.calls).endsWith("add 1", "save id=" + (Field.NOW_ID + 1));
    }

    @Test
    void pollsAtTheConfiguredTimeATenthMoreOrLess() {
        assertThat(field.run(field.feed())).isBetween(Duration.ofSeconds(216), Duration.ofSeconds(264));
    }

    @Test
    void storesBansBeforeTheCursor() {
        field.server.add(5, Field.NOW_ID - 100);

        field.run(field.feed());

        assertThat(field.target.calls).containsExactly("add 5", "save id=" + (Field.NOW_ID - 96));
    }

    @Test
    void restsWhenAPageBringsAMistakeToLightAndTakesItLater() {
        field.server.add(5, Field.NOW_ID - 100);
        field.target.mistaken = true;
        Feed feed = field.feed();

        Duration wait = field.run(feed);

        assertThat(wait).isGreaterThanOrEqualTo(Duration.ofSeconds(10));
        assertThat(feed.status().state()).contains("triggers a bug in Sipward");
        assertThat(feed.status().healthy()).isFalse();
        field.target.mistaken = false;
        field.clock.move(wait);
        field.run(feed);
        assertThat(field.target.bans).hasSize(5);
    }

    @Test
    void repeatsAPageThatCouldNotBeStored() {
        field.server.add(5, Field.NOW_ID - 100);
        Feed feed = field.feed();
        feed.step();
        field.server.list.put(Field.NOW_ID, "203.0.113.7");
        field.clock.move(Field.EVERY);
        field.run(feed);
        field.server.list.put(Field.NOW_ID + 1, "203.0.113.8");
        field.clock.move(Field.EVERY);
        field.target.broken = true;

        Duration wait = field.run(feed);

        assertThat(feed.status().state()).contains("cannot store: disk full");
        field.target.broken = false;
        field.next(feed, wait);
        assertThat(field.target.ban("203.0.113.8")).isNotNull();
        assertThat(feed.status().healthy()).isTrue();
    }

    @Test
    void keepsTheListWhenTheServerIsDownAfterARestart() {
        field.server.add(3000, Field.NOW_ID - 3000);
        field.run(field.feed());
        field.server.close();
        field.clock.move(Duration.ofHours(1));

        Feed restarted = field.feed();
        Duration spread = restarted.step();
        field.next(restarted, spread.plusMillis(1));

        assertThat(restarted.status().state()).contains("cannot connect to");
        assertThat(restarted.status().held()).isEqualTo(3000);
    }

    @Test
    void waitsALittleAfterARestartSoThatAFleetDoesNotAskAtOnce() throws IOException {
        field.server.add(5, Field.NOW_ID - 100);
        field.run(field.feed());
        int before = field.server.requests.size();
        FeedSettings settings = new FeedSettings(
                "apiban", field.server.http.url("/").toString(), field.keyFile, "sip", Field.EVERY, Intake.LIFETIME);

        try (Feed restarted = new Feed(settings, field.target, field.clock, () -> -1L)) {
            assertThat(restarted.step()).isBetween(Duration.ofSeconds(9), Duration.ofSeconds(10));
        }
        assertThat(field.server.requests).hasSize(before);
    }

    @Test
    void goesOnAtTheCursorAfterARestart() {
        field.server.add(500, Field.NOW_ID - 3000);
        field.run(field.feed());
        field.server.requests.clear();
        field.clock.move(Duration.ofHours(1));

        field.run(field.feed());

        assertThat(field.server.requests).hasSize(1);
        assertThat(field.target.bans).hasSize(500);
    }

    @Test
    void endsAnEntrySevenDaysAfterItWasListedAndNotAfterItWasRead() {
        field.server.list.put(Field.NOW_ID - Duration.ofDays(6).toSeconds(), "203.0.113.7");

        field.run(field.feed());

        assertThat(field.target.ban("203.0.113.7").until()).isEqualTo(Field.NOW.plus(Duration.ofDays(1)));
        field.clock.move(Duration.ofDays(1));
        assertThat(field.target.held()).isEmpty();
    }

    @Test
    void doesNotTakeAnEntryThatIsOver() {
        field.server.list.put(Field.NOW_ID - Duration.ofDays(7).toSeconds(), "203.0.113.7");
        Feed feed = field.feed();

        field.run(feed);

        assertThat(field.target.bans).isEmpty();
        assertThat(feed.status().refused().expired()).isEqualTo(1);
    }

    @Test
    void keepsAnEntrySevenDaysWhereTheIdIsNoTime() {
        field.server.list.put(4711L, "203.0.113.7");

        field.run(field.feed());

        assertThat(field.target.ban("203.0.113.7").until()).isEqualTo(Field.NOW.plus(Duration.ofDays(7)));
    }

    @Test
    void keepsNoEntryLongerThanSevenDaysWhateverIsConfiguredOrListed() {
        field.bantime = Duration.ofDays(365);
        field.server.list.put(Field.NOW_ID + 3600, "203.0.113.7");

        field.run(field.feed());

        assertThat(field.target.ban("203.0.113.7"))
                .isEqualTo(new Ban(
                        Network.parse("203.0.113.7").orElseThrow(),
                        Origin.feed("apiban"),
                        Field.NOW,
                        Field.NOW.plus(Duration.ofDays(7)),
                        1,
                        "listed by " + field.server.http.getHostName() + " (sip)"));
    }

    @Test
    void keepsAnEntryForAShorterConfiguredTime() {
        field.bantime = Duration.ofDays(1);
        field.server.list.put(Field.NOW_ID - 3600, "203.0.113.7");

        field.run(field.feed());

        assertThat(field.target.ban("203.0.113.7").until()).isEqualTo(Field.NOW.plus(Duration.ofHours(23)));
    }

    @Test
    void waitsNotForeverWhenTheClockIsSetBack() {
        Feed feed = field.feed();
        Duration wait = field.run(feed);
        field.clock.move(Duration.ofDays(-365));

        feed.step();

        assertThat(wait).isPositive();
        assertThat(field.server.requests).hasSize(2);
    }

    @Test
    void countsWhatTheAllowlistRefused() {
        field.server.add(5, Field.NOW_ID - 100);
        field.target.allowlist.add(Network.parse("198.18.0.3").orElseThrow());
        Feed feed = field.feed();

        field.run(feed);

        assertThat(feed.status().refused().allowed()).isEqualTo(1);
        assertThat(feed.status().held()).isEqualTo(4);
    }

    @Test
    void leavesNoThreadThatWouldKeepTheProcessAlive() {
        field.server.add(600, Field.NOW_ID - 3000);
        field.run(field.feed());

        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread ->
                        thread.getName().contains("OkHttp") || thread.getName().contains("Okio"))
                .allMatch(Thread::isDaemon);
    }
}
