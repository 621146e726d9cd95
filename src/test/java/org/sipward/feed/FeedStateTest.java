package org.sipward.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.sipward.net.Network;

/** What the operator is told of a feed, and that it is about now. */
class FeedStateTest extends FeedFixture {
    @Test
    void showsAProblemOnlyAsLongAsItLasts() {
        field.server.add(5, Field.NOW_ID - 100);
        field.server.first(ListServer.json(403, "{\"ipaddress\":\"none\", \"ID\":\"unauthorized\"}"));
        Feed feed = field.feed();

        Duration wait = field.run(feed);
        assertThat(feed.status().word()).isEqualTo("failing");
        assertThat(feed.status().lastProblem().orElseThrow().words()).contains("does not accept the key");
        field.next(feed, wait.plus(Feed.KEY_RETRY));

        assertThat(feed.status().word()).isEqualTo("up to date");
        assertThat(feed.status().lastProblem()).isEmpty();
    }

    @Test
    void goesOnSayingThatItKeepsItsOldListUntilAWholeOneIsBelieved() {
        field.server.add(150, Field.NOW_ID - 10_000);
        Feed feed = field.feed();
        field.run(feed);
        // Behind the place of the feed: no news, but part of the whole list.
        field.server.add(1600, Field.NOW_ID - 20_000);
        feed.sync(false);
        field.run(feed);

        field.next(feed, Duration.ofMinutes(10));
        assertThat(feed.status().word()).isEqualTo("keeps its old list");
        assertThat(feed.status().lastProblem().orElseThrow().words()).contains("keeping the previous list");
        feed.sync(true);
        field.next(feed, Duration.ofMinutes(10));

        assertThat(feed.status().word()).isEqualTo("up to date");
        assertThat(feed.status().lastProblem()).isEmpty();
    }

    @Test
    void countsTheSameEntriesOnceHoweverOftenTheListIsRead() {
        field.server.add(5, Field.NOW_ID - 100);
        field.server.list.put(Field.NOW_ID - 50, "10.0.0.1");
        field.server.list.put(Field.NOW_ID - 49, "no address");
        field.target.allowlist.add(Network.parse("198.18.0.3").orElseThrow());
        Feed feed = field.feed();

        for (int i = 0; i < 3; i++) {
            feed.sync(false);
            field.next(feed, Duration.ofMinutes(10));
        }

        FeedStatus.Refused refused = feed.status().refused();
        assertThat(List.of(refused.local(), refused.malformed(), refused.allowed()))
                .containsOnly(1L);
    }

    @Test
    void saysThatMostOfItsListIsNotInForce() {
        field.server.add(300, Field.NOW_ID - 400);
        Feed feed = field.feed();
        field.run(feed);
        assertThat(feed.status().healthy()).isTrue();

        field.target.bans.keySet().stream().toList().subList(0, 151).forEach(field.target.bans::remove);

        assertThat(feed.status().healthy()).isFalse();
        assertThat(feed.status().word()).isEqualTo("incomplete");
        assertThat(feed.status().lastProblem().orElseThrow().words())
                .isEqualTo(
                        "holds only 149 of the 300 addresses that it took from its list; 'sipward feed sync' reads it"
                                + " again");
        feed.sync(false);
        field.next(feed, Duration.ofMinutes(10));
        assertThat(feed.status().healthy()).isTrue();
    }

    @Test
    void takesAListOfWhichMostIsAllowedForWhole() {
        field.server.add(10, Field.NOW_ID - 100);
        field.server.list.values().stream()
                .limit(8)
                .forEach(address ->
                        field.target.allowlist.add(Network.parse(address).orElseThrow()));

        Feed feed = field.feed();
        field.run(feed);
        assertThat(feed.status().healthy()).isTrue();

        Feed restarted = field.feed();
        field.run(restarted);
        assertThat(restarted.status().healthy()).isTrue();
    }

    @Test
    void expectsNoWholeListWhereItsBansRunOutWithinTheDay() {
        field.bantime = Duration.ofHours(3);
        field.server.add(100, Field.NOW_ID - 100);
        Feed feed = field.feed();
        field.run(feed);

        field.next(feed, Duration.ofHours(4));

        assertThat(feed.status().held()).isZero();
        assertThat(feed.status().healthy()).isTrue();
    }

    @Test
    void readsTheWholeListAtAStartAtWhichMostOfItIsLost() {
        field.server.add(300, Field.NOW_ID - 400);
        field.run(field.feed());
        field.target.bans.keySet().stream().toList().subList(0, 299).forEach(field.target.bans::remove);

        Feed restarted = field.feed();
        Duration wait = field.run(restarted);
        field.next(restarted, wait);

        assertThat(field.target.bans).hasSize(300);
    }
}
