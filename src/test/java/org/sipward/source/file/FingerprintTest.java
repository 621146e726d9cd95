package org.sipward.source.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class FingerprintTest {
    private final byte[] bytes = "0123456789".repeat(100).getBytes(StandardCharsets.ISO_8859_1);
    private final Fingerprint fingerprint = new Fingerprint();

    @Test
    void isTheSameHoweverTheBytesAreSplit() {
        fingerprint.add(bytes, 0, 10, 0);
        fingerprint.add(bytes, 0, 100, 0);
        fingerprint.add(bytes, 50, 900, 50);

        assertThat(fingerprint.length()).isEqualTo(256);
        assertThat(Fingerprint.agrees(bytes, bytes.length, 256, fingerprint.checksum()))
                .isTrue();
    }

    @Test
    void leavesOutBytesAfterAGap() {
        fingerprint.add(bytes, 0, 10, 0);
        fingerprint.add(bytes, 20, 10, 20);

        assertThat(fingerprint.length()).isEqualTo(10);
        assertThat(Fingerprint.agrees(bytes, bytes.length, 10, fingerprint.checksum()))
                .isTrue();
        assertThat(Fingerprint.agrees(bytes, 9, 10, fingerprint.checksum())).isFalse();
    }
}
