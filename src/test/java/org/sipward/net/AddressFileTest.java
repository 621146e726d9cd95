package org.sipward.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sipward.file.SmallFile;

class AddressFileTest {
    @TempDir
    private Path folder;

    @Test
    void readsAddressesPrefixesAndNames() throws IOException {
        AddressFile file = read("\ufeff198.51.100.7\n\n# trunks\r\n 2001:db8::/48 # ours\r\ntrunk.example.net\n");

        assertThat(file.networks()).map(Network::toString).containsExactly("198.51.100.7", "2001:db8::/48");
        assertThat(file.names()).containsExactly("trunk.example.net");
        assertThat(file.wrong()).isEmpty();
    }

    @Test
    void reportsEachLineThatAllowsNothing() throws IOException {
        AddressFile file =
                read("198.51.100.7\n300.1.1.1\n198.51.100\n0.0.0.0/0\na\u001b[2J\n1.2.3.4 5.6.7.8\n10.0.0.0/33\n");

        assertThat(file.wrong())
                .containsExactly(
                        new AddressFile.Wrong(2, "300.1.1.1", "is not an address, prefix or host name"),
                        new AddressFile.Wrong(3, "198.51.100", "is not an address, prefix or host name"),
                        new AddressFile.Wrong(4, "0.0.0.0/0", "would allow everybody"),
                        new AddressFile.Wrong(5, "a?[2J", "is not an address, prefix or host name"),
                        new AddressFile.Wrong(6, "1.2.3.4 5.6.7.8", "is not an address, prefix or host name"),
                        new AddressFile.Wrong(7, "10.0.0.0/33", "is not an address, prefix or host name"));
    }

    @Test
    void doesNotWaitForAPipeDeviceOrFolder() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();

        assertThatThrownBy(() -> AddressFile.read(pipe)).hasMessage("is not a regular file");
        assertThatThrownBy(() -> AddressFile.read(Path.of("/dev/zero"))).hasMessage("is not a regular file");
        assertThatThrownBy(() -> AddressFile.read(folder)).hasMessage("is a directory");
        assertThatThrownBy(() -> AddressFile.read(folder.resolve("none"))).hasMessage("does not exist");
    }

    @Test
    void refusesAFileThatIsTooLarge() throws IOException {
        Path file = folder.resolve("large");
        Files.writeString(file, "#".repeat(SmallFile.MAX_TEXT + 1));
        assertThatThrownBy(() -> AddressFile.read(file)).hasMessage("is longer than 1 MiB");

        Files.write(file, Collections.nCopies(AddressFile.MAX_LINES + 1, "1.1.1.1"));
        assertThatThrownBy(() -> AddressFile.read(file)).hasMessage("has more than 10000 lines");
    }

    private AddressFile read(String text) throws IOException {
        return AddressFile.read(Files.writeString(folder.resolve("file"), text));
    }
}
