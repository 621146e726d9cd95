package org.sipward.built;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks that these tests run the variant that Maven's execution is for, and that both take the same command line. */
class VariantIT {
    private static final Path ZONE = Path.of("/usr/share/zoneinfo/Asia/Tokyo");
    private static final String LINE =
            "[2026-12-01 10:00:00] NOTICE[1] res_pjsip/pjsip_distributor.c: Request 'REGISTER'"
                    + " from '<sip:1@192.0.2.10>' failed for '91.198.1.1:5060' (callid: 1)"
                    + " - No matching endpoint found";

    @TempDir
    private Path folder;

    @Test
    void runsAsTheVariantThatIsTested() throws Exception {
        Sipward sipward = new Sipward(folder, jail());
        try (Host host = Host.open()) {
            Process agent = sipward.start(host);

            Path program = Files.readSymbolicLink(Path.of("/proc/" + agent.pid() + "/exe"));
            assertThat(program.getFileName()).hasToString(Sipward.isNative() ? "sipward" : "java");
        }
    }

    @Test
    void leavesNoArgumentToTheRuntime() throws Exception {
        Sipward sipward = new Sipward(folder, jail());

        for (String argument : new String[] {"-Xmx5m", "-XX:+PrintGC", "-Dsipward.home=/", "-XX:PrintFlags="}) {
            Sipward.Answer answer = sipward.command("check", argument);

            assertThat(answer.exit()).describedAs(argument).isEqualTo(64);
            assertThat(answer.text()).contains("Unknown option: '" + argument + "'");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Asia/Tokyo", ":Asia/Tokyo", ":/usr/share/zoneinfo/Asia/Tokyo", "JST-9"})
    void readsStampsInTheZoneOfTheEnvironment(String zone) throws Exception {
        assertThat(explainBy("env", "TZ=" + zone)).contains("2026-12-01T01:00:00Z");
    }

    @Test
    void readsStampsInTheZoneWhoseFileWasCopied() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root for a mount namespace");
        assumeTrue(Files.exists(ZONE), "needs tzdata");
        String copy = "cp -a /etc etc && cd etc && rm -f localtime timezone && cp " + ZONE + " localtime";

        assertThat(explainBy(
                        "unshare",
                        "--mount",
                        "sh",
                        "-c",
                        "cd " + folder + " && " + copy + " && mount --bind . /etc" + " && exec \"$0\" \"$@\""))
                .contains("2026-12-01T01:00:00Z");
    }

    private String explainBy(String... starter) throws Exception {
        return new Sipward(folder, jail())
                .commandBy(List.of(starter), "explain", LINE)
                .text();
    }

    private String jail() {
        return "jails: {asterisk: {filter: asterisk, source: {file: " + folder.resolve("messages") + "}}}";
    }
}
