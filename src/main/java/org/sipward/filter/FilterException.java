package org.sipward.filter;

import java.util.List;
import java.util.stream.Collectors;

/** Says everything that is wrong with a filter. */
public final class FilterException extends Exception {
    private final transient List<Problem> problems;

    FilterException(String filter, List<Problem> problems) {
        super("filter " + filter + ": "
                + problems.stream()
                        .map(problem -> problem.path() + ": " + problem.what())
                        .collect(Collectors.joining("; ")));
        this.problems = List.copyOf(problems);
    }

    /** Returns what is wrong, at least one thing. */
    public List<Problem> problems() {
        return problems;
    }

    /**
     * One thing that is wrong.
     *
     * @param path where it stands in the filter's file: {@code time}, {@code prefix}, or as {@code failregex.NAME}
     * @param value the value that is wrong
     * @param what what is wrong with it
     * @param mend what would be right
     */
    public record Problem(String path, String value, String what, String mend) {}
}
