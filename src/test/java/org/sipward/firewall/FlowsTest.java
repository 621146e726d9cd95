package org.sipward.firewall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.sipward.firewall.Bans.DAY;
import static org.sipward.firewall.Bans.NOW;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sipward.ban.Ban;

class FlowsTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final AtomicReference<Instant> time = new AtomicReference<>(NOW);
    private final Clock clock = ((InstantSource) time::get).withZone(ZoneOffset.UTC);

    @TempDir
    private Path directory;

    @BeforeEach
    void trackSomething() throws IOException {
        Files.writeString(tracked(), "7\n");
    }

    private Path tracked() {
        return directory.resolve("tracked");
    }

    private Path runs() {
        return directory.resolve("runs");
    }

    /** A conntrack that records its arguments. */
    private Flows noting(String... then) throws IOException {
        String[] lines = new String[then.length + 1];
        lines[0] = "echo \"$*\" >> " + runs();
        System.arraycopy(then, 0, lines, 1, then.length);
        return new Flows(FakeProgram.write(directory, "conntrack", LIMIT, lines), tracked(), clock);
    }

    @Test
    void deletesTheFlowsOfHostsThatJailsOrTheOperatorBanned() throws IOException {
        noting().end(List.of(
                Bans.jail("203.0.113.7", DAY),
                Bans.jail("2001:db8:1:2::/64", DAY),
                Bans.operator("203.0.113.8", DAY),
                Bans.feed("203.0.113.9", DAY),
                Bans.operator("198.51.100.0/24", DAY)));

        assertThat(Files.readAllLines(runs()))
                .containsExactly(
                        "-D -f ipv4 -s 203.0.113.7", "-D -f ipv6 -s 2001:db8:1:2::/64", "-D -f ipv4 -s 203.0.113.8");
    }

    @Test
    void runsConntrackOnlyAFewTimesASecond() throws IOException {
        Flows flows = noting();

        flows.end(Bans.many(1_000));
        flows.end(Bans.many(1_000));
        assertThat(Files.readAllLines(runs())).hasSize(Flows.RUNS);

        time.set(NOW.plusSeconds(1));
        flows.end(Bans.many(1_000));
        assertThat(Files.readAllLines(runs())).hasSize(2 * Flows.RUNS);
    }

    @Test
    void doesNotRunConntrackWhileNothingIsTracked() throws IOException {
        Flows flows = noting();

        Files.writeString(tracked(), "0\n");
        flows.end(Bans.many(1));
        Files.delete(tracked());
        flows.end(Bans.many(1));

        assertThat(runs()).doesNotExist();
    }

    @Test
    void goesOnIfConntrackIsMissingOrFails() throws IOException {
        Flows missing = new Flows(new Command("conntrack", List.of(), List.of(), LIMIT), tracked(), clock);
        missing.end(Bans.many(2));

        noting("echo 'conntrack v1.4.7: Operation failed' >&2; exit 1").end(Bans.many(2));

        assertThat(Files.readAllLines(runs())).hasSize(2);
    }

    @Test
    void doesNotRunConntrackAgainAfterItHung() throws IOException {
        Command hangs = FakeProgram.write(
                directory, "conntrack", Duration.ofMillis(200), "echo \"$*\" >> " + runs(), "exec sleep 1000");
        Flows flows = new Flows(hangs, tracked(), clock);

        flows.end(Bans.many(5));
        flows.end(Bans.many(5));

        assertThat(Files.readAllLines(runs())).hasSize(1);
    }

    @Test
    void endsTheFlowsOfBlockedHostsOnly() throws IOException {
        try (NetworkNamespace namespace = NetworkNamespace.open()) {
            assumeTrue(Command.of("conntrack", LIMIT).isInstalled(), "needs conntrack");
            track(namespace, "203.0.113.7", "192.0.2.1");
            track(namespace, "203.0.113.8", "192.0.2.1");
            track(namespace, "2001:db8:1:2::5", "2001:db8::1");
            Nftables firewall = new Nftables(
                    List.of(),
                    clock,
                    namespace.command("nft"),
                    new Flows(namespace.command("conntrack"), tracked(), clock),
                    ForeignChanges.unheard());
            firewall.enforce(List.of(), List.of(), NOW);
            List<Ban> bans = List.of(
                    Bans.jail("203.0.113.7", DAY), Bans.jail("2001:db8:1:2::/64", DAY), Bans.jail("203.0.113.99", DAY));

            firewall.block(bans, NOW);

            assertThat(namespace.run("conntrack", "-L", "-f", "ipv4"))
                    .contains("203.0.113.8")
                    .doesNotContain("203.0.113.7");
            assertThat(namespace.run("conntrack", "-L", "-f", "ipv6")).doesNotContain("2001:db8:1:2::5");
            assertThat(firewall.compare(bans, List.of(), NOW).missing()).isEmpty();
        }
    }

    private static void track(NetworkNamespace namespace, String from, String to) throws IOException {
        String arguments = "-I -s " + from + " -d " + to + " -p udp --sport 5060 --dport 5060 -t 600";
        namespace.run("conntrack", arguments.split(" ", -1));
    }
}
