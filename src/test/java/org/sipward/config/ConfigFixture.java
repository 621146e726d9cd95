package org.sipward.config;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.Arguments;

/** A folder with two filters, and what is wrong with a configuration in it. */
abstract class ConfigFixture {
    static final String FEED = "feeds: {apiban: {keyfile: /k}}\n";

    @TempDir
    Path directory;

    Folder folder = new Folder(Path.of("."));

    @BeforeEach
    void filters() {
        folder = new Folder(directory).withFilters("asterisk", "kamailio");
    }

    /** Returns a case: the YAML, and what is said of it. */
    static Arguments error(String yaml, String... errors) {
        return Arguments.of(yaml, Arrays.asList(errors));
    }

    /** Returns the errors as those of one line of the configuration. */
    static List<String> inLine(int line, List<String> errors) {
        return errors.stream()
                .map(error -> "sipward.yaml:" + line + ": " + error)
                .toList();
    }
}
