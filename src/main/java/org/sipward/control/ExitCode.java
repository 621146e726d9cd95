package org.sipward.control;

/** The exit codes of all commands, after sysexits(3). */
public final class ExitCode {
    public static final int YES = 0;
    public static final int NO = 1;
    public static final int USAGE = 64;
    public static final int UNAVAILABLE = 69;
    public static final int BUG = 70;
    public static final int NOT_PERMITTED = 77;
    public static final int CONFIGURATION = 78;

    private ExitCode() {}
}
