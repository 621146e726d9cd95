package org.sipward.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.sipward.control.Json;

/** Ends a command with an exit code and a message for the operator, of one line or several. */
final class CommandFailure extends RuntimeException {
    private final int exitCode;

    CommandFailure(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }

    /** Returns the failure for programs, as a JSON object with {@code exit} and {@code error}. */
    String json() {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("exit", exitCode);
        object.put("error", String.valueOf(getMessage()));
        return Json.line(object);
    }
}
