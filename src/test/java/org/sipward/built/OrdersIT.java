package org.sipward.built;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Orders of the operator about addresses, the protection from locking out friends, and answers for programs. */
class OrdersIT extends OneSiteFixture {
    private static final String TRUSTED = "203.0.113.60";

    @BeforeAll
    static void logIn() throws Exception {
        site.write(List.of("[" + Clock.systemUTC().instant() + "] SECURITY[1] res_security_log.c: "
                + "SecurityEvent=\"SuccessfulAuth\",EventTV=\"2026-12-01T05:00:00.000+0000\",Severity=\"Informational\","
                + "Service=\"PJSIP\",EventVersion=\"1\",AccountID=\"1\",SessionID=\"1\","
                + "LocalAddress=\"IPV4/UDP/192.0.2.10/5060\",RemoteAddress=\"IPV4/UDP/" + TRUSTED + "/5060\","
                + "UsingPassword=\"1\""));
        Sipward.await(
                "the login",
                () -> site.sipward.command("status", "--trusted").text().contains(TRUSTED));
    }

    @Test
    void bansATrustedAddressOnlyByForce() throws Exception {
        Sipward.Answer refused = site.sipward.command("ban", TRUSTED);
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.text())
                .contains("not banned: " + TRUSTED + " is trusted")
                .contains("--force");
        assertThat(Kernel.members(site.pbx, "jail4")).doesNotContainKey(TRUSTED);

        assertThat(site.sipward.command("ban", TRUSTED, "--force").exit()).isZero();

        assertThat(Kernel.members(site.pbx, "jail4")).containsKey(TRUSTED);
        assertThat(site.sipward.command("unban", TRUSTED).exit()).isZero();
    }

    @Test
    void bansAPrefixThatContainsFriendsOnlyByForce() throws Exception {
        for (String prefix : List.of("203.0.113.48/28", "198.51.100.0/24", "192.0.2.0/24")) {
            Sipward.Answer refused = site.sipward.command("ban", prefix);

            assertThat(refused.exit()).describedAs(refused.text()).isEqualTo(1);
            assertThat(refused.text())
                    .contains("not banned: " + prefix + " holds ")
                    .contains("--force");
        }
        assertThat(Kernel.members(site.pbx, "net4")).doesNotContainKeys("203.0.113.48/28", "192.0.2.0/24");
        Sipward.Answer own = site.sipward.command("ban", Site.PBX, "--force");
        assertThat(own.exit()).isEqualTo(1);
        assertThat(own.text()).contains(Site.PBX + " is never banned: own address");
    }

    @Test
    void acceptsSeveralAddressesAndAListOnStandardInput() throws Exception {
        Sipward.Answer several = site.sipward.command("ban", "203.0.113.61", "203.0.113.62", "--json");
        assertThat(several.exit()).isZero();
        assertThat(results(several)).containsExactly("203.0.113.61 banned", "203.0.113.62 banned");

        Sipward.Answer listed =
                site.sipward.commandReading("# a list\n203.0.113.63\n\n203.0.113.64 # why\n", "ban", "-");
        assertThat(listed.exit()).isZero();
        assertThat(Kernel.members(site.pbx, "jail4"))
                .containsKeys("203.0.113.61", "203.0.113.62", "203.0.113.63", "203.0.113.64");

        Sipward.Answer ended = site.sipward.command("unban", "203.0.113.61", "203.0.113.99", "--json");
        assertThat(ended.exit()).isEqualTo(1);
        assertThat(results(ended)).containsExactly("203.0.113.61 unbanned", "203.0.113.99 not banned");
        assertThat(Kernel.members(site.pbx, "jail4")).doesNotContainKey("203.0.113.61");
    }

    @Test
    void bansNobodyIfOneOfTheAddressesIsWrong() throws Exception {
        Sipward.Answer answer = site.sipward.commandReading("203.0.113.65\n203.0.113.999\n", "ban", "-");

        assertThat(answer.exit()).isEqualTo(64);
        assertThat(answer.text()).contains("203.0.113.999 is not an address");
        assertThat(Kernel.members(site.pbx, "jail4")).doesNotContainKey("203.0.113.65");
    }

    @Test
    void refusesAPrefixWithBitsAfterItsLength() throws Exception {
        for (String command : List.of("ban", "unban", "allow")) {
            Sipward.Answer answer = site.sipward.command(command, "198.18.0.0/8");

            assertThat(answer.exit()).describedAs(command).isEqualTo(64);
            assertThat(answer.text())
                    .contains("198.18.0.0/8 is not the first address")
                    .contains("198.0.0.0/8");
        }
    }

    @Test
    void keepsABanThatEndsLater() throws Exception {
        assertThat(site.sipward
                        .command("ban", "203.0.113.66", "--for", "1w", "--reason", "called at night")
                        .exit())
                .isZero();

        Sipward.Answer shorter = site.sipward.command("ban", "203.0.113.66", "--for", "1h");

        assertThat(shorter.exit()).isZero();
        assertThat(shorter.text()).contains("already banned until ").contains("called at night");
        assertThat(Kernel.members(site.pbx, "jail4").get("203.0.113.66")).isGreaterThan(600_000L);
        assertThat(site.sipward
                        .command("ban", "203.0.113.66", "--for", "forever")
                        .exit())
                .isZero();
        JsonNode ban =
                site.sipward.command("bans", "203.0.113.66", "--json").rows().get(0);
        assertThat(ban.path("until").isNull()).isTrue();
        assertThat(ban.path("reason").asText()).isEqualTo("called at night");
        assertThat(site.sipward.command("bans", "203.0.113.66").text()).contains("permanent");
    }

    @Test
    void listsTheRequestedBans() throws Exception {
        site.fail("203.0.113.67", 5);
        site.awaitBan("203.0.113.67");
        site.sipward.command("ban", "203.0.113.68", "--reason", "Night caller");

        assertThat(listed("--origin", "operator")).contains("203.0.113.68").doesNotContain("203.0.113.67");
        assertThat(listed("--origin", "jail")).contains("203.0.113.67").doesNotContain("203.0.113.68");
        assertThat(listed("--jail", "asterisk")).contains("203.0.113.67").doesNotContain("203.0.113.68");
        assertThat(listed("--text", "night caller")).containsExactly("203.0.113.68");
        assertThat(listed("203.0.113.66/31")).contains("203.0.113.67").doesNotContain("203.0.113.68");
        assertThat(listed("--limit", "1")).hasSize(1);
        assertThat(site.sipward.command("bans", "--jail", "asterisk").text())
                .containsPattern("203\\.0\\.113\\.67 .* - ");

        site.sipward.command("unban", "203.0.113.68");
        assertThat(listed("--past")).contains("203.0.113.68").doesNotContain("203.0.113.67");
    }

    @Test
    void listsAllowedNetworksAndTrustedAddresses() throws Exception {
        site.sipward.command("allow", "203.0.113.69", "--for", "1h");

        List<JsonNode> allowed =
                site.sipward.command("allow", "--list", "--json").rows();

        assertThat(allowed)
                .anyMatch(row -> row.path("address").asText().equals(Site.FRIEND)
                        && row.path("reason").asText().startsWith("allowlist"))
                .anyMatch(row -> row.path("address").asText().equals("203.0.113.69")
                        && row.path("reason").asText().startsWith("allowed by command"))
                .anyMatch(row -> row.path("address").asText().equals(Site.PBX)
                        && row.path("reason").asText().equals("own address"));
        assertThat(site.sipward.command("status", "--trusted", "--json").rows())
                .extracting(row -> row.path("address").asText())
                .containsExactly(TRUSTED);
        assertThat(site.sipward.command("allow", "203.0.113.69", "--end").exit())
                .isZero();
    }

    @Test
    void answersEveryCommandInNothingButJson() throws Exception {
        site.fail("203.0.113.70", 2);
        site.awaitCount("203.0.113.70", 2);
        List<List<String>> commands = List.of(
                List.of("status"),
                List.of("bans"),
                List.of("top"),
                List.of("why", "203.0.113.70"),
                List.of("why", "203.0.113.71"),
                List.of("ban", "203.0.113.72"),
                List.of("ban", "203.0.113.72", "--for", "1m"),
                List.of("ban", Site.FRIEND),
                List.of("ban", "203.0.113.999"),
                List.of("ban", "203.0.113.72", "--for", "soon"),
                List.of("unban", "203.0.113.72"),
                List.of("unban", "203.0.113.72"),
                List.of("allow", "203.0.113.73"),
                List.of("allow", "203.0.113.73", "--end"),
                List.of("allow", "203.0.113.73", "--end"),
                List.of("reload"),
                List.of("check"),
                List.of("feed", "status"),
                List.of("feed", "sync"),
                List.of("feed", "check", "203.0.113.73"),
                List.of("nonsense"));
        for (List<String> command : commands) {
            List<String> words = new ArrayList<>(command);
            words.add("--json");
            Sipward.Answer answer = site.sipward.command(words.toArray(String[]::new));
            assertThat(answer.text().lines())
                    .describedAs("%s: %s", command, answer.text())
                    .allMatch(line -> line.startsWith("{") && line.endsWith("}"));
            if (!command.equals(List.of("feed", "status"))) {
                assertThat(answer.rows()).describedAs("%s", command).isNotEmpty();
            }
            assertThat(answer.text()).doesNotContain("9999-12-31");
        }
        JsonNode counted =
                site.sipward.command("why", "203.0.113.70", "--json").rows().get(0);
        assertThat(counted.path("what").asText()).isEqualTo("counted");
        assertThat(counted.path("failures").asInt()).isEqualTo(2);
        assertThat(counted.path("patterns").path("request-failed").asInt()).isEqualTo(2);
        assertThat(site.sipward.command("why", "203.0.113.70").text()).contains("2 request-failed");
    }

    @Test
    void reportsProblemsOfANewConfigurationInJson() throws Exception {
        site.sipward.configure(site.yaml.replace("filter: asterisk", "filter: astrisk"));
        try {
            Sipward.Answer answer = site.sipward.command("reload", "--json");

            assertThat(answer.exit()).isEqualTo(78);
            JsonNode problem = answer.rows().get(0);
            assertThat(problem.path("path").asText()).isEqualTo("jails.asterisk.filter");
            assertThat(problem.path("line").asInt()).isEqualTo(3);
            assertThat(problem.path("fix").asText()).contains("asterisk");
        } finally {
            site.sipward.configure(site.yaml);
        }
    }

    @Test
    void tellsAnotherUserThatTheyMayNotAsk() throws Exception {
        List<String> nobody = List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");

        Sipward.Answer answer = site.sipward.commandBy(nobody, "status");

        assertThat(answer.exit()).describedAs(answer.text()).isEqualTo(77);
        assertThat(answer.text()).contains("run this as root");
    }

    private static List<String> listed(String... options) throws Exception {
        List<String> words = new ArrayList<>(List.of("bans", "--json"));
        words.addAll(List.of(options));
        return site.sipward.command(words.toArray(String[]::new)).rows().stream()
                .map(row -> row.path("address").asText())
                .toList();
    }

    private static List<String> results(Sipward.Answer answer) throws Exception {
        return answer.rows().stream()
                .map(row ->
                        row.path("address").asText() + " " + row.path("result").asText())
                .toList();
    }
}
