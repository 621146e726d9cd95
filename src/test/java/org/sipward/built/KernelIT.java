package org.sipward.built;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * From a line of a real log to packets that no longer arrive. One agent for all; each test has an address of its own.
 */
class KernelIT extends OneSiteFixture {
    private static final String SVCRACK = "asterisk22-pjsip/t_svcrack/fail2ban.log";
    private static final String BRUTE6 = "asterisk22-pjsip/a_brute_v6/messages.log";
    private static final String SVCRACK_FROM = "198.51.100.240";

    @Test
    void dropsThePacketsOfTheAttackerInALog() throws Exception {
        assertThat(Corpus.attackers(SVCRACK)).containsExactly(SVCRACK_FROM);
        assertThat(site.reaches(SVCRACK_FROM)).isTrue();

        site.write(Corpus.lines(SVCRACK));
        site.awaitBan(SVCRACK_FROM);

        assertThat(Kernel.members(site.pbx, "jail4").get(SVCRACK_FROM)).isBetween(3_300L, 3_600L);
        assertThat(site.reaches(SVCRACK_FROM)).isFalse();
        assertThat(Kernel.dropped(site.pbx, "jail4")).isPositive();
    }

    @Test
    void dropsTheWhole64OfAnIpv6Attacker() throws Exception {
        String attacker = "2001:db8:bad:5c5::88ec";
        assertThat(Corpus.attackers(BRUTE6)).containsExactly(attacker);
        assertThat(site.reaches(attacker)).isTrue();

        site.write(Corpus.lines(BRUTE6));
        site.awaitBan(attacker);

        assertThat(site.reaches(attacker)).isFalse();
        assertThat(site.reaches("2001:db8:bad:5c5::1")).isFalse();
    }

    @Test
    void neverDropsAllowlistedAddressesThatFailInALog() throws Exception {
        site.fail(Site.FRIEND, 20);
        site.fail("203.0.113.1", 5);
        site.awaitBan("203.0.113.1");

        assertThat(Kernel.members(site.pbx, "jail4")).doesNotContainKey(Site.FRIEND);
        assertThat(site.reaches(Site.FRIEND)).isTrue();
    }

    @Test
    void letsFourFailuresPass() throws Exception {
        site.fail("203.0.113.2", 4);
        site.awaitCount("203.0.113.2", 4);

        assertThat(Kernel.members(site.pbx, "jail4")).doesNotContainKey("203.0.113.2");
        assertThat(site.reaches("203.0.113.2")).isTrue();
    }

    @Test
    void letsAnUnbannedAddressThrough() throws Exception {
        site.fail("203.0.113.3", 5);
        site.awaitBan("203.0.113.3");
        assertThat(site.reaches("203.0.113.3")).isFalse();

        assertThat(site.sipward.command("unban", "203.0.113.3").exit()).isZero();

        assertThat(Kernel.members(site.pbx, "jail4")).doesNotContainKey("203.0.113.3");
        assertThat(site.reaches("203.0.113.3")).isTrue();
    }

    @Test
    void bansAgainWithinTenSecondsAfterSomebodyFlushedTheRuleset() throws Exception {
        site.fail("203.0.113.4", 5);
        site.awaitBan("203.0.113.4");

        site.pbx.run("nft", "flush", "ruleset");
        long flushed = System.nanoTime();
        assertThat(Kernel.members(site.pbx, "jail4")).isEmpty();
        site.awaitBan("203.0.113.4");

        assertThat(Duration.ofNanos(System.nanoTime() - flushed)).isLessThan(Duration.ofSeconds(10));
        assertThat(site.reaches("203.0.113.4")).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "flush chain inet sipward guard",
                "flush set inet sipward jail4",
                "insert rule inet sipward guard accept",
                "add element inet sipward allow4 { 203.0.113.0/28 }"
            })
    void blocksAgainWithinTenSecondsAfterAnyChange(String change) throws Exception {
        site.fail("203.0.113.6", 5);
        site.awaitBan("203.0.113.6");
        assertThat(site.reaches("203.0.113.6")).isFalse();

        site.pbx.run("nft", change);
        long changed = System.nanoTime();
        Sipward.await("203.0.113.6 blocked again", () -> !site.reaches("203.0.113.6"));

        assertThat(Duration.ofNanos(System.nanoTime() - changed)).isLessThan(Duration.ofSeconds(12));
        assertThat(site.sipward.output()).contains("changed by somebody else, restoring it");
    }

    @Test
    void readsANewLogThatAGlobMatches() throws Exception {
        Path late = folder.resolve("late-1.log");

        Files.write(late, Corpus.failures("203.0.113.5", 0, 5));

        site.awaitBan("203.0.113.5");
        assertThat(site.sipward.output()).contains("watching " + late + " for asterisk");
    }

    @Test
    void bansAHundredAttackersInOneBurst() throws Exception {
        List<String> lines = new ArrayList<>();
        for (int i = 100; i < 200; i++) {
            // One failure more than needed: one in 16,383 pairs of Call-IDs is taken for the same call, which happens
            // here in one burst of 16.
            lines.addAll(Corpus.failures("198.51.100." + i, 0, 6));
        }

        site.write(lines);
        site.awaitBan("198.51.100.199");

        assertThat(Kernel.members(site.pbx, "jail4").keySet())
                .filteredOn(address -> address.startsWith("198.51.100.1"))
                .hasSize(100);
    }
}
