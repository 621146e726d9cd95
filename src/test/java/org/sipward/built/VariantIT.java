package org.sipward.built;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Checks that these tests run the variant that Maven's execution is for, and that both take the same command line. */
class VariantIT {
    private static final boolean IS_NATIVE = "native".equals(System.getProperty("sipward.variant"));

    @TempDir
    private Path folder;

    @Test
    void runsAsTheVariantThatIsTested() throws Exception {
        Sipward sipward = new Sipward(folder, jail());
        try (Host host = Host.open()) {
            Process agent = sipward.start(host);

            Path program = Files.readSymbolicLink(Path.of("/proc/" + agent.pid() + "/exe"));
            assertThat(program.getFileName()).hasToString(IS_NATIVE ? "sipward" : "java");
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

    private String jail() {
        return "jails: {asterisk: {filter: asterisk, source: {file: " + folder.resolve("messages") + "}}}";
    }
}
