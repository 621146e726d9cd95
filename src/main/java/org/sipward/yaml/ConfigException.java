package org.sipward.yaml;

import java.util.List;
import java.util.stream.Collectors;

/** Says everything that is wrong with a configuration or a filter; its message has one line for each problem. */
public final class ConfigException extends Exception {
    private final transient List<Problem> problems;
    private final transient List<Problem> warnings;

    ConfigException(List<Problem> problems, List<Problem> warnings) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
        this.warnings = List.copyOf(warnings);
    }

    /** Returns the errors, at least one: grouped by file, in the order of the lines. */
    public List<Problem> problems() {
        return problems;
    }

    /** Returns the warnings that were noted besides the errors. */
    public List<Problem> warnings() {
        return warnings;
    }
}
