package org.sipward.config;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.provider.Arguments;

/** What is wrong with a configuration, and how the operator is told. */
final class Errors {
    private Errors() {}

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
