package org.sipward.control;

import java.util.List;
import java.util.Map;

/**
 * What the running agent answers to a command.
 *
 * @param exit the exit code of the command: see {@link ExitCode}
 * @param rows what is listed or was done, each an object of {@link Json}; gone through once, row by row
 * @param message the same in words, one line or several; empty if people shall read the rows
 */
public record Answer(int exit, Iterable<Map<String, Object>> rows, String message) {
    /** Yes, and here it is. */
    public static Answer of(Iterable<Map<String, Object>> rows) {
        return new Answer(ExitCode.YES, rows, "");
    }

    /** Done, or yes, in words. */
    public static Answer yes(String message) {
        return new Answer(ExitCode.YES, List.of(), message);
    }

    /** The request cannot be understood, or must not be carried out as it is. */
    public static Answer usage(String message) {
        return new Answer(ExitCode.USAGE, List.of(), message);
    }

    /** No, in words. */
    public static Answer no(String message) {
        return new Answer(ExitCode.NO, List.of(), message);
    }
}
