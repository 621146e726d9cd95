package org.sipward.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReadmeTest {
    private static final int MOST_BYTES = 9_000;

    @Test
    void isReadInFiveMinutes() throws IOException {
        assertThat(Files.size(Path.of("README.md"))).isLessThanOrEqualTo(MOST_BYTES);
    }
}
