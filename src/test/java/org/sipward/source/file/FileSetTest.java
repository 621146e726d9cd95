package org.sipward.source.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileSetTest {
    @TempDir
    private Path directory;

    @Test
    void containsAPathWhetherItExistsOrNot() {
        FileSet set = set("missing.log");

        assertThat(set.rescan()).containsExactly(directory.resolve("missing.log"));
        assertThat(set.rescan()).isEmpty();
        assertThat(set.files()).containsExactly(directory.resolve("missing.log"));
    }

    @Test
    void findsFilesThatAppearLater() throws IOException {
        FileSet set = set("pbx*/[af]*.log");
        assertThat(set.rescan()).isEmpty();
        make("pbx1/full.log", "pbx1/queue.log", "pbx2/auth.log", "other/full.log", "pbx1/.full.log");

        assertThat(set.rescan())
                .containsExactly(directory.resolve("pbx1/full.log"), directory.resolve("pbx2/auth.log"));
        assertThat(set.directories())
                .containsExactlyInAnyOrder(directory, directory.resolve("pbx1"), directory.resolve("pbx2"));
    }

    @Test
    void leavesOutOlderFilesOfALogInTheSet() throws IOException {
        make(
                "messages",
                "messages.1",
                "messages.2.gz",
                "messages-20261122",
                "messages_extra",
                "full.log",
                "full-20261122.log",
                "full-1.log",
                "queue.xz");
        FileSet set = set("*");

        assertThat(set.rescan())
                .extracting(path -> path.getFileName().toString())
                .containsExactly("full-1.log", "full.log", "messages", "messages_extra");
    }

    @Test
    void doesNotTakeARenamedLogForANewOne() throws IOException {
        make("messages");
        FileSet set = set("messages*");
        set.rescan();
        Files.move(directory.resolve("messages"), directory.resolve("messages.1"));

        assertThat(set.rescan()).isEmpty();
        assertThat(set.files()).isEmpty();
    }

    @Test
    void containsAtMostAThousandFilesAndKeepsThoseItHas() throws IOException {
        for (int i = 0; i < 1_000; i++) {
            make("n" + i + ".log");
        }
        FileSet set = set("*.log");
        assertThat(set.rescan()).hasSize(1_000);
        make("another.log");

        assertThat(set.rescan()).isEmpty();
        assertThat(set.files()).hasSize(1_000);
    }

    @Test
    void continuesIfADirectoryCannotBeRead() throws IOException {
        make("a/x.log", "b");
        FileSet set = set("*/x.log");

        assertThat(set.rescan()).containsExactly(directory.resolve("a/x.log"));
    }

    @Test
    void saysThatMoreThanAThousandFilesMatch() throws IOException {
        for (int i = 0; i < 1_010; i++) {
            make("n" + i + ".log");
        }
        FileSet set = set("*.log");
        set.rescan();

        assertThat(set.trouble()).singleElement().asString().contains("1010 files match", "only 1000 are read");
        Files.delete(directory.resolve("n1.log"));
        for (int i = 1_000; i < 1_010; i++) {
            Files.delete(directory.resolve("n" + i + ".log"));
        }
        set.rescan();
        assertThat(set.trouble()).isEmpty();
    }

    @Test
    void saysThatAPipeMatchesAndIsNotRead() throws Exception {
        make("a.log");
        Process made = new ProcessBuilder("mkfifo", directory.resolve("b.log").toString()).start();
        assertThat(made.waitFor()).isZero();
        FileSet set = set("*.log");

        assertThat(set.rescan()).containsExactly(directory.resolve("a.log"));
        assertThat(set.trouble()).singleElement().asString().contains("b.log", "is a pipe");
    }

    @Test
    void refusesTextThatIsNotAPattern() {
        assertThatThrownBy(() -> new FileSet(List.of("/var/log/[a")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[a");
        assertThatThrownBy(() -> new FileSet(List.of("log/x")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("log/x")
                .hasMessageContaining("absolute");
    }

    @ParameterizedTest
    @CsvSource({
        "messages, messages.1, true",
        "messages, messages.12.gz, true",
        "messages, messages-20261122, true",
        "messages, messages.old, true",
        "messages, messages.bak, false",
        "messages, messages, false",
        "messages, messages2, false",
        "app.log, app-2026-11-22.log, true",
        "app.log, app-2.log, false",
        "freeswitch.log, freeswitch.log.2026-11-22-10-55-01.1, true",
        "freeswitch.log, freeswitch.log.2026-11-22-10-55-01.1.gz, true",
        "freeswitch.log, freeswitch2.log, false"
    })
    void knowsTheNamesOfOlderFiles(String log, String name, boolean older) {
        assertThat(new RotatedNames(log).match(name)).isEqualTo(older);
    }

    private FileSet set(String pattern) {
        return new FileSet(List.of(directory + "/" + pattern));
    }

    private void make(String... names) throws IOException {
        for (String name : names) {
            Path path = directory.resolve(name);
            Files.createDirectories(path.getParent());
            Files.createFile(path);
        }
    }
}
