package org.sipward.source.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A real journald for one test: it has its own /run, and writes its journal into the test's directory. */
final class Journald implements AutoCloseable {
    private static final Path PROGRAM = Path.of("/lib/systemd/systemd-journald");
    private static final int SECONDS = 30;

    final Path journal;
    private final Process place;
    private final Process journald;

    Journald(Path folder) throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "needs root for a mount namespace");
        assumeTrue(Files.isExecutable(PROGRAM), "needs systemd-journald");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/journalctl")), "needs journalctl");
        journal = Files.createDirectories(folder.resolve("journal"));
        place = new ProcessBuilder("unshare", "--mount", "--propagation", "private", "sleep", "600")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        boolean ready = false;
        for (int i = 0; i < 200 && !ready && place.isAlive(); i++) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            ready = isApart() && run("", "mount", "-t", "tmpfs", "sipward-test", "/run") == 0;
        }
        if (!ready) {
            place.destroyForcibly();
        }
        assumeTrue(ready, "needs mount namespaces");
        run("", "mkdir", "-p", "/run/systemd/journal", "/run/log/journal");
        run("", "mount", "--bind", journal.toString(), "/run/log/journal");
        journald = new ProcessBuilder(in(PROGRAM.toString()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        for (int i = 0; i < 500 && run("", "test", "-S", "/run/systemd/journal/socket") != 0; i++) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /** Writes an entry to the journal. */
    void log(String identifier, String message) throws Exception {
        String lines = message.lines().map(line -> "MESSAGE=" + line + "\n").reduce("", String::concat);
        assertThat(run("SYSLOG_IDENTIFIER=" + identifier + "\n" + lines, "logger", "--journald"))
                .isZero();
    }

    @Override
    public void close() {
        journald.destroyForcibly().onExit().join();
        place.destroyForcibly().onExit().join();
    }

    /** The test may mount only inside its own namespace. */
    private boolean isApart() throws IOException {
        Path theirs = Path.of("/proc/" + place.pid() + "/ns/mnt");
        return Files.exists(theirs)
                && !Files.readSymbolicLink(theirs).equals(Files.readSymbolicLink(Path.of("/proc/self/ns/mnt")));
    }

    private int run(String input, String... vector) throws Exception {
        Process process = new ProcessBuilder(in(vector))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        process.getOutputStream().write(input.getBytes(StandardCharsets.ISO_8859_1));
        process.getOutputStream().close();
        assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private List<String> in(String... vector) {
        List<String> whole = new ArrayList<>(List.of("nsenter", "--mount=/proc/" + place.pid() + "/ns/mnt"));
        whole.addAll(List.of(vector));
        return whole;
    }
}
