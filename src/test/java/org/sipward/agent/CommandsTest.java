package org.sipward.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sipward.ban.Ban;
import org.sipward.ban.Origin;
import org.sipward.control.Answer;
import org.sipward.control.ExitCode;
import org.sipward.control.Json;
import org.sipward.net.Network;

/** The answers to commands, to the letter where scripts read them. */
@Timeout(60)
class CommandsTest extends AgentFixture {
    private String yaml = "jails:\n";
    private final AtomicInteger done = new AtomicInteger();
    private Commands commands;

    @BeforeEach
    void open() throws Exception {
        commands = new Commands(
                new Orders(bans, trust, spared, clock),
                new Lists(bans, logs, trust, clock),
                new Why(bans, logs, trust, spared, clock),
                feeds,
                () -> new Reloaded(
                        folder.read().jails().size(), folder.read().feeds().size(), List.of("socket"), List.of()),
                new StatusReport(bans, firewall, logs, feeds, trust, List.of(tasks), clock),
                done::incrementAndGet);
        yaml += folder.jailOf("test", "messages");
        logs.begin(folder.config(yaml).jails());
        drain();
        folder.log("messages", "failed 45.10.0.1", "failed 45.10.0.1", "failed 45.10.0.2", "logged in 45.10.0.3");
        drain();
    }

    @Test
    void tellsWhenACommandIsDoneWhateverItsAnswer() {
        commands.answer(Map.of("command", "status"));
        commands.answer(Map.of("command", "unban"));

        assertThat(done).hasValue(2);
    }

    @Test
    void writesTheStateOfTheAgentAsOneRow() {
        Answer answer = commands.answer(Map.of("command", "status"));

        assertThat(answer.exit()).isEqualTo(ExitCode.YES);
        assertThat(lines(answer))
                .containsExactly(
                        "{\"running\":true,\"since\":\"2026-11-22T10:00:00Z\",\"uptime\":0,\"firewall\":\"idle\","
                                + "\"bans\":1,\"enforced\":1,\"origins\":{\"jail:test\":1},\"trusted\":1,"
                                + "\"jails\":[{\"jail\":\"test\",\"failures\":3,\"suspicious\":0,\"tracked\":1}],"
                                + "\"logs\":[{\"log\":\"" + folder.at("messages")
                                + "\",\"jails\":[\"test\"],\"lines\":4,"
                                + "\"bytes\":155,\"dropped\":0,\"state\":\"following\"}],\"feeds\":[],\"trouble\":[]}");
    }

    @Test
    void writesABanAsARow() {
        assertThat(rows("bans"))
                .containsExactly(
                        "{\"address\":\"45.10.0.1\",\"origin\":\"jail:test\",\"since\":\"2026-11-22T10:00:00Z\","
                                + "\"until\":\"2026-11-22T11:00:00Z\",\"count\":1,\"reason\":\"2 failed\"}");
    }

    @Test
    void findsBansByAddressOriginJailAndText() {
        assertThat(rows("bans", "address", "45.10.0.0/24")).hasSize(1);
        assertThat(rows("bans", "address", "45.11.0.0/24")).isEmpty();
        assertThat(rows("bans", "origin", "jail")).hasSize(1);
        assertThat(rows("bans", "origin", "feed")).isEmpty();
        assertThat(rows("bans", "jail", "test")).hasSize(1);
        assertThat(rows("bans", "jail", "other")).isEmpty();
        assertThat(rows("bans", "text", "FAILED")).hasSize(1);
        assertThat(rows("bans", "text", "scanned")).isEmpty();
        assertThat(rows("bans", "text", "")).hasSize(1);
    }

    @Test
    void writesAnAddressThatIsCountedAsARow() {
        assertThat(rows("top"))
                .containsExactly("{\"address\":\"45.10.0.2\",\"jail\":\"test\",\"failures\":1,"
                        + "\"last\":\"2026-11-22T10:00:00Z\",\"patterns\":{\"failed\":1}}");
    }

    @Test
    void writesATrustedAddressAsARow() {
        assertThat(rows("trusted"))
                .containsExactly("{\"address\":\"45.10.0.3\",\"since\":\"2026-11-22T10:00:00Z\","
                        + "\"until\":\"2026-11-23T10:00:00Z\"}");
    }

    @Test
    void writesWhatIsAllowedAsRows() {
        assertThat(rows("allowed"))
                .contains("{\"address\":\"" + ALLOWED + "\",\"reason\":\"allowlist " + ALLOWED + "\"}");
    }

    @Test
    void tellsWhyAnAddressIsBanned() {
        Answer answer = commands.answer(Map.of("command", "why", "address", "45.10.0.1"));

        assertThat(answer.exit()).isEqualTo(ExitCode.YES);
        assertThat(lines(answer))
                .containsExactly("{\"what\":\"banned\",\"address\":\"45.10.0.1\",\"origin\":\"jail:test\","
                        + "\"since\":\"2026-11-22T10:00:00Z\",\"until\":\"2026-11-22T11:00:00Z\",\"count\":1,"
                        + "\"reason\":\"2 failed\",\"text\":\"45.10.0.1 by jail:test (2 failed) since "
                        + "2026-11-22T10:00:00Z, until 2026-11-22T11:00:00Z\"}");
    }

    @Test
    void tellsWhyAnAddressIsNotBanned() {
        assertThat(rows("why", "address", "45.10.0.2"))
                .containsExactly("{\"what\":\"counted\",\"address\":\"45.10.0.2\",\"jail\":\"test\",\"failures\":1,"
                        + "\"last\":\"2026-11-22T10:00:00Z\",\"patterns\":{\"failed\":1},"
                        + "\"text\":\"1 failures in jail test, the last at 2026-11-22T10:00:00Z: 1 failed\"}");
        assertThat(rows("why", "address", "45.10.0.3"))
                .singleElement()
                .asString()
                .startsWith("{\"what\":\"trusted\"");
        assertThat(rows("why", "address", ALLOWED))
                .containsExactly("{\"what\":\"never banned\",\"reason\":\"allowlist " + ALLOWED
                        + "\",\"text\":\"allowlist " + ALLOWED + "\"}");
    }

    @Test
    void tellsThatAFeedWillBanAgainWhatWasUnbannedAndNotWhatWasAllowed() {
        bans.impose(List.of(listed("45.91.0.1"), listed("45.91.0.2")));
        ask("unban", "address", "45.91.0.1");
        commands.answer(Map.of("command", "allow", "address", "45.91.0.2", "for", "1d"));

        assertThat(rows("why", "address", "45.91.0.1"))
                .filteredOn(row -> row.contains("\"what\":\"listed\""))
                .singleElement()
                .asString()
                .contains("unbanned by command; it is banned again when the feed next reads its whole list");
        assertThat(rows("why", "address", "45.91.0.2"))
                .filteredOn(row -> row.contains("\"what\":\"listed\""))
                .singleElement()
                .asString()
                .endsWith("but not banned: allowed by command\"}");
    }

    @Test
    void saysThatNothingIsKnownOfAnAddress() {
        Answer answer = ask("why", "address", "45.10.0.99");

        assertThat(answer.exit()).isEqualTo(ExitCode.NO);
        assertThat(answer.message()).isEqualTo("nothing is known of 45.10.0.99");
        assertThat(lines(answer)).isEmpty();
    }

    @Test
    void writesWhatCameOfAnOrderAsARowForEachAddress() {
        Answer banned = commands.answer(
                Map.of("command", "ban", "addresses", List.of("45.10.0.8", ALLOWED), "for", "1h", "reason", "a test"));

        assertThat(banned.exit()).isEqualTo(ExitCode.NO);
        assertThat(lines(banned))
                .containsExactly(
                        "{\"address\":\"45.10.0.8\",\"result\":\"banned\",\"until\":\"2026-11-22T11:00:00Z\","
                                + "\"reason\":\"a test\"}",
                        "{\"address\":\"" + ALLOWED + "\",\"result\":\"not banned\",\"reason\":\"allowlist " + ALLOWED
                                + "\"}");
        assertThat(rows("unban", "address", "45.10.0.8"))
                .containsExactly("{\"address\":\"45.10.0.8\",\"result\":\"unbanned\",\"origin\":\"operator\"}");
    }

    @Test
    void answersBeforeAFirewallThatHangsAndChangesTheRestLater() throws Exception {
        firewall.hang();

        Answer answer = commands.answer(Map.of("command", "ban", "address", "45.10.0.8", "for", "1h"));

        assertThat(answer.exit()).isEqualTo(ExitCode.NO);
        assertThat(answer.message()).startsWith("not done yet: the firewall or the store does not answer");
        firewall.answer();
        while (!banned().contains("45.10.0.8")) {
            Thread.onSpinWait();
        }
    }

    @Test
    void writesWhatAReloadHasChanged() {
        Answer answer = commands.answer(Map.of("command", "reload"));

        assertThat(answer.exit()).isEqualTo(ExitCode.YES);
        assertThat(answer.message()).isEqualTo("reloaded: 1 jail, 0 feeds; changes of socket need a restart");
        assertThat(lines(answer))
                .containsExactly("{\"result\":\"reloaded\",\"jails\":1,\"feeds\":0,\"restart\":[\"socket\"],"
                        + "\"allowlist\":[]}");
    }

    @Test
    void saysWhatIsWrongWithANewConfiguration() throws Exception {
        folder.write(yaml.replace("maxretry: 2", "maxretry: none"));

        Answer answer = commands.answer(Map.of("command", "reload"));

        assertThat(answer.exit()).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(answer.message())
                .contains("maxretry")
                .endsWith("\nnot reloaded: the agent keeps its running configuration");
        assertThat(lines(answer)).hasSize(1);
    }

    @Test
    void saysThatNoFeedIsConfigured() {
        assertThat(rows("feed-status")).isEmpty();
        assertThat(ask("feed-sync", "set", "").exit()).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(ask("feed-check", "address", "45.10.0.1").message()).startsWith("no feed is configured");
    }

    @Test
    void refusesWhatItDoesNotUnderstand() {
        assertThat(ask("why", "address", "junk").message()).startsWith("junk is not an address; write one such as");
        assertThat(ask("why", "address", "junk").exit()).isEqualTo(ExitCode.USAGE);
        assertThat(ask("dance", "address", "").message()).startsWith("this agent does not know the command dance");
        assertThat(ask("ban", "address", "45.10.0.8").message()).contains("is not a duration");
        assertThat(ask("unban", "address", "45.10.0.8/24").message()).contains("is not the first address of a prefix");
        assertThat(banned()).containsExactly("45.10.0.1");
    }

    private Answer ask(String command, String key, String value) {
        return commands.answer(Map.of("command", command, key, value));
    }

    private List<String> rows(String command) {
        return lines(commands.answer(Map.of("command", command)));
    }

    private List<String> rows(String command, String key, String value) {
        return lines(ask(command, key, value));
    }

    private static List<String> lines(Answer answer) {
        List<String> lines = new ArrayList<>();
        answer.rows().forEach(row -> lines.add(Json.line(row)));
        return lines;
    }

    private static Ban listed(String address) {
        return new Ban(
                Network.parse(address).orElseThrow(),
                Origin.feed("apiban"),
                START,
                START.plusSeconds(3600),
                1,
                "listed");
    }
}
