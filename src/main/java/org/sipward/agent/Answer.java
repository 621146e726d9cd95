package org.sipward.agent;

import java.util.List;
import java.util.Map;

/**
 * What the running agent answers to a command.
 *
 * @param exit the exit code of the command: 0 yes, 1 the answer is no, 64 usage, 69 no answer to be had, 70 bug, 78
 *     configuration
 * @param rows what is listed or was done, each an object of {@link Json}; gone through once, row by row
 * @param message the same in words, one line or several; empty if people shall read the rows
 */
public record Answer(int exit, Iterable<Map<String, Object>> rows, String message) {
    /** Exit codes besides 0 and 1, after sysexits(3). */
    static final int USAGE = 64;

    static final int UNAVAILABLE = 69;
    static final int BUG = 70;
    static final int CONFIGURATION = 78;

    /** Yes, and here it is. */
    public static Answer of(Iterable<Map<String, Object>> rows) {
        return new Answer(0, rows, "");
    }

    /** Done, or yes, in words. */
    public static Answer yes(String message) {
        return new Answer(0, List.of(), message);
    }

    /** The request cannot be understood, or must not be carried out as it is. */
    static Answer usage(String message) {
        return new Answer(USAGE, List.of(), message);
    }

    /** No, in words. */
    public static Answer no(String message) {
        return new Answer(1, List.of(), message);
    }
}
