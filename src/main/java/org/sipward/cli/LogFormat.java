package org.sipward.cli;

import java.io.PrintStream;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.regex.Pattern;

/**
 * Prints the log records of the program and its libraries on standard error, one line each. If systemd's journal reads
 * them, a line begins with systemd's level prefix ({@code <6>ban 203.0.113.7 …}, sd-daemon(3)), and the journal adds
 * the time. Otherwise a line begins with time and level.
 */
public final class LogFormat extends Handler {
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    /** The most exceptions of a chain of causes that are printed. */
    private static final int MAX_CAUSES = 5;

    private final PrintStream out;
    private final boolean journal;

    private LogFormat(PrintStream out, boolean journal) {
        this.out = out;
        this.journal = journal;
        setFormatter(new Formatter() {
            @Override
            public String format(LogRecord record) {
                return formatMessage(record);
            }
        });
    }

    /** Takes over all logging. Call it before the first logger is created. */
    static void install(PrintStream out, boolean journal, boolean verbose) {
        // The default LogManager removes all handlers as soon as the process is told to stop: the last lines would be
        // lost.
        System.setProperty("java.util.logging.manager", Lasting.class.getName());
        Logger root = Logger.getLogger("");
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        root.addHandler(new LogFormat(out, journal));
        root.setLevel(Level.WARNING);
        Logger.getLogger("org.sipward").setLevel(verbose ? Level.FINE : Level.INFO);
    }

    @Override
    public void publish(LogRecord record) {
        String text = getFormatter().formatMessage(record);
        StringBuilder lines = new StringBuilder(line(record.getInstant(), record.getLevel(), text, journal));
        Throwable thrown = record.getThrown();
        for (int i = 0; thrown != null && i < MAX_CAUSES; i++) {
            lines.append(clean((i == 0 ? "" : "caused by ") + thrown)).append('\n');
            for (StackTraceElement frame : thrown.getStackTrace()) {
                lines.append("\tat ").append(frame).append('\n');
            }
            thrown = thrown.getCause();
        }
        // A println would make a second system call for the line end, and a second event for a program that watches the
        // file.
        out.print(lines);
    }

    private static String line(Instant time, Level level, String text, boolean journal) {
        String prefix =
                journal ? "<" + severity(level) + ">" : time.truncatedTo(ChronoUnit.SECONDS) + " " + word(level) + " ";
        return prefix + clean(text) + "\n";
    }

    /** Each line is one record: the text must not contain a line break or another control character. */
    private static String clean(String text) {
        return CONTROL.matcher(text).replaceAll(" ");
    }

    /** Returns the line that says how many lines were dropped. */
    static String dropped(long count, boolean journal) {
        String text = count + " log lines were dropped here: nobody read them, or they could not be written";
        return line(Clock.systemUTC().instant(), Level.WARNING, text, journal);
    }

    /** Returns whether systemd's journal reads what is printed. */
    static boolean isForJournal() {
        return System.getenv("JOURNAL_STREAM") != null;
    }

    @Override
    public void flush() {
        out.flush();
    }

    @Override
    public void close() {
        out.flush();
    }

    /** The severities of syslog, RFC 5424 table 2. */
    private static int severity(Level level) {
        int value = level.intValue();
        if (value >= Level.SEVERE.intValue()) {
            return 3;
        }
        if (value >= Level.WARNING.intValue()) {
            return 4;
        }
        return value >= Level.INFO.intValue() ? 6 : 7;
    }

    private static String word(Level level) {
        return switch (severity(level)) {
            case 3 -> "error";
            case 4 -> "warning";
            case 6 -> "info";
            default -> "debug";
        };
    }

    /** Logs until the process has ended, as {@link #install} says. */
    public static final class Lasting extends LogManager {
        @Override
        public void readConfiguration() {
            // Does nothing on purpose: Java's own file configures a handler that would only be removed again.
        }

        @Override
        public void reset() {
            // Does nothing on purpose; see install.
        }
    }
}
