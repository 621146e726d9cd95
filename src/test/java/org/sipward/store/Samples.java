package org.sipward.store;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.sipward.ban.Ban;
import org.sipward.ban.Origin;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;

/** Bans to store. */
final class Samples {
    static final Instant START = Instant.parse("2026-11-22T10:15:00Z");
    static final Clock CLOCK = Clock.fixed(START, ZoneOffset.UTC);
    static final Origin JAIL = Origin.jail("asterisk");
    static final Origin FEED = Origin.feed("apiban");

    private Samples() {}

    static HsqlStore open(Path folder) throws IOException {
        return HsqlStore.open(folder, CLOCK);
    }

    static Network network(String text) {
        return Network.parse(text).orElseThrow();
    }

    static Ban ban(String network, Origin origin, Instant since) {
        return new Ban(network(network), origin, since, since.plus(Duration.ofDays(1)), 1, "5 failures in 10m");
    }

    static Ban ban(String network, Origin origin) {
        return ban(network, origin, START);
    }

    /** Returns the n-th of many bans, each of another host, a second apart. */
    static Ban numbered(int n, Origin origin) {
        // Knuth's multiplicative hash spreads the addresses, as attackers are spread.
        Network host = Network.host(IpAddress.v4(n * 0x9e3779b1));
        Instant since = START.plusSeconds(n);
        return new Ban(host, origin, since, since.plus(Duration.ofDays(1)), 1, "ban number " + n);
    }

    static List<Ban> numbered(int from, int to, Origin origin) {
        List<Ban> bans = new ArrayList<>(to - from);
        for (int n = from; n < to; n++) {
            bans.add(numbered(n, origin));
        }
        return bans;
    }

    static List<Ban> loaded(HsqlStore store) throws IOException {
        List<Ban> bans = new ArrayList<>();
        store.load(bans::add);
        return bans;
    }
}
