package org.sipward.built;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the agent every few seconds while its log is written and rotated. Each attacker fails exactly as often as a ban
 * needs, so that one unread line leaves one of hundreds unbanned. Each innocent fails so often that it would be banned
 * if its lines were counted twice. After a kill, the agent counts the lines of one findtime before its place again:
 * findtime is short here, so that few lines are read twice.
 */
@Timeout(240)
class KillIT {
    private static final int KILLS = 9;
    private static final int ATTACKERS = 400;
    private static final Duration FINDTIME = Duration.ofSeconds(8);

    @TempDir
    private Path folder;

    @Test
    void bansEveryAttackerAndNoInnocentThoughItIsKilledAgainAndAgain() throws Exception {
        Path log = Files.createDirectory(folder.resolve("log")).resolve("messages");
        Sipward sipward = new Sipward(
                folder,
                "jails: {asterisk: {filter: asterisk, source: {file: " + log + "}, maxretry: "
                        + AttackedLog.ATTACKERS_FAIL + ", findtime: " + FINDTIME.toSeconds() + "s}}");
        AttackedLog attack = new AttackedLog(log, 20261122);
        FutureTask<Boolean> writing = new FutureTask<>(attack);
        Thread writer = new Thread(writing, "writer");
        try (Host host = Host.open()) {
            sipward.start(host).destroyForcibly().waitFor();
            writer.start();

            int kills = killAgainAndAgain(sipward, host, attack, writing);

            sipward.start(host);
            Set<String> attackers = new TreeSet<>(attack.attackers());
            try {
                Sipward.await(
                        "all attackers", () -> KernelElements.of(host, "jail4").size() >= attackers.size());
            } finally {
                show(attack, kills, banned(sipward));
            }
            Set<String> banned = banned(sipward);
            assertThat(banned).isEqualTo(attackers);
            assertThat(KernelElements.of(host, "jail4").keySet()).isEqualTo(attackers);
            assertThat(sipward.output()).doesNotContain("corrupt", "is lost", "error");
        } finally {
            attack.end();
            writer.join();
        }
    }

    /** Returns the number of kills, when the writer has written everything. */
    private static int killAgainAndAgain(Sipward sipward, Host host, AttackedLog attack, FutureTask<Boolean> writing)
            throws Exception {
        Random random = new Random(20261122);
        int kills = 1;
        while (!writing.isDone()) {
            if (random.nextInt(4) == 0) {
                // Dies while it starts, or reads what was written in the meantime.
                Process agent = sipward.launch(host);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(300 + random.nextInt(1_500)));
                agent.destroyForcibly().waitFor();
            } else {
                Process agent = sipward.start(host);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1_000 + random.nextInt(2_000)));
                agent.destroyForcibly().waitFor();
            }
            kills++;
            if (kills >= KILLS && attack.attackers().size() >= ATTACKERS) {
                attack.end();
            }
        }
        assertThat(writing.get()).isTrue();
        return kills;
    }

    private static Set<String> banned(Sipward sipward) throws Exception {
        Set<String> banned = new TreeSet<>();
        for (JsonNode ban : sipward.command("bans", "--json").rows()) {
            banned.add(ban.path("address").asText());
        }
        return banned;
    }

    private static void show(AttackedLog attack, int kills, Set<String> banned) {
        Set<String> missed = new TreeSet<>(attack.attackers());
        missed.removeAll(banned);
        Set<String> wrong = new TreeSet<>(attack.innocents());
        wrong.retainAll(banned);
        System.out.printf(
                "%d lines with %d failures, %d rotations, %d kills: %d of %d attackers banned, and %d of %d innocents%n",
                attack.lines(),
                attack.failureLines(),
                attack.rotations(),
                kills,
                attack.attackers().size() - missed.size(),
                attack.attackers().size(),
                wrong.size(),
                attack.innocents().size());
    }
}
