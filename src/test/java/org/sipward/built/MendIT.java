package org.sipward.built;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How soon the agent mends what somebody else changed in the kernel. The native program hears of each change and mends
 * it within a second; on a JVM the agent looks every eight seconds. One agent for all.
 */
class MendIT {
    private static final String ATTACKER = "203.0.113.9";

    @TempDir
    static Path folder;

    private static Site site;

    @BeforeAll
    static void open() throws Exception {
        site = new Site(folder).start();
        site.fail(ATTACKER, 5);
        site.awaitBan(ATTACKER);
    }

    @AfterAll
    static void close() {
        if (site != null) {
            site.close();
        }
    }

    private static Duration promise() throws Exception {
        return Duration.ofSeconds(Sipward.isNative() ? 1 : 10);
    }

    private static Duration mended(String change) throws Exception {
        assertThat(site.reaches(ATTACKER)).isFalse();
        site.pbx.run("nft", change);
        long changed = System.nanoTime();
        Sipward.await(ATTACKER + " blocked again", () -> !site.reaches(ATTACKER));
        return Duration.ofNanos(System.nanoTime() - changed);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "flush ruleset",
                "delete table inet sipward",
                "flush chain inet sipward guard",
                "flush set inet sipward jail4",
                "delete element inet sipward jail4 { 203.0.113.9 }",
                "insert rule inet sipward guard accept",
                "add element inet sipward allow4 { 203.0.113.0/28 }"
            })
    void blocksAgainInTime(String change) throws Exception {
        assertThat(mended(change)).isLessThan(promise());
        assertThat(site.sipward.output()).contains("changed by somebody else, restoring it");
    }

    /** Among so many bans, a look every few seconds does not find each element. */
    @Test
    void blocksAgainInTimeAmongThousandsOfBans() throws Exception {
        assumeTrue(Sipward.isNative(), "only the native program hears of each change");
        List<String> many = IntStream.range(0, 3_000)
                .mapToObj(i -> "45.9." + i / 250 + "." + i % 250)
                .toList();
        assertThat(site.sipward
                        .commandReading(String.join("\n", many), "ban", "-")
                        .exit())
                .isZero();

        assertThat(mended("delete element inet sipward jail4 { 203.0.113.9 }")).isLessThan(promise());
        assertThat(site.sipward.command("unban", "--all").exit()).isZero();
        site.sipward.command("ban", ATTACKER);
    }
}
