package org.sipward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The advice of {@code sipward test} about lines that begin with a name from a container tool. */
class ContainerPrefixesTest {
    private static final String FAILED =
            "[Jun  5 12:34:56] NOTICE[7]: chan_sip.c:29058 handle_request_register: Registration"
                    + " from '<sip:1951@192.0.2.66>' failed for '203.0.113.23:50527' - Wrong password\n";

    @TempDir
    private Path folder;

    private final PrintStream realOut = System.out;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @BeforeEach
    void catchOutput() {
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setProperty("sipward.home", Path.of("").toAbsolutePath().toString());
    }

    @AfterEach
    void giveOutputBack() {
        System.setOut(realOut);
        System.clearProperty("sipward.home");
    }

    @Test
    void tellHowToHaveLinesOfDockerComposeRead() throws Exception {
        Path log = Files.writeString(folder.resolve("log"), "pbx-1  | " + FAILED + "pbx-1  | " + FAILED);

        assertThat(Main.run("test", "asterisk", log.toString())).isZero();
        assertThat(text()).contains("0 failures").contains("2 unread lines begin with 'pbx-1 | '", "--program pbx-1");

        out.reset();
        assertThat(Main.run("test", "asterisk", log.toString(), "--program", "pbx-1"))
                .isZero();
        assertThat(text()).contains("2 failures").doesNotContain("unread lines");
    }

    @Test
    void tellToLeaveOutThePrefixOfKubectl() throws Exception {
        Path log = Files.writeString(folder.resolve("log"), "[pod/asterisk-0/asterisk] " + FAILED);

        Main.run("test", "asterisk", log.toString());

        assertThat(text()).contains("1 unread lines begin with the name of a pod");
    }

    private String text() {
        return out.toString(StandardCharsets.UTF_8);
    }
}
