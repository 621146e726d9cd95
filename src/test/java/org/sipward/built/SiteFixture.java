package org.sipward.built;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A {@link Site} for each test, with an agent that is not started yet. */
abstract class SiteFixture {
    @TempDir
    Path folder;

    Site site;

    @BeforeEach
    void open() throws Exception {
        site = new Site(folder);
    }

    @AfterEach
    void close() {
        if (site != null) {
            site.close();
        }
    }
}
