package org.sipward.cli;

/** The exit codes of all commands, after sysexits(3). */
final class ExitCode {
    static final int YES = 0;
    static final int NO = 1;
    static final int USAGE = 64;
    static final int UNAVAILABLE = 69;
    static final int BUG = 70;
    static final int NOT_PERMITTED = 77;
    static final int CONFIGURATION = 78;

    private ExitCode() {}
}
