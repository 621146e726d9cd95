package org.sipward.built;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How often the agent starts nft while others change the kernel's tables, and at rest. */
class HeardIT extends SiteFixture {
    private static final String ATTACKER = "203.0.113.9";

    @BeforeEach
    void startWithAnNftThatCounts() throws Exception {
        assumeTrue(Sipward.isNative(), "only the native program hears of changes");
        site.startWithNft("echo \"$$\" >>" + runs(), "exec " + folder.resolve("nft") + " \"$@\"");
        site.fail(ATTACKER, 5);
        site.awaitBan(ATTACKER);
    }

    private Path runs() {
        return folder.resolve("runs");
    }

    private int count() throws Exception {
        return Files.readAllLines(runs()).size();
    }

    /** Makes a transaction of each of these statements, so often, with one nft. Some may fail. */
    private void change(int times, String... statements) throws Exception {
        Path script = Files.write(
                folder.resolve("changes"),
                Stream.generate(() -> Stream.of(statements))
                        .limit(times)
                        .flatMap(all -> all)
                        .toList());
        site.pbx.ask("sh", "-c", "nft -i <" + script);
    }

    /** Returns whether no message of nftables waits for the agent, by the protocol, groups and bytes of each socket. */
    private boolean isAllHeard() throws Exception {
        return site.pbx
                .run("cat", "/proc/net/netlink")
                .lines()
                .map(line -> line.trim().split(" +", -1))
                .anyMatch(socket -> socket[1].equals("12") && socket[3].equals("00000040") && socket[4].equals("0"));
    }

    @Test
    void startsNothingForItsOwnChangesAndThoseOfOtherTables() throws Exception {
        int before = count();

        change(2_000, "add table inet other", "delete table inet other");
        site.fail("203.0.113.8", 5);
        site.awaitBan("203.0.113.8");
        change(1, "add table ip sipward", "add table inet sipward2", "flush set inet sipward jail4");
        site.awaitBan("203.0.113.8");
        site.awaitBan(ATTACKER);

        // Changes are heard in their order. One nft blocked; three looked at the last change and mended it.
        assertThat(count() - before).isEqualTo(1 + 3);
    }

    @Test
    void looksNowAndThenWhileSomebodyChangesItsTableAgainAndAgain() throws Exception {
        int before = count();
        long begin = System.nanoTime();

        change(
                5_000,
                "add element inet sipward jail4 { 198.51.100.99 timeout 1h }",
                "delete element inet sipward jail4 { 198.51.100.99 }",
                "flush set inet sipward jail4");
        long halfSeconds = (System.nanoTime() - begin) / 500_000_000;
        Sipward.await("the last change mended", () -> !site.reaches(ATTACKER));

        // To look and to mend starts nft three times.
        assertThat(count() - before).isBetween(3, 3 * (int) (halfSeconds + 3));
        assertThat(Kernel.members(site.pbx, "jail4").keySet()).containsExactly(ATTACKER);
    }

    @Test
    void looksOnceAtAChangeThatTakesManyMessages() throws Exception {
        String elements = IntStream.range(0, 20_000)
                .mapToObj(i -> "10.0." + i / 250 + "." + i % 250 + " timeout 1h")
                .collect(Collectors.joining(","));
        Path script = Files.writeString(folder.resolve("many"), "add element inet sipward jail4 {" + elements + "}\n");
        int before = count();

        site.pbx.ask("nft", "-f", script.toString());
        Sipward.await(
                "the change mended",
                () -> Kernel.members(site.pbx, "jail4").keySet().equals(Set.of(ATTACKER)));
        Sipward.await("all messages read", this::isAllHeard);

        // To look and to mend starts nft three times. The kernel may have gone on to report after the first look.
        assertThat(count() - before).isBetween(3, 3 + 2);
    }
}
