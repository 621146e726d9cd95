package org.sipward.built;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The operator's commands, and their effects in the kernel. All tests share one agent; each has its own addresses. */
class CommandsIT extends OneSiteFixture {
    @Test
    void listsABanAsOneObjectALine() throws Exception {
        Instant before = Instant.now().minusSeconds(1);
        site.fail("203.0.113.1", 5);
        site.awaitBan("203.0.113.1");

        Sipward.Answer answer = site.sipward.command("bans", "--json");

        assertThat(answer.exit()).isZero();
        JsonNode ban = rowOf(answer, "203.0.113.1");
        Instant since = Instant.parse(ban.path("since").asText());
        assertThat(since).isBetween(before.minusSeconds(1), Instant.now());
        assertThat(Instant.parse(ban.path("until").asText())).isEqualTo(since.plus(Duration.ofHours(1)));
        assertThat(ban.path("origin").asText()).isEqualTo("jail:asterisk");
        assertThat(ban.path("count").asInt()).isZero();
        assertThat(ban.path("reason").asText()).isEqualTo("5 request-failed, unproven");
    }

    @Test
    void explainsWhyAnAddressIsBanned() throws Exception {
        site.fail("203.0.113.2", 5);
        site.awaitBan("203.0.113.2");

        Sipward.Answer answer = site.sipward.command("why", "203.0.113.2");

        assertThat(answer.exit()).isZero();
        assertThat(answer.text())
                .contains("banned: 203.0.113.2 by jail:asterisk")
                .contains("5 request-failed");
    }

    @Test
    void reportsThatAnAddressIsNotBannedYet() throws Exception {
        site.fail("203.0.113.3", 3);
        site.awaitCount("203.0.113.3", 3);

        assertThat(site.sipward.command("why", "203.0.113.3").exit()).isEqualTo(1);
        Sipward.Answer top = site.sipward.command("top", "--json");
        assertThat(top.exit()).isZero();
        assertThat(rowOf(top, "203.0.113.3").path("failures").asInt()).isEqualTo(3);
    }

    @Test
    void explainsWhyAnAddressIsNeverBanned() throws Exception {
        Sipward.Answer answer = site.sipward.command("why", Site.FRIEND);

        assertThat(answer.exit()).isEqualTo(1);
        assertThat(answer.text()).contains("never banned");
        Sipward.Answer unknown = site.sipward.command("why", "203.0.113.250");
        assertThat(unknown.exit()).isEqualTo(1);
        assertThat(unknown.text()).contains("nothing is known of 203.0.113.250");
    }

    @Test
    void bansByCommandForTheTimeGiven() throws Exception {
        assertThat(site.reaches("203.0.113.4")).isTrue();

        Sipward.Answer answer = site.sipward.command("ban", "203.0.113.4", "--for", "1h", "--reason", "a test");

        assertThat(answer.exit()).describedAs(answer.text()).isZero();
        assertThat(Kernel.members(site.pbx, "jail4").get("203.0.113.4")).isBetween(3_500L, 3_600L);
        assertThat(site.reaches("203.0.113.4")).isFalse();
        JsonNode ban = rowOf(site.sipward.command("bans", "--json"), "203.0.113.4");
        assertThat(ban.path("origin").asText()).isEqualTo("operator");
        assertThat(ban.path("reason").asText()).isEqualTo("a test");
    }

    @Test
    void bansAPrefixByCommand() throws Exception {
        assertThat(site.sipward.command("ban", "203.0.113.8/30").exit()).isZero();

        assertThat(Kernel.members(site.pbx, "net4")).containsKey("203.0.113.8/30");
        assertThat(site.reaches("203.0.113.9")).isFalse();
        assertThat(site.reaches("203.0.113.12")).isTrue();
    }

    @Test
    void refusesToBanAllowlistedAddressesAndOtherText() throws Exception {
        Sipward.Answer friend = site.sipward.command("ban", Site.FRIEND);
        Sipward.Answer nonsense = site.sipward.command("ban", "203.0.113.999");

        assertThat(friend.exit()).isEqualTo(1);
        assertThat(friend.text()).contains("never banned");
        assertThat(nonsense.exit()).isEqualTo(64);
        assertThat(nonsense.text()).contains("203.0.113.999 is not an address");
        assertThat(site.sipward.command("ban", "0.0.0.0/0").exit()).isEqualTo(64);
        assertThat(Kernel.members(site.pbx, "jail4")).doesNotContainKey(Site.FRIEND);
    }

    @Test
    void reportsThatThereIsNothingToUnban() throws Exception {
        Sipward.Answer answer = site.sipward.command("unban", "203.0.113.251");

        assertThat(answer.exit()).isEqualTo(1);
        assertThat(answer.text()).contains("203.0.113.251 is not banned");
        assertThat(site.sipward.command("unban").exit()).isEqualTo(64);
    }

    @Test
    void allowsABannedAddressByCommand() throws Exception {
        site.fail("203.0.113.13", 5);
        site.awaitBan("203.0.113.13");

        assertThat(site.sipward.command("allow", "203.0.113.13").exit()).isZero();

        assertThat(Kernel.members(site.pbx, "jail4")).doesNotContainKey("203.0.113.13");
        assertThat(Kernel.members(site.pbx, "allow4")).containsKey("203.0.113.13");
        assertThat(site.reaches("203.0.113.13")).isTrue();
        assertThat(site.sipward.command("ban", "203.0.113.13").exit()).isEqualTo(1);
        assertThat(site.sipward.command("allow", "203.0.113.13", "--end").exit())
                .isZero();
        assertThat(site.sipward.command("ban", "203.0.113.13").exit()).isZero();
    }

    @Test
    void endsAllBansByCommand() throws Exception {
        assertThat(site.sipward.command("ban", "203.0.113.14").exit()).isZero();

        assertThat(site.sipward.command("unban", "--all").exit()).isZero();

        assertThat(Kernel.members(site.pbx, "jail4")).isEmpty();
        Sipward.Answer none = site.sipward.command("bans", "--json");
        assertThat(none.exit()).isZero();
        assertThat(none.text()).isEmpty();
        Sipward.Answer nothing = site.sipward.command("unban", "--all");
        assertThat(nothing.exit()).isEqualTo(1);
        assertThat(nothing.text()).contains("no bans to end");
    }

    @Test
    void showsItsStatus() throws Exception {
        Sipward.Answer answer = site.sipward.command("status", "--json");

        assertThat(answer.exit()).describedAs(answer.text()).isZero();
        JsonNode status = answer.rows().get(0);
        assertThat(status.path("firewall").asText()).isEqualTo("nftables");
        assertThat(status.path("running").asBoolean()).isTrue();
        assertThat(Instant.parse(status.path("since").asText())).isBefore(Instant.now());
        assertThat(status.path("uptime").isInt()).isTrue();
        assertThat(status.path("logs").path(0).path("state").asText()).isEqualTo("following");
        assertThat(status.path("enforced").asInt())
                .isEqualTo(status.path("bans").asInt());
        assertThat(status.path("trouble")).isEmpty();
        assertThat(status.path("logs").path(0).path("log").asText()).isEqualTo(site.log.toString());
    }

    @Test
    void answersNobodyButItsOwner() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(site.sipward.socket())))
                .isEqualTo("rw-------");
    }

    @Test
    void keepsBansAndCountsOverAReload() throws Exception {
        site.fail("203.0.113.15", 5);
        site.fail("203.0.113.16", 4);
        site.awaitBan("203.0.113.15");
        site.awaitCount("203.0.113.16", 4);

        Sipward.Answer answer = site.sipward.command("reload");

        assertThat(answer.exit()).describedAs(answer.text()).isZero();
        assertThat(Kernel.members(site.pbx, "jail4")).containsKey("203.0.113.15");
        site.fail("203.0.113.16", 1);
        site.awaitBan("203.0.113.16");
    }

    @Test
    void keepsTheOldConfigurationIfTheNewOneIsWrong() throws Exception {
        site.sipward.configure(site.yaml.replace("filter: asterisk", "filter: astrisk, maxretry: none"));
        try {
            Sipward.Answer answer = site.sipward.command("reload");

            assertThat(answer.exit()).describedAs(answer.text()).isEqualTo(78);
            assertThat(answer.text())
                    .contains("astrisk")
                    .contains("maxretry")
                    .contains("keeps its running configuration");
            site.fail("203.0.113.17", 5);
            site.awaitBan("203.0.113.17");
        } finally {
            site.sipward.configure(site.yaml);
        }
    }

    @Test
    void reloadsALongerAllowlistAndANewLog() throws Exception {
        Path other = folder.resolve("other.log");
        site.fail("203.0.113.18", 5);
        site.awaitBan("203.0.113.18");
        site.sipward.configure(site.yaml
                .replace("allowlist: [", "allowlist: [203.0.113.18, ")
                .replace("jails:\n", "jails:\n  other: {filter: asterisk, source: {file: " + other + "}}\n"));
        try {
            Sipward.Answer answer = site.sipward.command("reload");

            assertThat(answer.exit()).describedAs(answer.text()).isZero();
            assertThat(Kernel.members(site.pbx, "jail4")).doesNotContainKey("203.0.113.18");
            assertThat(site.reaches("203.0.113.18")).isTrue();
            Files.write(other, Corpus.failures("203.0.113.19", 0, 5));
            site.awaitBan("203.0.113.19");
        } finally {
            site.sipward.configure(site.yaml);
            site.sipward.command("reload");
        }
    }

    @Test
    void reportsThatNoAgentAnswers(@TempDir Path elsewhere) throws Exception {
        Sipward.Answer answer = new Sipward(elsewhere, site.yaml).command("bans");

        assertThat(answer.exit()).isEqualTo(69);
        assertThat(answer.text()).contains("no agent answers on " + elsewhere).contains("sipward run");
    }

    private static JsonNode rowOf(Sipward.Answer answer, String address) throws Exception {
        for (JsonNode row : answer.rows()) {
            if (row.path("address").asText().equals(address)) {
                return row;
            }
        }
        throw new AssertionError("no " + address + " in " + answer.text());
    }
}
