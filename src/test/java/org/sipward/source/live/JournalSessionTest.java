package org.sipward.source.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs against a real journald and the real journalctl; each test logs under its own name. */
class JournalSessionTest {
    private static final List<Path> JOURNALCTL = List.of(Path.of("/usr/bin/journalctl"));
    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);
    private static final String HEADER = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}\\+00:00 [^ ]+ ";

    @TempDir
    static Path folder;

    private static Journald journald;

    @BeforeAll
    static void open() throws Exception {
        journald = new Journald(folder);
    }

    @AfterAll
    static void close() {
        if (journald != null) {
            journald.close();
        }
    }

    @Test
    void readsWhatWasLoggedBeforeAndWhatIsLoggedNow() throws Exception {
        journald.log("first", "before");
        try (Live live = Live.of(session("first", Optional.empty()))) {
            live.await(1);
            journald.log("other", "not this");
            journald.log("first", "now");
            live.await(2);

            assertThat(live.lines.get(0)).matches(HEADER + "first(\\[\\d+\\])?: before");
            assertThat(live.lines.get(1)).matches(HEADER + "first(\\[\\d+\\])?: now");
            assertThat(live.repeating).containsOnly(false);
            assertThat(live.source.state().words()).isEqualTo("following");
        }
    }

    @Test
    void turnsAnEntryWithControlCharactersIntoOneLine() throws Exception {
        journald.log("second", "a\u001b[31mb\nNov 22 10:00:00 pbx asterisk[1]: c");
        try (Live live = Live.of(session("second", Optional.empty()))) {

            assertThat(live.await(1).get(0)).endsWith(": a#033[31mb#012Nov 22 10:00:00 pbx asterisk[1]: c");
        }
    }

    @Test
    void repeatsTheWindowBeforeItsCursorAndContinuesAfterIt() throws Exception {
        journald.log("third", "1");
        journald.log("third", "2");
        String cursor;
        try (Live live = Live.of(session("third", Optional.empty()))) {
            live.await(2);
            cursor = live.source.cursor();
        }
        journald.log("other", "in between");
        journald.log("third", "3");

        try (Live live = Live.of(session("third", Optional.of(cursor)), Optional.of(cursor))) {
            assertThat(live.await(3))
                    .extracting(line -> line.substring(line.length() - 1))
                    .containsExactly("1", "2", "3");
            assertThat(live.repeating).containsExactly(true, true, false);
            assertThat(live.source.cursor()).isNotEqualTo(cursor);
            assertThat(JournalSession.isCursor(live.source.cursor())).isTrue();
        }
    }

    @Test
    void keepsItsCursorWhileItRepeats() throws Exception {
        journald.log("fourth", "1");
        String cursor;
        try (Live live = Live.of(session("fourth", Optional.empty()))) {
            live.await(1);
            cursor = live.source.cursor();
        }
        try (Live live = Live.of(session("fourth", Optional.of(cursor)), Optional.of(cursor))) {
            live.await(1);

            assertThat(live.repeating).containsExactly(true);
            assertThat(live.source.cursor()).isEqualTo(cursor);
        }
    }

    @Test
    void losesAndRepeatsNothingWhenTheChildDies() throws Exception {
        journald.log("fifth", "1");
        try (Live live = Live.of(session("fifth", Optional.empty()))) {
            live.await(1);
            ProcessHandle.current()
                    .children()
                    .filter(child -> child.info().command().orElse("").endsWith("journalctl"))
                    .forEach(ProcessHandle::destroyForcibly);
            journald.log("other", "in between");
            journald.log("fifth", "2");
            live.await(2);
            journald.log("fifth", "3");

            assertThat(live.await(3))
                    .extracting(line -> line.substring(line.length() - 1))
                    .containsExactly("1", "2", "3");
            assertThat(live.said())
                    .containsExactly("test cannot be read; will retry: journalctl has ended", "test can be read again");
        }
    }

    @Test
    void saysWhyJournalctlCannotWork() throws Exception {
        JournalSession none = new JournalSession(
                JOURNALCTL, List.of("--directory=/nonexistent"), List.of(), Optional.empty(), TEN_MINUTES, Live.CLOCK);
        try (Live live = Live.of(none)) {
            live.until(() -> live.source.trouble().contains("No such file or directory"));

            assertThat(live.said()).hasSize(1);
        }
    }

    @Test
    void saysThatJournalctlIsMissing() throws Exception {
        JournalSession none = new JournalSession(
                List.of(folder.resolve("journalctl")), List.of(), List.of(), Optional.empty(), TEN_MINUTES, Live.CLOCK);
        try (Live live = Live.of(none)) {
            live.until(() -> live.source.trouble().startsWith("journalctl is not installed: it comes with systemd"));
        }
    }

    @Test
    void readsEvenIfTheIdOfThisBootIsHidden() throws Exception {
        // As in a container under a unit with ProtectKernelTunables.
        Path bootId = Files.writeString(folder.resolve("boot_id"), "01234567-89ab-4def-8123-456789abcdef\n");
        // Only in the default journal does journalctl take entries for those of this boot.
        Path program =
                Files.writeString(folder.resolve("journalctl-elsewhere"), """
                #!/bin/sh
                shift
                exec unshare --mount --propagation private sh -c 'mount -t tmpfs sipward-test /run \\
                  && mkdir -p /run/log/journal && mount --bind %s /run/log/journal \\
                  && mount --bind %s /proc/sys/kernel/random/boot_id && exec /usr/bin/journalctl "$@"' sh "$@"
                """.formatted(journald.journal, bootId));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        journald.log("sixth", "before");
        try (Live live = Live.of(session(List.of(program), Optional.empty(), "sixth"))) {
            live.await(1);
            journald.log("sixth", "now");

            assertThat(live.await(2).get(1)).endsWith(": now");
            assertThat(live.source.trouble()).isEmpty();
        }
    }

    @Test
    void saysThatANameIsNotInTheJournalUntilItIs() throws Exception {
        journald.log("seventh", "there");
        try (Live live = Live.of(session(JOURNALCTL, Optional.empty(), "seventh", "sevnth"))) {
            live.await(1);
            live.until(() -> live.source.trouble().contains("no entry of identifier sevnth yet,"));
            assertThat(live.source.state().words()).isEqualTo("following");

            journald.log("sevnth", "now it is");

            live.await(2);
            live.until(() -> live.source.trouble().isEmpty());
            assertThat(live.said()).hasSize(2);
        }
    }

    private static JournalSession session(String identifier, Optional<String> cursor) {
        return session(JOURNALCTL, cursor, identifier);
    }

    private static JournalSession session(List<Path> programs, Optional<String> cursor, String... identifiers) {
        return new JournalSession(
                programs,
                List.of("--directory=" + journald.journal),
                JournalNames.matches(List.of(), List.of(identifiers)),
                cursor,
                TEN_MINUTES,
                Clock.systemUTC());
    }
}
