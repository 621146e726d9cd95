package org.sipward.firewall;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.sipward.ban.Ban;
import org.sipward.ban.Origin;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;

/** Bans for tests, all from {@link #NOW} on. */
final class Bans {
    static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    static final Duration DAY = Duration.ofDays(1);

    private static final Origin JAIL = Origin.jail("asterisk");
    private static final Origin FEED = Origin.feed("apiban");

    private Bans() {}

    static Network network(String text) {
        return Network.parse(text).orElseThrow();
    }

    static Ban jail(String network, Duration time) {
        return ban(network(network), JAIL, NOW.plus(time));
    }

    static Ban operator(String network, Duration time) {
        return ban(network(network), Origin.OPERATOR, NOW.plus(time));
    }

    static Ban feed(String network, Duration time) {
        return ban(network(network), FEED, NOW.plus(time));
    }

    static Ban forever(String network) {
        return ban(network(network), Origin.OPERATOR, Ban.FOREVER);
    }

    /** Returns bans of {@code count} hosts, each for a day. */
    static List<Ban> many(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> ban(Network.host(IpAddress.v4(0xcb00_0000 + i)), JAIL, NOW.plus(DAY)))
                .toList();
    }

    private static Ban ban(Network network, Origin origin, Instant until) {
        return new Ban(network, origin, NOW, until, 1, "5 failures");
    }
}
