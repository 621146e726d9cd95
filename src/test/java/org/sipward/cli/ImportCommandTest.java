package org.sipward.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files that import writes, and those that it leaves alone. */
class ImportCommandTest {
    @TempDir
    private Path folder;

    @Test
    void writesAConfigurationThatIsRight() throws Exception {
        Path from = fail2ban("");

        assertThat(run("import", "fail2ban", from.toString())).isZero();

        assertThat(Main.run("check", "-c", to().resolve("sipward.yaml").toString()))
                .isZero();
    }

    @Test
    void exitsWithOneIfSomethingIsNotConverted() throws Exception {
        Path from = fail2ban("            ^wait for <HOST>(?= to)\n");

        assertThat(run("import", "fail2ban", from.toString())).isEqualTo(1);

        assertThat(to().resolve("filters/door.yaml")).exists();
    }

    @Test
    void overwritesNothingUnlessForced() throws Exception {
        Path from = fail2ban("");
        Files.createDirectories(to());
        Path own = Files.writeString(to().resolve("sipward.yaml"), "mine");

        assertThat(run("import", "fail2ban", from.toString())).isEqualTo(1);
        assertThat(own).hasContent("mine");
        assertThat(to().resolve("filters")).doesNotExist();

        assertThat(run("import", "fail2ban", from.toString(), "--force")).isZero();
        assertThat(Files.readString(own)).contains("door");
        assertThat(to().resolve("sipward.yaml.bak")).hasContent("mine");
        Files.writeString(own, "mine again");

        assertThat(run("import", "fail2ban", from.toString(), "--force")).isZero();
        assertThat(to().resolve("sipward.yaml.bak")).hasContent("mine");
        assertThat(to().resolve("sipward.yaml.bak1")).hasContent("mine again");
    }

    @Test
    void takesTheKeyOfApibansClient() throws Exception {
        Path file = Files.writeString(
                folder.resolve("config.json"),
                "{\"apikey\":\"a1b2c3d4e5\",\"lkid\":\"100\",\"version\":\"0.7\",\"set\":\"http\",\"allowed\":[\"192.0.2.1\"]}");

        assertThat(run("import", "apiban", file.toString())).isZero();

        Path key = to().resolve("apiban.key");
        assertThat(key).hasContent("a1b2c3d4e5");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
                .isEqualTo("rw-------");
    }

    @Test
    void namesAFileThatIsNotThereOnce() {
        PrintStream real = System.err;
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        try {
            assertThat(run("import", "apiban", "/nonexistent")).isEqualTo(1);
        } finally {
            System.setErr(real);
        }

        assertThat(err.toString(StandardCharsets.UTF_8).strip()).endsWith("/nonexistent: there is no such file");
        assertThat(err.toString(StandardCharsets.UTF_8)).containsOnlyOnce("/nonexistent");
    }

    @Test
    void refusesAFileWithoutAKey() throws Exception {
        Path file = Files.writeString(folder.resolve("config.json"), "{\"apikey\":\"MY API KEY\"}");

        assertThat(run("import", "apiban", file.toString())).isEqualTo(1);
        assertThat(to()).doesNotExist();
    }

    private Path to() {
        return folder.resolve("to");
    }

    private int run(String... arguments) {
        String[] all = java.util.Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "--to";
        all[arguments.length + 1] = to().toString();
        return Main.run(all);
    }

    /** Writes a set-up with one jail and one filter, to whose patterns these lines are added. */
    private Path fail2ban(String more) throws IOException {
        Path from = folder.resolve("fail2ban");
        Files.createDirectories(from.resolve("filter.d"));
        Files.writeString(
                from.resolve("jail.conf"), "[door]\nenabled = true\nfilter = door\nlogpath = /var/log/door.log\n");
        Files.writeString(from.resolve("filter.d/door.conf"), "[Definition]\nfailregex = ^knock from <HOST>$\n" + more);
        return from;
    }
}
