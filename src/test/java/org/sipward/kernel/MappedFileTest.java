package org.sipward.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MappedFileTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "7f0000001000-7f0000003000 r-xp 00001000 fe:00 131 /usr/lib/sipward/sipward",
                "7f0000001000-7f0000003000 rw-p 00001000 fe:00 131 /usr/lib/sipward/sipward",
                "7f0000001000-7f0000003000 r--p 00000000 fe:00 131                        /a folder/lib java.so (deleted)"
            })
    void readsCodeAndDataOfAFile(String line) {
        assertThat(MappedFile.of(line)).contains(new MappedFile(0x7f0000001000L, 0x2000));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "7f0000001000-7f0000003000 r--s 00000000 fe:00 131 /var/lib/sipward/store.log",
                "7f0000001000-7f0000003000 ---p 00000000 fe:00 131 /usr/lib/sipward/sipward",
                "7f0000001000-7f0000003000 r--p 00000000 00:00 0 ",
                "7f0000001000-7f0000003000 r-xp 00000000 00:00 0                          [vdso]",
                "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]",
                ""
            })
    void leavesAllOtherMemoryAlone(String line) {
        assertThat(MappedFile.of(line)).isEmpty();
    }

    @Test
    void readsAddressesOfTheUpperHalf() {
        assertThat(MappedFile.of("ffffffffff600000-ffffffffff601000 r-xp 00000000 fe:00 131 /a"))
                .contains(new MappedFile(0xffffffffff600000L, 0x1000));
    }
}
