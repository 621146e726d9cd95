package org.sipward.feed;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A {@link Field} for each test. */
abstract class FeedFixture {
    @TempDir
    Path dir;

    Field field;

    @BeforeEach
    void start() throws IOException {
        field = new Field(dir);
    }

    @AfterEach
    void stop() {
        field.close();
    }
}
