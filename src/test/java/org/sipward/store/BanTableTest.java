package org.sipward.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.sipward.store.Samples.FEED;
import static org.sipward.store.Samples.JAIL;
import static org.sipward.store.Samples.START;
import static org.sipward.store.Samples.loaded;
import static org.sipward.store.Samples.numbered;
import static org.sipward.store.Samples.open;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sipward.ban.Ban;
import org.sipward.ban.BanStore.History;
import org.sipward.ban.BanStore.Past;
import org.sipward.ban.Origin;
import org.sipward.net.Network;

/** The packed rows of bans in force and of the history, used through the store. */
class BanTableTest {
    @TempDir
    Path folder;

    /** Puts, replaces, removes and purges random numbers of bans, over restarts too, and compares with maps. */
    @Test
    void agreesWithAMapAfterManyRandomChanges() throws IOException {
        Random random = new Random(20261128);
        Map<String, Ban> inForce = new HashMap<>();
        List<Ban> history = new ArrayList<>();
        HsqlStore store = open(folder);
        try {
            for (int step = 0; step < 250; step++) {
                int count = random.nextInt(4) == 0 ? random.nextInt(2_500) : 1 + random.nextInt(5);
                List<Ban> some = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    Ban ban = numbered(random.nextInt(6_000), random.nextBoolean() ? JAIL : FEED);
                    Duration later = Duration.ofSeconds(step);
                    some.add(new Ban(
                            ban.network(),
                            ban.origin(),
                            START.plus(later),
                            ban.until().plus(later),
                            1,
                            ban.reason()));
                }
                if (random.nextInt(3) > 0) {
                    store.add(some);
                    some.forEach(ban -> inForce.put(key(ban), ban));
                    history.addAll(some.stream()
                            .filter(ban -> !ban.origin().isFeed())
                            .distinct()
                            .toList());
                } else {
                    store.remove(some, START.plusSeconds(step));
                    some.forEach(ban -> inForce.remove(key(ban)));
                }
                if (step == 200) {
                    store.purge(START.plusSeconds(100));
                    history.removeIf(ban -> ban.since().isBefore(START.plusSeconds(100)));
                }
                if (step % 50 == 49) {
                    store.close();
                    store = open(folder);
                    assertThat(loaded(store)).containsExactlyInAnyOrderElementsOf(inForce.values());
                    assertThat(store.history(networks())).isEqualTo(counted(history));
                }
            }
            assertThat(store.past(Samples.network("0.0.0.0/0"), 1_000_000))
                    .extracting(Past::ban)
                    .containsExactlyInAnyOrderElementsOf(history);
        } finally {
            store.close();
        }
    }

    @Test
    void deletesOutdatedEntries() throws Exception {
        List<Ban> list = numbered(0, 15_000, FEED);
        try (HsqlStore store = open(folder)) {
            for (int day = 0; day < 20; day++) {
                store.add(list);
            }
            store.remove(list.subList(0, 14_990), START);

            assertThat(loaded(store)).containsExactlyInAnyOrderElementsOf(list.subList(14_990, 15_000));
        }

        assertThat(rows(folder)).isLessThan(70);
        assertThat(FileUtils.sizeOfDirectory(folder.toFile())).isLessThan(15 << 20);
    }

    @Test
    void keepsFewRowsWhenBansComeOneByOne() throws Exception {
        try (HsqlStore store = open(folder)) {
            for (int n = 0; n < 3_000; n++) {
                store.add(List.of(numbered(n, JAIL)));
            }

            assertThat(loaded(store)).hasSize(3_000);
        }

        assertThat(rows(folder)).isLessThan(2 * (3_000 / 500 + 10));
    }

    private static int rows(Path folder) throws IOException, SQLException {
        try (Database database = Database.open(folder.resolve("db"));
                Statement statement = database.statement();
                ResultSet count = statement.executeQuery("SELECT COUNT(*) FROM batches")) {
            count.next();
            return count.getInt(1);
        }
    }

    private static String key(Ban ban) {
        return ban.network() + " " + ban.origin().isFeed();
    }

    private static List<Network> networks() {
        return numbered(0, 6_000, JAIL).stream().map(Ban::network).toList();
    }

    private static Map<Network, History> counted(List<Ban> history) {
        Map<Network, History> counted = new HashMap<>();
        for (Ban ban : history) {
            assertThat(ban.origin().kind()).isEqualTo(Origin.Kind.JAIL);
            counted.merge(
                    ban.network(),
                    new History(1, ban.since()),
                    (one, other) -> new History(one.count() + 1, other.last()));
        }
        return counted;
    }
}
