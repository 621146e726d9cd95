package org.sipward.agent;

import java.util.List;
import java.util.Map;

/**
 * What the running agent answers to a command.
 *
 * @param exit the exit code of the command: 0 yes, 1 the answer is no, 64 usage, 70 bug, 78 configuration
 * @param rows what is listed, each an object of {@link Json}; gone through once, row by row
 * @param message one line or several for the operator; empty if the rows say it all
 */
public record Answer(int exit, Iterable<Map<String, Object>> rows, String message) {
    /** Yes, and here it is. */
    public static Answer of(Iterable<Map<String, Object>> rows) {
        return new Answer(0, rows, "");
    }

    /** Done, or yes, in words. */
    public static Answer yes(String message) {
        return new Answer(0, List.of(), message);
    }

    /** No, in words. */
    public static Answer no(String message) {
        return new Answer(1, List.of(), message);
    }
}
