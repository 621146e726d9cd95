package org.sipward.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reading the whole list again, and what of it is not believed. */
class WholeListTest extends FeedFixture {
    @Test
    void readsTheWholeListAgainAfterADayAndEndsWhatIsNoLongerListed() {
        field.server.add(600, Field.NOW_ID - 600);
        Feed feed = field.feed();
        field.run(feed);
        field.server.list.keySet().removeIf(id -> id % 2 == 0);
        field.server.list.put(Field.NOW_ID, "203.0.113.7");

        field.next(feed, Duration.ofHours(24));

        assertThat(field.target.bans).hasSize(301);
        assertThat(feed.status().listed()).isEqualTo(301);
        assertThat(feed.status().lastFull()).contains(Field.NOW.plus(Duration.ofHours(24)));
    }

    @Test
    void blocksNeverLessThanBothListsHoldWhileItReadsAgain() {
        field.server.add(3000, Field.NOW_ID - 3000);
        Feed feed = field.feed();
        field.run(feed);
        field.server.list.headMap(Field.NOW_ID - 2900).clear();
        field.target.calls.clear();
        List<Integer> held = new ArrayList<>();

        feed.sync(false);
        Duration wait = Duration.ofMinutes(2);
        do {
            field.clock.move(wait);
            wait = feed.step();
            held.add(feed.status().held());
        } while (feed.status().state().startsWith("reading"));

        assertThat(held.subList(0, held.size() - 1)).containsOnly(3000);
        assertThat(held).endsWith(2900);
        assertThat(field.target.calls).containsExactly("add 2900", "remove 100", "save id=" + (Field.NOW_ID - 1));
    }

    @Test
    void readsTheWholeListAtOnceOnDemand() {
        field.server.add(5, Field.NOW_ID - 100);
        Feed feed = field.feed();
        field.run(feed);
        field.server.list.pollFirstEntry();

        feed.sync(false);
        field.run(feed);

        assertThat(field.target.bans).hasSize(4);
    }

    @Test
    void beginsAgainAtTheStartWhenTheBansAreLostAndTheCursorIsNot() {
        field.server.add(300, Field.NOW_ID - 400);
        field.run(field.feed());
        field.target.bans.clear();

        field.run(field.feed());

        assertThat(field.target.bans).hasSize(300);
    }

    @Test
    void beginsAtTheStartWhenTheCursorMakesNoSense() {
        field.server.add(300, Field.NOW_ID - 400);
        field.target.saved = java.util.Optional.of("id=../x full=yesterday");

        field.run(field.feed());

        assertThat(field.target.bans).hasSize(300);
    }

    @Test
    void refusesAListThatGrewTenfoldAndKeepsTheOldOne() {
        field.server.add(150, Field.NOW_ID - 10_000);
        Feed feed = field.feed();
        field.run(feed);
        field.server.add(1600, Field.NOW_ID - 9_850);

        feed.sync(false);
        Duration wait = field.run(feed);

        assertThat(field.target.bans).hasSize(150);
        assertThat(feed.status().lastProblem().orElseThrow().words())
                .contains("its list grew from 150 to more than 1500 networks", "keeping the previous list");
        assertThat(wait).isGreaterThan(Duration.ofMinutes(3));
    }

    @Test
    void takesAListThatGrewTenfoldByForce() {
        field.server.add(150, Field.NOW_ID - 10_000);
        Feed feed = field.feed();
        field.run(feed);
        field.server.add(1600, Field.NOW_ID - 9_850);

        feed.sync(true);
        field.run(feed);

        assertThat(field.target.bans).hasSize(1600);
        assertThat(feed.status().listed()).isEqualTo(1600);
    }

    @Test
    void refusesNewsThatWouldMakeTheListTenfold() {
        field.server.add(5, Field.NOW_ID - 10_000);
        Feed feed = field.feed();
        field.run(feed);
        field.server.add(1600, Field.NOW_ID - 9_850);

        field.next(feed, Field.EVERY);

        assertThat(field.target.bans).hasSize(5);
        assertThat(feed.status().state()).contains("grew from 5 to more than 1000");
    }

    @Test
    void letsASmallListGrow() {
        field.server.add(5, Field.NOW_ID - 10_000);
        Feed feed = field.feed();
        field.run(feed);
        field.server.add(900, Field.NOW_ID - 9_000);

        field.next(feed, Field.EVERY);

        assertThat(field.target.bans).hasSize(900);
    }

    @Test
    void finishesAFirstReadingThatARestartInterrupted() {
        field.server.add(3000, Field.NOW_ID - 4000);
        field.feed().step();
        assertThat(field.target.bans).hasSize(250);
        field.clock.move(Duration.ofMinutes(5));

        Feed restarted = field.feed();
        Duration spread = restarted.step();
        field.next(restarted, spread);

        assertThat(field.target.bans).hasSize(3000);
    }

    @Test
    void keepsEverythingWhenTheWholeListIsSuddenlyEmpty() {
        field.server.add(30, Field.NOW_ID - 100);
        Feed feed = field.feed();
        field.run(feed);
        field.server.list.clear();

        feed.sync(false);
        field.run(feed);

        assertThat(field.target.bans).hasSize(30);
        assertThat(feed.status().lastProblem().orElseThrow().words()).contains("shrank from 30 to 0");
        assertThat(feed.status().state()).isEqualTo("up to date");
    }

    @Test
    void keepsEverythingWhenTheWholeListShrinksToLessThanATenth() {
        field.server.add(300, Field.NOW_ID - 400);
        Feed feed = field.feed();
        field.run(feed);
        field.server.list.headMap(Field.NOW_ID - 120).clear();
        assertThat(field.server.list).hasSize(20);

        feed.sync(false);
        field.run(feed);

        assertThat(field.target.bans).hasSize(300);
        assertThat(feed.status().listed()).isEqualTo(300);
    }

    @Test
    void endsEverythingByForceWhenTheListIsEmpty() {
        field.server.add(30, Field.NOW_ID - 100);
        Feed feed = field.feed();
        field.run(feed);
        field.server.list.clear();

        feed.sync(true);
        field.run(feed);

        assertThat(field.target.bans).isEmpty();
    }

    @Test
    void takesAPageOfAFewPrefixesAndSubscribers() {
        field.server.first(
                ListServer.json(
                        200,
                        "{\"ipaddress\":[\"198.18.0.0/24\",\"203.0.0.0/16\",\"2a00:1::7\",\"2a00:2::/48\",\"2a00:3::1/128\"],\"ID\":\"1000\"}"));

        field.run(field.feed());

        assertThat(field.target.bans.keySet())
                .map(Object::toString)
                .containsExactly("198.18.0.0/24", "203.0.0.0/16", "2a00:1::/64", "2a00:2::/48", "2a00:3::/64");
    }

    @Test
    void leavesOutWhatNoListMayNameAndCountsIt() {
        field.server.first(
                ListServer.json(
                        200,
                        "{\"ipaddress\":[\"0.0.0.0/0\",\"198.0.0.0/8\",\"::/0\",\"2a00::/16\",\"10.0.0.1\",\"127.0.0.1\",\"192.168.1.0/24\","
                                + "\"224.0.0.1\",\"::1\",\"fe80::1\",\"::ffff:10.0.0.1\",\"pbx.example.net\",\"203.0.113.7\"],\"ID\":\"1000\"}"));
        Feed feed = field.feed();

        field.run(feed);

        assertThat(field.target.bans.keySet()).map(Object::toString).containsExactly("203.0.113.7");
        assertThat(feed.status().refused()).isEqualTo(new FeedStatus.Refused(1, 7, 4, 0, 0));
    }

    @Test
    void refusesAPageThatWouldBlockTooMuchOfTheAddressSpace() {
        field.server.first(ListServer.json(200, prefixes(60, 17)));
        Feed feed = field.feed();

        field.run(feed);

        assertThat(field.target.bans).isEmpty();
        assertThat(feed.status().state()).contains("would block more of the address space");
    }

    @Test
    void refusesALaterPageThatTakesTheListBeyondItsShareOfTheAddressSpace() {
        field.server.first(ListServer.json(200, prefixes(60, 15)), ListServer.json(400, "{\"ID\":\"none\"}"));
        Feed feed = field.feed();
        Duration wait = field.run(feed);
        field.server.first(ListServer.json(200, prefixes(100, 2).replace("1000", "2000")));

        field.next(feed, wait);

        assertThat(field.target.bans).hasSize(15);
        assertThat(feed.status().state()).contains("would block more of the address space");
    }

    private static String prefixes(int firstOctet, int count) {
        List<String> prefixes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            prefixes.add("\"" + firstOctet + "." + i + ".0.0/16\"");
        }
        return "{\"ipaddress\":[" + String.join(",", prefixes) + "],\"ID\":\"1000\"}";
    }
}
