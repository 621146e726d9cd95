package org.sipward.store;

import static java.time.temporal.ChronoUnit.DAYS;
import static java.time.temporal.ChronoUnit.HOURS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.sipward.store.Samples.JAIL;
import static org.sipward.store.Samples.START;
import static org.sipward.store.Samples.ban;
import static org.sipward.store.Samples.network;
import static org.sipward.store.Samples.open;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sipward.ban.Ban;
import org.sipward.ban.BanStore.History;
import org.sipward.ban.BanStore.Past;
import org.sipward.net.Network;

class HistoryTableTest {
    @TempDir
    Path folder;

    @Test
    void movesBansThatWereWrittenWhileTheClockWasAhead() throws IOException {
        HsqlStore store = open(folder);
        Instant ahead = START.plus(365, DAYS);
        store.add(List.of(ban("203.0.113.7", JAIL), ban("203.0.113.8", JAIL, ahead), ban("203.0.113.9", JAIL, ahead)));
        store.remove(List.of(ban("203.0.113.9", JAIL, ahead)), ahead.plus(1, HOURS));

        store.bringBack(START.plusSeconds(9), START.plus(1, HOURS));
        Ban again = new Ban(network("203.0.113.8"), JAIL, START.plusSeconds(9), START.plus(2, DAYS), 1, "later");
        store.add(List.of(again));

        List<Network> all = List.of(network("203.0.113.7"), network("203.0.113.8"), network("203.0.113.9"));
        assertThat(store.history(all))
                .isEqualTo(Map.of(
                        all.get(0), new History(1, START),
                        all.get(1), new History(1, START.plusSeconds(9)),
                        all.get(2), new History(1, START.plusSeconds(9))));
        assertThat(store.past(all.get(2), 1).get(0).ended())
                .contains(START.plusSeconds(9).plus(1, HOURS));
        assertThat(store.past(all.get(1), 5)).extracting(Past::ban).containsExactly(again);
        store.close();
    }
}
