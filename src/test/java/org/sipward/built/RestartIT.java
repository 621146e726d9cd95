package org.sipward.built;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The agent after a stop or a kill and a new start. */
class RestartIT extends SiteFixture {
    @BeforeEach
    void start() throws Exception {
        site.start();
    }

    @Test
    void endsOnATermSignalAndLeavesItsBlocks() throws Exception {
        site.fail("203.0.113.1", 5);
        site.awaitBan("203.0.113.1");

        int exit = site.stop();

        assertThat(exit).isZero();
        assertThat(site.sipward.socket()).doesNotExist();
        assertThat(Kernel.members(site.pbx, "jail4")).containsOnlyKeys("203.0.113.1");
        assertThat(site.reaches("203.0.113.1")).isFalse();
    }

    @Test
    void keepsTheRemainingTimeOfABan() throws Exception {
        assertThat(site.sipward.command("ban", "203.0.113.2", "--for", "2h").exit())
                .isZero();
        site.fail("203.0.113.1", 5);
        site.awaitBan("203.0.113.1");
        site.stop();
        // The kernel is empty, as after a restart of the machine.
        site.pbx.run("nft", "flush", "ruleset");

        site.start();

        assertThat(Kernel.members(site.pbx, "jail4"))
                .containsOnlyKeys("203.0.113.1", "203.0.113.2")
                .hasEntrySatisfying("203.0.113.1", left -> assertThat(left).isCloseTo(3_600L, within(60L)))
                .hasEntrySatisfying("203.0.113.2", left -> assertThat(left).isCloseTo(7_200L, within(60L)));
        assertThat(site.reaches("203.0.113.1")).isFalse();
    }

    @Test
    void keepsAllBansWhenItIsKilled() throws Exception {
        site.fail("203.0.113.1", 5);
        site.awaitBan("203.0.113.1");
        site.kill();
        assertThat(site.reaches("203.0.113.1")).isFalse();
        site.pbx.run("nft", "flush", "ruleset");

        site.start();

        assertThat(Kernel.members(site.pbx, "jail4")).containsOnlyKeys("203.0.113.1");
        assertThat(site.sipward.command("bans").text()).contains("203.0.113.1");
    }

    @Test
    void goesOnCountingAfterARestart() throws Exception {
        site.fail("203.0.113.1", 4);
        site.awaitCount("203.0.113.1", 4);
        site.stop();

        site.start();
        site.awaitCount("203.0.113.1", 4);
        site.fail("203.0.113.1", 1);

        site.awaitBan("203.0.113.1");
    }

    @Test
    void stillTrustsALoggedInAddressAfterARestart() throws Exception {
        String login = Corpus.lines("asterisk22-pjsip/b_register/security.log").stream()
                .filter(line -> line.contains("SuccessfulAuth") && line.contains("IPV4"))
                .findFirst()
                .orElseThrow();
        String phone = login.replaceFirst(".*RemoteAddress=\"IPV4/[A-Z]+/([0-9.]+)/.*", "$1");
        site.write(List.of(login));
        Sipward.await("trust", () -> site.sipward.command("why", phone).text().contains("has logged in"));
        site.stop();
        // Otherwise the line would be read again.
        Files.write(site.log, new byte[0]);

        site.start();

        assertThat(site.sipward.command("why", phone).text()).contains("has logged in");
    }

    @Test
    void goesOnCountingAfterAKill() throws Exception {
        site.fail("203.0.113.1", 4);
        site.awaitCount("203.0.113.1", 4);
        site.kill();
        site.fail("203.0.113.1", 1);

        site.start();

        site.awaitBan("203.0.113.1");
        assertThat(site.sipward.command("bans").text()).contains("5 request-failed");
    }

    @Test
    void goesOnCountingAfterARotationWhileItWasStopped() throws Exception {
        site.fail("203.0.113.1", 3);
        site.awaitCount("203.0.113.1", 3);
        site.stop();
        site.fail("203.0.113.1", 1);
        Files.move(site.log, folder.resolve("messages.log.1"));
        Files.createFile(site.log);

        site.start();
        site.awaitCount("203.0.113.1", 4);
        site.fail("203.0.113.1", 1);

        site.awaitBan("203.0.113.1");
    }

    @Test
    void goesOnCountingAfterARotationWhileItRuns() throws Exception {
        site.fail("203.0.113.1", 4);
        site.awaitCount("203.0.113.1", 4);

        Files.move(site.log, folder.resolve("messages.log.1"));
        Files.createFile(site.log);
        site.fail("203.0.113.1", 1);

        site.awaitBan("203.0.113.1");
    }

    @Test
    void countsNothingTwiceAfterARestart() throws Exception {
        site.fail("203.0.113.1", 5);
        site.awaitBan("203.0.113.1");
        assertThat(site.sipward.command("unban", "203.0.113.1").exit()).isZero();
        site.stop();

        site.start();
        site.fail("203.0.113.2", 5);
        site.awaitBan("203.0.113.2");

        assertThat(Kernel.members(site.pbx, "jail4")).containsOnlyKeys("203.0.113.2");
    }

    @Test
    void refusesToRunTwiceOnOneStore() throws Exception {
        site.fail("203.0.113.1", 5);
        site.awaitBan("203.0.113.1");

        Sipward.Answer second = site.sipward.refused(site.pbx);

        assertThat(second.exit()).describedAs(second.text()).isEqualTo(69);
        assertThat(second.text()).contains(folder.resolve("store").toString());
        assertThat(site.agent().isAlive()).isTrue();
        assertThat(site.sipward.command("status").exit()).isZero();
        assertThat(Kernel.members(site.pbx, "jail4")).containsKey("203.0.113.1");
    }

    @Test
    void refusesToRunTwiceOnOneSocketAndChangesNothing() throws Exception {
        site.fail("203.0.113.1", 5);
        site.awaitBan("203.0.113.1");
        String table = site.pbx.run("nft", "-a", "-t", "list", "table", "inet", "sipward");
        Path elsewhere = Files.createDirectory(folder.resolve("second"));
        Sipward other = new Sipward(elsewhere, site.yaml, site.sipward.socket());

        Sipward.Answer second = other.refused(site.pbx);

        assertThat(second.exit()).describedAs(second.text()).isEqualTo(69);
        assertThat(second.text()).contains("another agent answers on " + site.sipward.socket());
        assertThat(site.pbx.run("nft", "-a", "-t", "list", "table", "inet", "sipward"))
                .isEqualTo(table);
        assertThat(Kernel.members(site.pbx, "jail4")).containsKey("203.0.113.1");
        assertThat(site.sipward.command("status").exit()).isZero();
    }
}
