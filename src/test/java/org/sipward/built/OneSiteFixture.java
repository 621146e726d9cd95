package org.sipward.built;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** One {@link Site} for all tests of a class, with an agent that runs. */
abstract class OneSiteFixture {
    @TempDir
    static Path folder;

    static Site site;

    @BeforeAll
    static void openSite() throws Exception {
        site = new Site(folder).start();
    }

    @AfterAll
    static void closeSite() {
        if (site != null) {
            site.close();
        }
    }
}
