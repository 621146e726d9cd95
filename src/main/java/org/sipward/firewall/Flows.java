package org.sipward.firewall;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.sipward.ban.Ban;
import org.sipward.net.Network;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes connection tracking forget the flows of hosts that have just been blocked, by {@code conntrack -D}: so that a
 * flow stops that a flow table has taken past the chain, and our own answers keep none alive.
 *
 * <p>Best effort. Nothing of a blocked host reaches connection tracking any more, so what is left to itself there ends
 * soon. Prefixes are left alone, since allowed peers may be in them; so are hosts from feeds, which have no flows yet.
 *
 * <p>Each run walks the kernel's whole table, 10 ms of CPU at 262,144 buckets; conntrack 1.4.7 does so for every
 * address even when it is given many at once. So there are at most {@value #RUNS} a second, and none while nothing is
 * tracked.
 */
final class Flows {
    static final int RUNS = 10;

    private static final Logger log = LoggerFactory.getLogger(Flows.class);
    private static final Duration SECOND = Duration.ofSeconds(1);
    /** What conntrack exits with when it found no flow to delete, and also when it failed. */
    private static final int NONE_FOUND = 1;

    private final Command conntrack;
    private final Path tracked;
    private final Clock clock;
    private Instant second = Instant.MIN;
    private int runs;
    private boolean said;
    private boolean givenUp;

    /**
     * @param tracked the kernel's count of the flows it tracks; not there while connection tracking is off
     */
    Flows(Command conntrack, Path tracked, Clock clock) {
        this.conntrack = conntrack;
        this.tracked = tracked;
        this.clock = clock;
    }

    static Flows of(Clock clock) {
        return new Flows(
                Command.of("conntrack", Duration.ofSeconds(5)),
                Path.of("/proc/sys/net/netfilter/nf_conntrack_count"),
                clock);
    }

    /** Ends flows of these bans' hosts. Never fails; says once what is in the way. */
    void end(Collection<Ban> bans) {
        if (givenUp || bans.stream().noneMatch(Flows::mayHaveFlows) || !isTracking()) {
            return;
        }
        if (!conntrack.isInstalled()) {
            sayOnce("conntrack is not installed, flows of banned hosts end by themselves: apt install conntrack");
            return;
        }
        for (Ban ban : bans) {
            if (mayHaveFlows(ban) && isWithinBudget() && !givenUp) {
                end(ban.network());
            }
        }
    }

    private void end(Network host) {
        String family = host.address().isV4() ? "ipv4" : "ipv6";
        try {
            Command.Result result = conntrack.run(
                    List.of("-D", "-f", family, "-s", host.toString()), Command.Input.NONE, Command.Output.NONE);
            if (!result.isSuccess()
                    && !(result.exit() == NONE_FOUND && result.errors().contains("0 flow entries"))) {
                sayOnce("conntrack failed, flows of banned hosts end by themselves: " + NftError.line(result.errors()));
            }
        } catch (IOException e) {
            givenUp = true;
            sayOnce("conntrack is no longer used, flows of banned hosts end by themselves: " + e.getMessage());
        }
    }

    private static boolean mayHaveFlows(Ban ban) {
        return !ban.origin().isFeed()
                && (ban.network().isHost() || !KernelSet.of(ban).isInterval());
    }

    private boolean isTracking() {
        try {
            return !Files.readString(tracked).strip().equals("0");
        } catch (IOException off) {
            return false;
        }
    }

    private boolean isWithinBudget() {
        Instant now = clock.instant();
        if (Duration.between(second, now).abs().compareTo(SECOND) >= 0) {
            second = now;
            runs = 0;
        }
        return runs++ < RUNS;
    }

    private void sayOnce(String what) {
        if (!said) {
            said = true;
            log.info(what);
        }
    }
}
