package org.sipward.store;

import static java.time.temporal.ChronoUnit.DAYS;
import static java.time.temporal.ChronoUnit.HOURS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.sipward.store.Samples.FEED;
import static org.sipward.store.Samples.JAIL;
import static org.sipward.store.Samples.START;
import static org.sipward.store.Samples.ban;
import static org.sipward.store.Samples.loaded;
import static org.sipward.store.Samples.network;
import static org.sipward.store.Samples.numbered;
import static org.sipward.store.Samples.open;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sipward.ban.Ban;
import org.sipward.ban.BanStore.History;
import org.sipward.ban.BanStore.Past;
import org.sipward.ban.Origin;
import org.sipward.ban.Trusted;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;

class HsqlStoreTest {
    @TempDir
    Path folder;

    private HsqlStore store;

    @BeforeEach
    void openStore() throws IOException {
        store = open(folder);
    }

    @AfterEach
    void closeStore() throws IOException {
        store.close();
    }

    @Test
    void keepsTrustedAddressesOverARestart() throws IOException {
        Trusted phone = new Trusted(network("203.0.113.7"), START, START.plus(1, DAYS));
        Trusted gone = new Trusted(network("2001:db8:1:2::/64"), START, START.plus(1, HOURS));
        store.saveTrusted(List.of(phone, gone), START);
        Trusted later = new Trusted(phone.network(), START, START.plus(2, DAYS));
        store.saveTrusted(List.of(later), START);
        store.close();
        store = open(folder);

        assertThat(store.trusted(START.plus(2, HOURS), 10)).containsExactly(later);
        assertThat(store.trusted(START, 1)).containsExactly(later);
        store.saveTrusted(List.of(), START.plus(2, HOURS));
        assertThat(store.trusted(START, 10)).containsExactly(later);
    }

    @Test
    void leavesUnprovenBansOutOfTheNumber() throws IOException {
        Network host = network("203.0.113.7");
        store.add(List.of(new Ban(host, JAIL, START, START.plus(1, HOURS), 0, "unproven")));

        assertThat(store.history(List.of(host))).containsEntry(host, new History(0, START));
    }

    @Test
    void keepsBansOverARestart() throws IOException {
        Ban forever = new Ban(network("2001:db8::/48"), Origin.OPERATOR, START, Ban.FOREVER, 1, "");
        Ban whole = ban("0.0.0.0/0", FEED);
        store.add(List.of(ban("203.0.113.7", JAIL), forever, whole));

        store.close();
        store = open(folder);

        assertThat(loaded(store)).containsExactlyInAnyOrder(ban("203.0.113.7", JAIL), forever, whole);
    }

    @Test
    void replacesABanOfTheSameNetworkAndKind() throws IOException {
        store.add(List.of(ban("203.0.113.7", JAIL), ban("203.0.113.7", FEED)));

        Ban operators = ban("203.0.113.7", Origin.OPERATOR, START.plusSeconds(5));
        store.add(List.of(operators));

        assertThat(loaded(store)).containsExactlyInAnyOrder(operators, ban("203.0.113.7", FEED));
    }

    @Test
    void storesTheLastOfSeveralBansOfOneNetwork() throws IOException {
        Ban later = ban("203.0.113.7", Origin.jail("kamailio"), START.plusSeconds(1));

        store.add(List.of(ban("203.0.113.7", JAIL), later));

        assertThat(loaded(store)).containsExactly(later);
        assertThat(store.history(List.of(later.network())))
                .isEqualTo(Map.of(later.network(), new History(2, later.since())));
    }

    @Test
    void loadsMoreBansThanARowHolds() throws IOException {
        List<Ban> bans = numbered(0, 2 * Batches.SIZE + 1, FEED);
        store.add(bans);

        assertThat(Set.copyOf(loaded(store))).isEqualTo(Set.copyOf(bans));
    }

    @Test
    void removesOnlyTheBanOfTheSameKind() throws IOException {
        store.add(List.of(ban("203.0.113.7", JAIL), ban("203.0.113.7", FEED)));

        store.remove(List.of(ban("203.0.113.7", FEED), ban("203.0.113.8", JAIL)), START);

        assertThat(loaded(store)).containsExactly(ban("203.0.113.7", JAIL));
    }

    @Test
    void keepsTheTimeWhenABanWasEndedEarly() throws IOException {
        Ban ban = ban("203.0.113.7", JAIL);
        store.add(List.of(ban));

        store.remove(List.of(ban), START.plusSeconds(60));

        assertThat(store.past(ban.network(), 10)).containsExactly(new Past(ban, Optional.of(START.plusSeconds(60))));
    }

    @Test
    void doesNotMarkAnExpiredBanAsEndedEarly() throws IOException {
        Ban ban = ban("203.0.113.7", JAIL);
        store.add(List.of(ban));

        store.remove(List.of(ban), ban.until());

        assertThat(store.past(ban.network(), 10)).containsExactly(new Past(ban, Optional.empty()));
    }

    @Test
    void countsABanThatIsStoredTwiceOnce() throws IOException {
        Ban ban = ban("203.0.113.7", JAIL);
        Ban longer = new Ban(ban.network(), JAIL, ban.since(), Ban.FOREVER, 1, "longer");
        store.add(List.of(ban));

        store.add(List.of(longer));

        assertThat(store.past(ban.network(), 10)).containsExactly(new Past(longer, Optional.empty()));
    }

    @Test
    void countsOnlyTheBansOfJails() throws IOException {
        Network host = network("203.0.113.7");
        store.add(List.of(ban("203.0.113.7", JAIL), ban("203.0.113.0/24", JAIL), ban("203.0.113.8", FEED)));
        store.add(List.of(ban("203.0.113.7", Origin.jail("kamailio"), START.plus(2, DAYS))));
        store.add(List.of(ban("203.0.113.7", Origin.OPERATOR, START.plus(3, DAYS))));

        assertThat(store.history(List.of(host, network("203.0.113.8"), network("203.0.113.9"))))
                .isEqualTo(Map.of(host, new History(2, START.plus(2, DAYS))));
    }

    @Test
    void omitsTheBansOfFeedsFromTheHistory() throws IOException {
        store.add(List.of(ban("203.0.113.7", FEED)));

        assertThat(store.past(network("203.0.113.7"), 10)).isEmpty();
    }

    @Test
    void findsThePastOfEveryOverlappingNetworkLatestFirst() throws IOException {
        Random random = new Random(7);
        List<Ban> bans = new ArrayList<>();
        for (int i = 0; i < 2_500; i++) {
            bans.add(ban(randomNetwork(random).toString(), JAIL, START.plusSeconds(i)));
        }
        store.add(bans);

        for (int i = 0; i < 40; i++) {
            Network asked = randomNetwork(random);
            assertThat(store.past(asked, 20))
                    .as(asked.toString())
                    .extracting(Past::ban)
                    .containsExactlyElementsOf(bans.stream()
                            .filter(ban -> ban.network().overlaps(asked))
                            .sorted(Comparator.comparing(Ban::since).reversed())
                            .limit(20)
                            .toList());
        }
    }

    /** Only a few bits differ, so that many networks overlap. */
    private static Network randomNetwork(Random random) {
        if (random.nextBoolean()) {
            return new Network(IpAddress.v4(random.nextInt(4) << 30 | random.nextInt(8)), random.nextInt(33));
        }
        IpAddress v6 = new IpAddress((long) random.nextInt(4) << 62, random.nextInt(8));
        return new Network(v6, random.nextInt(129));
    }

    @Test
    void readsNoMoreOfThePastThanAskedFor() throws IOException {
        for (int i = 0; i < 5; i++) {
            store.add(List.of(ban("203.0.113.7", JAIL, START.plusSeconds(i))));
        }

        assertThat(store.past(network("203.0.113.7"), 2))
                .extracting(past -> past.ban().since())
                .containsExactly(START.plusSeconds(4), START.plusSeconds(3));
        assertThat(store.past(network("203.0.113.7"), 0)).isEmpty();
    }

    @Test
    void deletesOldHistory() throws IOException {
        store.add(numbered(0, 5_000, JAIL));

        store.purge(START.plusSeconds(4_990));

        assertThat(store.past(network("0.0.0.0/0"), 100)).hasSize(10);
        assertThat(loaded(store)).hasSize(5_000);
    }

    @Test
    void deletesTheOldestBansOfAFullHistory() throws IOException {
        store.close();
        store = HsqlStore.open(folder, Samples.CLOCK, Schema.CURRENT, 2_500);

        store.add(numbered(0, 1_200, JAIL));
        store.add(numbered(1_200, 3_300, JAIL));

        assertThat(store.past(network("0.0.0.0/0"), 4_000))
                .extracting(Past::ban)
                .containsExactlyInAnyOrderElementsOf(numbered(1_000, 3_300, JAIL));
    }

    @Test
    void keepsAnAllowedNetworkUntilItIsDisallowed() throws IOException {
        store.allow(network("198.51.100.0/24"), START);
        store.allow(network("198.51.100.0/24"), START.plus(1, HOURS));
        store.allow(network("2001:db8::1"), Ban.FOREVER);
        store.disallow(network("2001:db8::1"));
        store.close();
        store = open(folder);

        assertThat(store.allowed()).isEqualTo(Map.of(network("198.51.100.0/24"), START.plus(1, HOURS)));
    }

    @Test
    void keepsCursors() throws IOException {
        store.saveCursor("/var/log/a", "1");
        store.saveCursor("/var/log/b", "2");
        store.saveCursor("feed apiban", "x");
        store.saveCursor("/var/log/a", "line\nCOMMIT\n'\u0000\u20ac");
        store.forgetCursors(List.of("feed apiban", "/var/log/b", "/var/log/c"));
        store.close();
        store = open(folder);

        assertThat(store.cursors()).containsExactly("/var/log/a");
        assertThat(store.cursor("/var/log/a")).contains("line\nCOMMIT\n'\u0000\u20ac");
        assertThat(store.cursor("feed apiban")).isEmpty();
    }

    @Test
    void doesNotTouchTheDiskForACursorThatIsSavedAlready() throws IOException {
        store.saveCursor("/var/log/a", "1");
        long before = Files.size(folder.resolve("db/store.log"));

        store.saveCursor("/var/log/a", "1");

        assertThat(Files.size(folder.resolve("db/store.log"))).isEqualTo(before);
    }

    @Test
    void changesNothingWhenOneOfTheBansCannotBeStored() throws IOException {
        Ban nameless = ban("203.0.113.8", Origin.jail("x".repeat(400)));

        assertThatThrownBy(() -> store.add(List.of(ban("203.0.113.7", JAIL), nameless)))
                .isInstanceOf(IllegalArgumentException.class);

        assertThat(loaded(store)).isEmpty();
    }

    @Test
    void cutsAnOverlongReason() throws IOException {
        Instant since = START.plusNanos(1_234_567);
        store.add(List.of(new Ban(network("203.0.113.7"), JAIL, since, Instant.MAX, 3, "x".repeat(5_000))));

        assertThat(loaded(store))
                .containsExactly(
                        new Ban(network("203.0.113.7"), JAIL, START.plusMillis(1), Ban.FOREVER, 3, "x".repeat(1_000)));
    }

    @Test
    void servesSeveralThreads() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Callable<Integer>> tasks = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            int base = t * 100;
            tasks.add(() -> {
                for (int i = base; i < base + 100; i++) {
                    store.add(List.of(numbered(i, JAIL)));
                    store.saveCursor("thread " + base, "" + i);
                    store.load(ban -> {});
                }
                return base;
            });
        }

        for (Future<Integer> done : threads.invokeAll(tasks)) {
            done.get();
        }
        threads.shutdown();

        assertThat(loaded(store)).containsExactlyInAnyOrderElementsOf(numbered(0, 400, JAIL));
        assertThat(store.cursor("thread 300")).contains("399");
    }

    @Test
    void worksInAThreadThatWasInterrupted() throws IOException {
        Thread.currentThread().interrupt();
        store.add(List.of(ban("203.0.113.7", JAIL)));
        store.close();

        assertThat(Thread.interrupted()).isTrue();
        store = open(folder);
        assertThat(loaded(store)).containsExactly(ban("203.0.113.7", JAIL));
    }

    @Test
    void reportsThatItIsClosed() throws IOException {
        store.close();
        store.close();

        assertThatThrownBy(() -> store.allowed())
                .isInstanceOf(IOException.class)
                .hasMessageEndingWith("closed");
    }
}
