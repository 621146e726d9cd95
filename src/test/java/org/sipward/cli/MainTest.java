package org.sipward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sipward.control.Json;

/** Commands as the operator types them, with their output and exit codes. */
class MainTest {
    private static final String FAILED = "[2026-11-22 10:16:35] NOTICE[7] chan_sip.c: Registration from "
            + "'\"1001\" <sip:1001@192.0.2.10>' failed for '203.0.113.7:5060' - Wrong password\n";

    @TempDir
    private Path folder;

    private final PrintStream realOut = System.out;
    private final PrintStream realErr = System.err;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Path config = Path.of("none");

    @BeforeEach
    void catchOutput() throws IOException {
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        System.setProperty("sipward.home", Path.of("").toAbsolutePath().toString());
        config = Files.writeString(folder.resolve("sipward.yaml"), """
                allowlist: [198.51.100.200]
                jails:
                  pbx: {filter: asterisk, source: {file: /var/log/none}, timezone: UTC, maxretry: 3}
                socket: %s
                """.formatted(folder.resolve("s")));
    }

    @AfterEach
    void giveOutputBack() {
        System.setOut(realOut);
        System.setErr(realErr);
        System.clearProperty("sipward.home");
    }

    @Test
    void testPrintsOneObjectForEachLineThatMatches() throws Exception {
        Path log = log("messages", "something else\n" + FAILED);

        assertThat(run("test", "asterisk", log.toString(), "--json", "--timezone", "UTC"))
                .isZero();

        assertThat(Json.parse(out()))
                .isEqualTo(Json.parse("{\"file\":\"" + log + "\",\"line\":2,"
                        + "\"pattern\":\"registration-failed\",\"kind\":\"failure\",\"address\":\"203.0.113.7\","
                        + "\"time\":\"2026-11-22T10:16:35Z\",\"user\":\"1001\"}"));
    }

    @Test
    void testTellsWhatIsSuspiciousAndWhatIsIgnoredOnPurpose() throws Exception {
        Path log = log("auth.log", """
                Nov 22 10:16:33 pbx1 sshd[7]: Invalid user bob from 203.0.113.7 port 5
                Nov 22 10:16:35 pbx1 sshd[7]: Accepted password for alice from 198.51.100.7 port 5 ssh2
                """);
        Path opensips = log(
                "opensips.log",
                "Nov 22 10:39:26 [1] NOTICE:Auth error for 1 from 198.51.100.90 cause -2"
                        + " method INVITE to 1 ua x from 192.0.2.1 cause -2\n");

        assertThat(run("test", "sshd", log.toString())).isZero();
        assertThat(run("test", "opensips", opensips.toString())).isZero();

        assertThat(out())
                .contains("2 lines, 1 matched: 0 failures, 1 success, 0 suspicious; "
                        + "1 that look like failures are ignored on purpose")
                .contains("1  invalid-user")
                .contains("1 line is suspicious")
                .contains(":1: auth-error: Nov 22 10:39:26 [1] NOTICE:Auth error for 1 from 198.51.100.90");
    }

    @Test
    void testEndsWithCountsAndWithWhatItDoesNotKnow() throws Exception {
        Path log =
                log("messages", FAILED + FAILED + "[2026-11-22 10:16:36] NOTICE[7] new.c: login denied to 192.0.2.1\n");

        assertThat(run("test", "asterisk", log.toString())).isZero();

        assertThat(out())
                .contains("3 lines, 2 matched")
                .contains("2  registration-failed")
                .contains("1 line looks like a failure but matches nothing")
                .contains("login denied to 192.0.2.1");
    }

    @Test
    void testNeverPrintsWhatMovesATerminal() throws Exception {
        Path log = log("messages", "\u001b]0;title\u0007 login failed \u009b31m\n");

        run("test", "asterisk", log.toString(), "--all");

        assertThat(out())
                .contains("\\x1b]0;title\\x07")
                .doesNotContain("\u001b")
                .doesNotContain("\u009b");
    }

    @Test
    void testSaysWhichFileItCannotReadAndReadsTheOthers() throws Exception {
        Path log = log("messages", FAILED);

        int exit = run("test", "asterisk", folder.resolve("gone").toString(), folder.toString(), log.toString());

        assertThat(exit).isEqualTo(64);
        assertThat(err()).contains("gone: there is no such file").contains("is a directory");
        assertThat(out()).contains("1 line, 1 matched: 1 failure,");
    }

    @Test
    void testReadsGzip() throws Exception {
        Path log = folder.resolve("messages.gz");
        try (OutputStream gzip = new GZIPOutputStream(Files.newOutputStream(log))) {
            gzip.write(FAILED.getBytes(StandardCharsets.ISO_8859_1));
        }

        assertThat(run("test", "asterisk", log.toString())).isZero();
        assertThat(out()).contains("1 line, 1 matched: 1 failure,");
    }

    @Test
    void testSaysThatAFileIsEmptyOrBinary() throws Exception {
        Path binary = Files.write(folder.resolve("binary"), new byte[5000]);

        int exit = run("test", "asterisk", log("empty", "").toString(), binary.toString());

        assertThat(exit).isEqualTo(1);
        assertThat(err()).contains("empty: is empty").contains("binary: is binary");
    }

    @Test
    void testNamesTheFiltersThatThereAre() {
        assertThat(run("test", "asterix", "log")).isEqualTo(78);
        assertThat(err())
                .contains("no such filter")
                .contains("asterisk, freeswitch, honeypot, kamailio, opensips, sshd");
    }

    @Test
    void replayBansOnTheTimeOfTheLines() throws Exception {
        Path log = log("messages", FAILED.repeat(3));

        assertThat(run("replay", "-c", config.toString(), "--json", log.toString()))
                .isZero();

        assertThat(Json.parse(out()))
                .isEqualTo(Json.parse("{\"address\":\"203.0.113.7\",\"network\":\"203.0.113.7\",\"jail\":\"pbx\","
                        + "\"time\":\"2026-11-22T10:16:35Z\",\"until\":\"2026-11-23T10:16:35Z\",\"failures\":3,"
                        + "\"patterns\":{\"registration-failed\":3},\"reason\":\"3 registration-failed\"}"));
    }

    @Test
    void replaySaysWhomTheAllowlistKept() throws Exception {
        Path log =
                log("messages", FAILED.replace("203.0.113.7", "198.51.100.200").repeat(3));

        assertThat(run("replay", "-c", config.toString(), log.toString())).isEqualTo(1);
        assertThat(out())
                .contains("not banned 198.51.100.200 (allowlist 198.51.100.200)")
                .contains("0 bans");
    }

    @Test
    void replayBansAgainForLongerAfterTheEnd() throws Exception {
        Path log = log(
                "messages", FAILED.repeat(3) + FAILED.replace("-22 ", "-24 ").repeat(3));

        run("replay", "-c", config.toString(), log.toString());

        assertThat(out().lines().filter(line -> line.contains(" ban ")))
                .hasSize(2)
                .anyMatch(line -> line.contains("until 2026-11-26T10:16:35Z") && line.contains("no. 2"));
    }

    @Test
    void replayEndsWithASummaryByAddress() throws Exception {
        Path log = log(
                "messages",
                FAILED.repeat(3)
                        + FAILED.replace("203.0.113.7", "203.0.113.8").repeat(3)
                        + FAILED.replace("-22 ", "-24 ").repeat(3));

        assertThat(run("replay", "-c", config.toString(), "--summary", log.toString()))
                .isZero();

        List<String> lines = out().lines().toList();
        assertThat(lines).noneMatch(line -> line.contains(" ban "));
        assertThat(lines.get(1)).startsWith("ADDRESS      BANS  FAILURES  FIRST");
        assertThat(lines.get(2))
                .startsWith("203.0.113.7  2     6         2026-11-22T10:16:35Z  2026-11-24T10:16:35Z  pbx");
        assertThat(lines.get(3)).startsWith("203.0.113.8  1     3 ");
        assertThat(lines).endsWith("9 lines, 9 failures, 0 suspicious, 3 bans");
    }

    @Test
    void replayOfALogThatIsNotThereIsNoAnswer() throws Exception {
        Path log = log("messages", FAILED.repeat(3));

        assertThat(run("replay", "-c", config.toString(), folder.resolve("gone").toString()))
                .isEqualTo(64);
        assertThat(run("replay", "-c", config.toString(), log.toString(), folder.toString()))
                .isEqualTo(64);
        assertThat(out()).contains("3 lines, 3 failures, 0 suspicious, 1 ban\n");
    }

    @Test
    void replayTellsProgramsThatABanNeverEnds() throws Exception {
        Files.writeString(config, Files.readString(config).replace("maxretry: 3", "maxretry: 3, bantime: -1"));

        run(
                "replay",
                "-c",
                config.toString(),
                "--json",
                log("messages", FAILED.repeat(3)).toString());

        assertThat(out()).contains("\"until\":null");
    }

    @Test
    void checkTellsProgramsEverythingThatIsWrong() throws Exception {
        Files.writeString(config, "jials: {}\njails: {pbx: {filter: asterisk, source: {file: /nope}, maxretry: 0}}\n");

        assertThat(run("check", "-c", config.toString(), "--json")).isEqualTo(78);

        List<String> lines = out().lines().toList();
        assertThat(lines).hasSize(4);
        assertThat(Json.parse(lines.get(0)))
                .containsEntry("severity", "warning")
                .containsEntry("value", "/nope");
        assertThat(Json.parse(lines.get(2)))
                .containsEntry("severity", "error")
                .containsEntry("line", 2L)
                .containsEntry("path", "jails.pbx.maxretry")
                .containsEntry("value", "0")
                .containsKey("fix");
        assertThat(Json.parse(lines.get(3))).containsEntry("valid", false).containsEntry("errors", 2L);
        assertThat(err()).isEmpty();
    }

    @Test
    void checkTellsWhatIsDoubtfulAlsoWhereSomethingIsWrong() throws IOException {
        Files.writeString(config, "jails: {pbx: {filter: asterisk, source: {file: /nope}, maxretry: 0}}\n");

        assertThat(run("check", "-c", config.toString())).isEqualTo(78);

        assertThat(out()).contains("warning: ").contains("/nope: not found");
        assertThat(err()).contains("maxretry: 0: is too small").doesNotContain("/nope");
    }

    @Test
    void explainTellsTheVerdict() {
        assertThat(run("explain", "-c", config.toString(), FAILED.strip())).isZero();

        assertThat(out())
                .contains("registration-failed")
                .contains("203.0.113.7")
                .contains("counts 1 of 3 against 203.0.113.7");
    }

    @Test
    void explainShowsOnlyTheJailsThatKnowTheLine() throws Exception {
        Files.writeString(config, Files.readString(config).replace("socket:", """
                  ssh: {filter: sshd, source: {file: /var/log/none}}
                socket:""".indent(0)));

        run("explain", "-c", config.toString(), FAILED.strip());
        assertThat(out()).contains("pbx").doesNotContain("ssh").doesNotContain("no pattern matches");

        assertThat(run("explain", "-c", config.toString(), "hello")).isEqualTo(1);
        assertThat(out()).contains("jail       ssh").contains("no pattern matches");
    }

    @Test
    void explainSaysNoToALineThatMeansNothing() {
        assertThat(run("explain", "-c", config.toString(), "hello")).isEqualTo(1);
        assertThat(out()).contains("no pattern matches");
    }

    @Test
    void checkListsAllThatIsWrong() throws IOException {
        Files.writeString(config, "jials: {}\njails: {pbx: {filter: asterix, source: {file: x}, maxretry: 0}}\n");

        assertThat(run("check", "-c", config.toString())).isEqualTo(78);

        assertThat(err())
                .contains(config + ":1: jials: unknown key; did you mean jails?")
                .contains("did you mean asterisk?")
                .contains("maxretry: 0: is too small")
                .contains("is not the absolute path");
    }

    @Test
    void checkPraisesWhatIsRight() {
        assertThat(run("check", "-c", config.toString())).isZero();
        assertThat(out()).contains("is valid: 1 jail, 0 feeds, 1 warning\n");
    }

    @Test
    void checkFailsForAFileWithAKeyThatIsNotThere() throws IOException {
        Path none = folder.resolve("none");
        Files.writeString(
                config, Files.readString(config) + "feeds: {apiban: {keyfile: " + none + "}, b: {enabled: false}}\n");

        assertThat(run("check", "-c", config.toString())).isEqualTo(78);
        assertThat(err()).contains("feeds.apiban.keyfile: the key file does not exist; write the key into it");

        Files.writeString(none, "a1b2c3d4e5");
        assertThat(run("check", "-c", config.toString())).isZero();
    }

    @Test
    void checkFailsForAFileWithAPasswordThatIsNotThere() throws IOException {
        String ami = "{ami: {user: x, secretfile: " + folder.resolve("none") + "}}";
        Files.writeString(config, "jails: {pbx: {filter: asterisk, source: " + ami + "}}\n");

        assertThat(run("check", "-c", config.toString())).isEqualTo(78);
        assertThat(err()).contains("jails.pbx.source.ami.secretfile: the file does not exist");
    }

    @Test
    void replayCountsALineOnceHoweverManyJailsReadIt() throws Exception {
        Files.writeString(config, Files.readString(config).replace("socket:", """
                  two: {filter: asterisk, source: {file: /var/log/none}, timezone: UTC, maxretry: 9}
                socket:""".indent(0)));
        Path log = log("messages", FAILED.repeat(2));

        run("replay", "-c", config.toString(), log.toString());

        assertThat(out()).contains("2 lines, 2 failures, 0 suspicious, 0 bans");
    }

    @Test
    void commandsToTheAgentSayThatThereIsNone() {
        for (String command : List.of("status", "bans", "top", "reload")) {
            assertThat(run(command, "-c", config.toString())).isEqualTo(69);
        }
        assertThat(err()).contains("no agent answers on " + folder.resolve("s"));
    }

    @Test
    void commandsToTheAgentSayWhatIsWrongWithTheConfigurationThatNamesIt() throws IOException {
        Files.writeString(config, Files.readString(config).replace("asterisk", "astrisk"));

        assertThat(run("bans", "-c", config.toString())).isEqualTo(69);

        assertThat(err()).contains("no agent answers on " + folder.resolve("s")).contains("astrisk");
    }

    @Test
    void commandsToTheAgentSayThatTheConfigurationIsNotThere() {
        assertThat(run("bans", "-c", folder.resolve("nope.yaml").toString())).isEqualTo(78);

        assertThat(err()).isEqualTo(folder.resolve("nope.yaml") + ": there is no such file\n");
    }

    @Test
    void tellsProgramsAlsoWhatWentWrongInJson() throws Exception {
        assertThat(run("bans", "-c", config.toString(), "--json")).isEqualTo(69);
        assertThat(run("ban", "--json")).isEqualTo(64);

        assertThat(out()).isEmpty();
        List<String> lines = err().lines().toList();
        assertThat(Json.parse(lines.get(0))).containsEntry("exit", 69L);
        assertThat(Json.parse(lines.get(1))).containsEntry("exit", 64L);
    }

    @Test
    void refusesWhatIsNoCommand() {
        assertThat(run("frobnicate")).isEqualTo(64);
        assertThat(run("frobnicate", "--help")).isEqualTo(64);
        assertThat(run("feed", "frobnicate", "--help")).isEqualTo(64);
        assertThat(run("ban")).isEqualTo(64);
        assertThat(run("unban")).isEqualTo(64);
        assertThat(run("feed")).isEqualTo(64);
        assertThat(run()).isEqualTo(64);
    }

    @Test
    void showsTheCommandsToWhomDoesNotKnowThem() {
        run();
        assertThat(err()).contains("Commands:").contains("unban");

        assertThat(run("help")).isZero();
        assertThat(out()).contains("Commands:").contains("unban");
    }

    @Test
    void everyCommandHasHelp() {
        for (String command : List.of(
                "run", "check", "test", "replay", "explain", "status", "bans", "top", "why", "ban", "unban", "allow",
                "reload", "feed")) {
            assertThat(run(command, "--help")).describedAs(command).isZero();
        }
        assertThat(out()).contains("Usage: sipward replay");
    }

    private int run(String... arguments) {
        return Main.run(arguments);
    }

    private Path log(String name, String text) throws IOException {
        return Files.write(folder.resolve(name), text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
