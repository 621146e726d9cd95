package org.sipward.control;

import java.util.List;
import java.util.Map;

/**
 * The running agent's answer to a command.
 *
 * @param exit the exit code of the command: see {@link ExitCode}
 * @param rows the items that are listed or were changed, each an object of {@link Json}; iterated once
 * @param message the same in words, one line or several; empty if people should read the rows
 */
public record Answer(int exit, Iterable<Map<String, Object>> rows, String message) {
    /** Returns the answer yes, with rows. */
    public static Answer of(Iterable<Map<String, Object>> rows) {
        return new Answer(ExitCode.YES, rows, "");
    }

    /** Returns the answer to a request that cannot be understood, or must not be carried out as it is. */
    public static Answer usage(String message) {
        return new Answer(ExitCode.USAGE, List.of(), message);
    }

    /** Returns the answer no, in words. */
    public static Answer no(String message) {
        return new Answer(ExitCode.NO, List.of(), message);
    }
}
