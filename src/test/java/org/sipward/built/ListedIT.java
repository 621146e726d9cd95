package org.sipward.built;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The operator's commands about a shared list. The tests run in order, on one small list. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ListedIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ALLOWED = "45.91.1.7";
    private static final Set<String> BLOCKED = new HashSet<>();

    @TempDir
    static Path folder;

    private static Host host;
    private static Sipward sipward;
    private static Process server;

    @BeforeAll
    static void open() throws Exception {
        host = Host.open();
        long id = Clock.systemUTC().instant().getEpochSecond() - 100;
        StringBuilder list = new StringBuilder();
        for (int i = 1; i <= 20; i++) {
            list.append(id + i).append(" 45.91.1.").append(i).append('\n');
            BLOCKED.add("45.91.1." + i);
        }
        BLOCKED.remove(ALLOWED);
        Files.writeString(folder.resolve("list"), list);
        Files.createFile(folder.resolve("messages"));
        server = FeedIT.serve(host, folder, 2);
        sipward = new Sipward(folder, FeedIT.configuration(folder, "allowlist: [" + ALLOWED + "]\n"));
        sipward.start(host);
        FeedIT.awaitSet(host, BLOCKED);
        FeedIT.awaitState(sipward, "up to date");
    }

    @AfterAll
    static void close() {
        if (host != null) {
            host.close();
        }
    }

    @Test
    @Order(1)
    void reportsThatAnAllowedAddressIsListed() throws Exception {
        String line = "not banned: " + ALLOWED + " (feed:apiban, allowlist " + ALLOWED + ")";
        assertThat(sipward.output().lines().filter(said -> said.contains(line))).hasSize(1);
        assertThat(sipward.output()).contains("full list: 20 addresses (19 blocked, 1 allowlisted or trusted");

        Sipward.Answer why = sipward.command("why", ALLOWED);

        assertThat(why.exit()).isEqualTo(1);
        assertThat(why.text())
                .contains("never banned: allowlist " + ALLOWED)
                .containsPattern("listed: " + ALLOWED + " by feed:apiban \\([^)]+Z\\), but not banned: allowlist");
        assertThat(sipward.command("feed", "status").text())
                .contains("apiban: up to date")
                .contains("19 of 20 listed addresses; skipped: 1 allowlisted or trusted");
        JsonNode status = FeedIT.status(sipward);
        assertThat(status.path("problem").isNull()).isTrue();
        assertThat(status.path("success").asText()).matches("[^.]+Z");
    }

    @Test
    @Order(2)
    void keepsTheListsBansWhenAllBansAreEnded() throws Exception {
        assertThat(sipward.command("ban", "203.0.113.1", "203.0.113.2").exit()).isZero();

        String ended = FeedIT.ask(sipward, 0, "unban", "--all");

        assertThat(ended).contains("ended 2 bans; 19 bans of feeds stay").contains("--feeds");
        assertThat(KernelElements.of(host, "feed4").keySet()).isEqualTo(BLOCKED);
        assertThat(Kernel.members(host, "jail4")).isEmpty();
        assertThat(FeedIT.ask(sipward, 1, "unban", "--all")).contains("no bans to end; 19 bans of feeds stay");
    }

    @Test
    @Order(3)
    void reportsThatAnUnbannedAddressIsStillListed() throws Exception {
        assertThat(FeedIT.ask(sipward, 0, "unban", "45.91.1.3"))
                .contains("unbanned 45.91.1.3; feed:apiban still lists it and bans it again within a day")
                .contains("sipward allow 45.91.1.3");

        assertThat(FeedIT.ask(sipward, 1, "why", "45.91.1.3"))
                .contains("listed: 45.91.1.3 by feed:apiban")
                .contains(
                        "not banned: unbanned by command; it is banned again when the feed next reads its whole list");
        FeedIT.ask(sipward, 0, "feed", "sync");
        FeedIT.awaitSet(host, BLOCKED);
        assertThat(FeedIT.ask(sipward, 0, "why", "45.91.1.3"))
                .startsWith("banned: 45.91.1.3 by feed:apiban")
                .doesNotContain("listed: ");
    }

    @Test
    @Order(4)
    void reportsTroubleWhenTheListsBansAreEndedByForce() throws Exception {
        assertThat(FeedIT.ask(sipward, 0, "status")).contains("trouble: none");

        assertThat(FeedIT.ask(sipward, 0, "unban", "--all", "--feeds"))
                .contains("ended 19 bans")
                .contains("feed sync");

        assertThat(KernelElements.of(host, "feed4")).isEmpty();
        assertThat(FeedIT.ask(sipward, 1, "status"))
                .contains("feed apiban: incomplete: holds only 0 of the 19 addresses that it took from its list");
        assertThat(FeedIT.status(sipward).path("state").asText()).isEqualTo("incomplete");
        FeedIT.ask(sipward, 0, "feed", "sync");
        FeedIT.awaitSet(host, BLOCKED);
        Sipward.await("health", () -> sipward.command("status").exit() == 0);
    }

    @Test
    @Order(5)
    void doesNotTakeASilentServerForTheAnswerNotListed() throws Exception {
        assertThat(FeedIT.ask(sipward, 0, "feed", "check", "45.91.1.3")).contains("listed");
        assertThat(FeedIT.ask(sipward, 1, "feed", "check", "45.91.2.3")).contains("not listed");

        server.destroyForcibly().waitFor();

        String answer = FeedIT.ask(sipward, 69, "feed", "check", "45.91.2.3", "--json");
        assertThat(JSON.readTree(answer).path("answer").asText()).isEqualTo("unknown");
    }
}
