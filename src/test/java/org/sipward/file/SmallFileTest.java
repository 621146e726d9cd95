package org.sipward.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class SmallFileTest {
    @TempDir
    private Path folder;

    @Test
    void readsAFileThatIsAsLongAsTheLimit() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "12345");

        assertThat(SmallFile.read(file, 5)).isEqualTo("12345".getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void followsALink() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "12345");
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);

        assertThat(SmallFile.read(link, 5)).hasSize(5);
    }

    @Test
    void refusesALongerFileWithTheLimitInWords() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x".repeat(SmallFile.MAX_TEXT + 1));

        assertThatThrownBy(() -> SmallFile.read(file, 5))
                .hasMessage("is longer than 5 bytes")
                .extracting(SmallFileTest::kind)
                .isEqualTo(SmallFileException.Kind.TOO_LONG);
        assertThatThrownBy(() -> SmallFile.read(file, SmallFile.MAX_TEXT)).hasMessage("is longer than 1 MiB");
    }

    @Test
    void saysThatAFileIsMissing() {
        assertThatThrownBy(() -> SmallFile.read(folder.resolve("none"), 5))
                .hasMessage("does not exist")
                .extracting(SmallFileTest::kind)
                .isEqualTo(SmallFileException.Kind.MISSING);
    }

    @Test
    @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void doesNotWaitForAWriterOfAFifo() throws IOException, InterruptedException {
        Path fifo = folder.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor(10, TimeUnit.SECONDS))
                .isTrue();

        assertThatThrownBy(() -> SmallFile.read(fifo, 5))
                .hasMessage("is not a regular file")
                .extracting(SmallFileTest::kind)
                .isEqualTo(SmallFileException.Kind.NOT_REGULAR);
        assertThatThrownBy(() -> SmallFile.read(Path.of("/dev/zero"), 5)).hasMessage("is not a regular file");
        assertThatThrownBy(() -> SmallFile.read(folder, 5)).hasMessage("is a directory");
    }

    @Test
    void tellsWhoMayReadAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "secret");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(SmallFile.letsOthers(PosixFilePermission.OTHERS_READ, file)).isTrue();
        assertThat(SmallFile.letsOthers(PosixFilePermission.OTHERS_WRITE, file)).isFalse();
        assertThat(SmallFile.letsOthers(PosixFilePermission.OTHERS_READ, folder.resolve("none")))
                .isFalse();
    }

    private static SmallFileException.Kind kind(Throwable thrown) {
        return ((SmallFileException) thrown).kind();
    }
}
