package org.sipward.cli;

/** Ends a command with one line for the operator and an exit code. */
final class Failure extends RuntimeException {
    private final int exitCode;

    Failure(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
