package org.sipward.ban;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;

/** A ban list without room for all bans: a flood of made-up senders can fill it in minutes. */
class BanListFullTest extends BanListFixture {
    private static final Network FIRST = Network.host(madeUp(0));
    private static final Network LAST = Network.host(madeUp(BanList.MAX_BANS - 1));

    private final Logger banLog = Logger.getLogger(BanLog.class.getName());
    private final Logger roomLog = Logger.getLogger(Room.class.getName());
    private final List<String> said = new ArrayList<>();
    private final Handler listener = new Handler() {
        @Override
        public void publish(LogRecord record) {
            said.add(record.getLevel() + " " + record.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        banLog.setLevel(Level.OFF);
        roomLog.addHandler(listener);
    }

    @AfterEach
    void stopListening() {
        banLog.setLevel(null);
        roomLog.removeHandler(listener);
    }

    @Test
    void bansAProvenAttackerInPlaceOfTheOldestUnprovenOnes() {
        flood(0, BanList.MAX_BANS);

        assertThat(list.ban(List.of(request("203.0.113.7")))).hasSize(1);

        assertThat(list.bansOf(address("203.0.113.7"))).hasSize(1);
        assertThat(firewall.blocked).contains(network("203.0.113.7"), LAST).doesNotContain(FIRST);
        assertThat(list.count()).isEqualTo(BanList.MAX_BANS - BansInForce.STEP + 1);
    }

    @Test
    void endsBansThatGiveWayInStoreAndFirewallHundredsAtATime() {
        flood(0, BanList.MAX_BANS);
        firewall.calls.clear();

        for (int i = 0; i < 3 * BansInForce.STEP; i++) {
            flood(BanList.MAX_BANS + i, 1);
        }

        assertThat(list.count()).isLessThanOrEqualTo(BanList.MAX_BANS);
        assertThat(store.bans).hasSize(list.count());
        assertThat(firewall.blocked).hasSize(list.count()).doesNotContain(FIRST);
        assertThat(firewall.calls)
                .filteredOn(call -> call.startsWith("unblock"))
                .hasSize(3);
    }

    @Test
    void neverLetsAMadeUpSenderTakeThePlaceOfAProvenAttacker() {
        list.ban(List.of(request("203.0.113.7")));

        flood(0, BanList.MAX_BANS);
        flood(BanList.MAX_BANS, BanList.MAX_BANS);

        assertThat(list.bansOf(address("203.0.113.7"))).hasSize(1);
        assertThat(list.count()).isLessThanOrEqualTo(BanList.MAX_BANS);
    }

    @Test
    void stillBansUnprovenAttackersSoThatAFloodShieldsNobody() {
        flood(0, BanList.MAX_BANS);

        assertThat(list.ban(List.of(unproven("203.0.113.7", START)))).hasSize(1);
    }

    @Test
    void refusesAnUnprovenBanIfAllOthersAreProven() {
        fillWithProven();

        assertThat(list.ban(List.of(unproven("203.0.113.7", START)))).isEmpty();
        assertThat(list.count()).isEqualTo(BanList.MAX_BANS);
    }

    @Test
    void bansAProvenAttackerInPlaceOfTheOldestOneIfAllAreProven() {
        fillWithProven();

        assertThat(list.ban(List.of(request("203.0.113.7"), unproven("203.0.113.8", START))))
                .hasSize(1);

        assertThat(list.count()).isEqualTo(BanList.MAX_BANS);
        assertThat(firewall.blocked).contains(network("203.0.113.7"), LAST).doesNotContain(FIRST);
    }

    @Test
    void leavesTheOperatorAndFeedsTheirRoomInAFlood() {
        flood(0, BanList.MAX_BANS);

        assertThat(list.impose(List.of(byOperator("203.0.113.7"), listed("203.0.113.8", later()))))
                .isEmpty();

        assertThat(firewall.blocked).contains(network("203.0.113.7"), network("203.0.113.8"), FIRST);
    }

    @Test
    void tellsTheOperatorWhichBansHaveNoRoom() {
        List<Ban> many = new ArrayList<>();
        for (int i = 0; i < BanList.MAX_BANS; i++) {
            many.add(new Ban(Network.host(madeUp(i)), Origin.OPERATOR, START, Ban.FOREVER, 1, ""));
        }
        assertThat(list.impose(many)).isEmpty();
        Ban another = byOperator("203.0.113.7");

        assertThat(list.impose(List.of(another)).get(another))
                .startsWith("there is no room: 100000 bans by the operator are in force");

        assertThat(list.bansOf(address("203.0.113.7"))).isEmpty();
        assertThat(list.trouble()).singleElement().asString().contains("sipward unban");
        assertThat(list.ban(List.of(request("203.0.113.7")))).hasSize(1);
    }

    @Test
    void replacesAJailsBanByAnOperatorsBanWithoutMoreRoom() {
        fillWithProven();
        Ban same = new Ban(FIRST, Origin.OPERATOR, START, Ban.FOREVER, 1, "");

        assertThat(list.impose(List.of(same))).isEmpty();

        assertThat(list.bansOf(FIRST.address())).containsExactly(same);
        assertThat(list.ban(List.of(request("203.0.113.7")))).hasSize(1);
        assertThat(list.count()).isEqualTo(BanList.MAX_BANS + 1);
    }

    @Test
    void logsOnceThatItIsFullAndAgainWhenItIsFullAgain() {
        flood(0, BanList.MAX_BANS + 1);
        flood(BanList.MAX_BANS + 1, 2 * BansInForce.STEP);

        assertThat(said).filteredOn(line -> line.startsWith("SEVERE")).hasSize(1);
        assertThat(said).filteredOn(line -> line.contains("gave way")).hasSize(1);
        assertThat(list.trouble()).singleElement().asString().contains("forged senders");

        clock.move(Duration.ofDays(1));
        list.tend();
        assertThat(list.trouble()).isEmpty();
        flood(0, BanList.MAX_BANS + 1, clock.instant());

        assertThat(said).filteredOn(line -> line.startsWith("SEVERE")).hasSize(2);
    }

    @Test
    void knowsTheOldestBansAfterARestart() throws IOException {
        flood(0, BanList.MAX_BANS);
        list.ban(List.of(request("203.0.113.7")));
        // A store may return the bans in any order.
        List<Ban> stored = new ArrayList<>(store.bans.values());
        store.bans.clear();
        for (int i = stored.size() - 1; i >= 0; i--) {
            store.bans.put(stored.get(i).network() + " false", stored.get(i));
        }

        BanList again = list();
        again.open();
        flood(again, BanList.MAX_BANS, BansInForce.STEP, START);

        assertThat(again.bansOf(stored.get(0).network().address())).isEmpty();
        assertThat(again.bansOf(LAST.address())).hasSize(1);
        assertThat(again.bansOf(address("203.0.113.7"))).hasSize(1);
    }

    @Test
    void restoresProvenBansFirstAndNoMoreThanThereIsRoomFor() throws IOException {
        flood(0, BanList.MAX_BANS);
        Ban proven = new Ban(network("203.0.113.7"), Origin.jail("test"), START, later(), 1, "");
        store.bans.put("203.0.113.7 false", proven);

        BanList again = list();
        again.open();

        assertThat(again.bansOf(address("203.0.113.7"))).hasSize(1);
        assertThat(again.count()).isEqualTo(BanList.MAX_BANS);
        assertThat(store.bans).hasSize(BanList.MAX_BANS);
    }

    @Test
    void remembersNoMoreRemovalsForAFailingStoreThanItHasRoomFor() throws IOException {
        flood(0, BanList.MAX_BANS);
        store.failing = true;
        flood(BanList.MAX_BANS, 3 * BanList.MAX_BANS / 2);
        store.failing = false;
        list.tend();

        assertThat(list.trouble()).noneMatch(what -> what.startsWith("store"));
        assertThat(store.bans).hasSize(list.count());
    }

    private void flood(int from, int count) {
        flood(from, count, START);
    }

    private void flood(int from, int count, Instant time) {
        flood(list, from, count, time);
    }

    /** Bans made-up senders, ten thousand in each call. */
    private static void flood(BanList list, int from, int count, Instant time) {
        List<BanRequest> requests = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            IpAddress sender = madeUp(i);
            requests.add(new BanRequest(
                    sender, Network.host(sender), Origin.jail("test"), time.plusMillis(i), HOUR, "unproven", false));
            if (requests.size() == 10_000 || i == from + count - 1) {
                list.ban(requests);
                requests.clear();
            }
        }
    }

    private void fillWithProven() {
        List<BanRequest> requests = new ArrayList<>();
        for (int i = 0; i < BanList.MAX_BANS; i++) {
            requests.add(new BanRequest(madeUp(i), Origin.jail("test"), START.plusMillis(i), HOUR, "proven"));
        }
        list.ban(requests);
    }

    private static IpAddress madeUp(int number) {
        return IpAddress.v4((45 << 24) + number);
    }

    private static IpAddress address(String text) {
        return IpAddress.parse(text).orElseThrow();
    }

    private static Ban byOperator(String network) {
        return new Ban(network(network), Origin.OPERATOR, START, Ban.FOREVER, 1, "");
    }

    private static Instant later() {
        return START.plusSeconds(600);
    }
}
