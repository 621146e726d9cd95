package org.sipward.filter;

import java.util.List;
import java.util.stream.Collectors;

/** Tells everything that is wrong with a filter. */
public final class FilterException extends Exception {
    private final transient List<Problem> problems;

    FilterException(String filter, List<Problem> problems) {
        super("filter " + filter + ": "
                + problems.stream()
                        .map(problem -> problem.path() + ": " + problem.what())
                        .collect(Collectors.joining("; ")));
        this.problems = List.copyOf(problems);
    }

    /** Returns the problems, at least one. */
    public List<Problem> problems() {
        return problems;
    }

    /**
     * One problem.
     *
     * @param path the key in the filter's file, as {@code time}, {@code prefix} or {@code failregex.NAME}
     * @param value the value that is wrong
     * @param what what is wrong with the value
     * @param mend how to fix it
     */
    public record Problem(String path, String value, String what, String mend) {}
}
