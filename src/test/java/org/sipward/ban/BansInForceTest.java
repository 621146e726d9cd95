package org.sipward.ban;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;

class BansInForceTest {
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");
    private static final Origin JAIL = Origin.jail("test");

    private final BansInForce bans = new BansInForce();

    @Test
    void bansWhoseEndsMoveGiveWayInTheOrderInWhichTheyBegan() {
        fill();

        bans.change(
                ban -> ban.network().address().low() % 3 == 0
                        ? new Ban(
                                ban.network(),
                                ban.origin(),
                                ban.since(),
                                ban.until().plusSeconds(60),
                                ban.count(),
                                ban.reason())
                        : ban,
                changed -> assertThat(changed).hasSizeLessThanOrEqualTo(10_000));

        Ban proven = ban(0x0a00_0000, JAIL, NOW, 1);
        BansInForce.Fit fit = bans.fit(List.of(proven));
        assertThat(fit.givingWay()).extracting(Ban::since).isSorted();
        assertThat(fit.givingWay())
                .hasSize(BansInForce.STEP)
                .allMatch(ban -> ban.since().isBefore(NOW.minusSeconds(Room.BANS - BansInForce.STEP)));
        bans.remove(fit.givingWay());
        bans.put(fit.bans());
        assertThat(bans.count(NOW)).isEqualTo(Room.BANS - BansInForce.STEP + 1);
    }

    @Test
    void takesOverOnlyAsManyBansAsThereIsRoomFor() {
        fill();
        Ban ofJail = ban(0x0a00_0000, JAIL, NOW, 0);
        Ban ofFeed = ban(0x0a00_0000, Origin.feed("kernel"), NOW, 0);
        Ban known = ban(0x5000_0000, JAIL, NOW, 0);

        assertThat(bans.takeOver(List.of(ofJail, ofFeed, known), NOW)).containsExactly(ofFeed);

        assertThat(bans.count(NOW)).isEqualTo(Room.BANS + 1);
    }

    @Test
    void answersWhileChangedBansAreStored() throws Exception {
        bans.put(List.of(ban(0x5000_0000, JAIL, NOW, 1)));
        List<Integer> counts = new ArrayList<>();

        bans.change(
                ban -> new Ban(ban.network(), ban.origin(), ban.since(), Ban.FOREVER, ban.count(), ban.reason()),
                changed -> {
                    FutureTask<Integer> question = new FutureTask<>(() -> bans.count(NOW));
                    new Thread(question).start();
                    try {
                        counts.add(question.get(30, TimeUnit.SECONDS));
                    } catch (Exception e) {
                        throw new AssertionError(e);
                    }
                });

        assertThat(counts).containsExactly(1);
        assertThat(bans.copy(NOW)).extracting(Ban::until).containsExactly(Ban.FOREVER);
    }

    /** Fills the room with unproven bans, one a second, the latest first. */
    private void fill() {
        List<Ban> many = new ArrayList<>();
        for (int i = 0; i < Room.BANS; i++) {
            many.add(ban(0x5000_0000 + i, JAIL, NOW.minusSeconds(i + 1), 0));
        }
        bans.put(many);
        bans.restored();
    }

    private static Ban ban(int address, Origin origin, Instant since, int count) {
        return new Ban(Network.host(IpAddress.v4(address)), origin, since, NOW.plusSeconds(3600), count, "");
    }
}
