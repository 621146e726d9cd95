package org.sipward.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.sipward.ban.Ban;
import org.sipward.ban.Origin;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;
import org.sipward.store.HsqlStore;

/**
 * Lets a month go by in a store: its first argument is the folder, the second the number of bans, in equal parts a day. Each
 * ban lasts a day; the history is purged every day of what is older than four weeks, as the agent does; and then for four
 * weeks more nothing is banned. Prints the bytes on disk at their most, and at the end.
 */
final class StoreGrowth {
    private static final int DAYS = 31;
    private static final int CHUNK = 10_000;
    private static final Duration HISTORY = Duration.ofDays(28);
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private StoreGrowth() {}

    public static void main(String[] arguments) throws IOException {
        Path folder = Path.of(arguments[0]);
        int daily = Integer.parseInt(arguments[1]) / DAYS;
        long most = 0;
        try (HsqlStore store = HsqlStore.open(folder, Clock.fixed(START, ZoneOffset.UTC))) {
            List<List<Ban>> yesterday = List.of();
            for (int day = 0; day < DAYS + HISTORY.toDays(); day++) {
                Instant midnight = START.plus(Duration.ofDays(day));
                for (List<Ban> over : yesterday) {
                    store.remove(over, midnight);
                }
                yesterday = day < DAYS ? bans(day * daily, daily, midnight) : List.of();
                for (List<Ban> begun : yesterday) {
                    store.add(begun);
                }
                most = Math.max(most, FileUtils.sizeOfDirectory(folder.toFile()));
                store.purge(midnight.minus(HISTORY));
            }
        }
        System.out.println(most + " " + FileUtils.sizeOfDirectory(folder.toFile()));
    }

    private static List<List<Ban>> bans(int from, int count, Instant midnight) {
        Origin origin = Origin.jail("asterisk");
        List<List<Ban>> chunks = new ArrayList<>();
        for (int begin = 0; begin < count; begin += CHUNK) {
            List<Ban> chunk = new ArrayList<>();
            for (int n = begin; n < Math.min(count, begin + CHUNK); n++) {
                // Knuth's multiplicative hash spreads the addresses, as attackers are spread.
                Network host = Network.host(IpAddress.v4((from + n) * 0x9e3779b1));
                Instant since = midnight.plusSeconds(n % 86_400);
                chunk.add(new Ban(host, origin, since, since.plus(Duration.ofDays(1)), 1, "5 request-failed"));
            }
            chunks.add(chunk);
        }
        return chunks;
    }
}
