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
 * Makes connection tracking forget the flows of hosts that have just been blocked, by {@code conntrack -D}. Otherwise a
 * flow table could carry a flow past our chain, and our own answers could keep a flow alive.
 *
 * <p>Best effort: packets of a blocked host no longer reach connection tracking, so its flows there soon time out
 * anyway. Flows of banned prefixes stay, since allowed peers may be in them; so do those of hosts from feeds, which
 * have no flows yet.
 *
 * <p>Each run walks the kernel's whole table, which takes 10 ms of CPU at 262,144 buckets; conntrack 1.4.7 does so for
 * every address, even if it is given many at once. So there are at most {@value #RUNS} runs a second, and none while no
 * flow is tracked.
 */
final class Flows {
    static final int RUNS = 10;

    private static final Logger log = LoggerFactory.getLogger(Flows.class);
    private static final Duration SECOND = Duration.ofSeconds(1);
    /** The exit code of conntrack if it found no flow to delete, and also if it failed. */
    private static final int NONE_FOUND = 1;

    private final Command conntrack;
    private final Path tracked;
    private final Clock clock;
    private Instant second = Instant.MIN;
    private int runs;
    private boolean logged;
    private boolean givenUp;

    /** @param tracked the kernel's file with the number of tracked flows; absent while connection tracking is off */
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

    /** Ends flows of these bans' hosts. Never fails; logs once if it cannot. */
    void end(Collection<Ban> bans) {
        if (givenUp || bans.stream().noneMatch(Flows::mayHaveFlows) || !isTracking()) {
            return;
        }
        if (!conntrack.isInstalled()) {
            logOnce("conntrack is not installed, flows of banned hosts end only by timeout: apt install conntrack");
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
                logOnce("conntrack failed, flows of banned hosts end only by timeout: "
                        + NftError.line(result.errors()));
            }
        } catch (IOException e) {
            givenUp = true;
            logOnce("conntrack is not used again before a restart, flows of banned hosts end only by timeout: "
                    + e.getMessage());
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

    private void logOnce(String what) {
        if (!logged) {
            logged = true;
            log.info(what);
        }
    }
}
