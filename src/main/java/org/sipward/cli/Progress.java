package org.sipward.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.sipward.source.file.LogFile;
import org.sipward.yaml.Durations;

/**
 * Prints the results of reading logs. On a terminal it also shows, below them, how much of a long log has been read and
 * how long the rest will take. That progress line is erased before anything else is printed. Not thread-safe.
 */
final class Progress {
    private static final long PAUSE_NANOS = 1_000_000_000L;
    /** Moves the cursor to the start of the line and erases the line. */
    private static final String CLEAR = "\r\u001b[K";

    private final PrintStream terminal;
    private final boolean shows;
    private long begun = System.nanoTime();
    private long last = begun;
    private boolean shown;

    Progress() {
        this(System.err, isTerminal(Path.of("/proc/self/fd/2")));
    }

    /** @param shows whether the stream is a terminal */
    Progress(PrintStream terminal, boolean shows) {
        this.terminal = terminal;
        this.shows = shows;
    }

    /** Java 17 does not tell which of standard input, output and error is a terminal. */
    private static boolean isTerminal(Path descriptor) {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
        } catch (IOException notHere) {
            return false;
        }
    }

    /** Starts the clock for the next log. */
    void begin() {
        begun = System.nanoTime();
        last = begun;
    }

    /** Shows how much of this log has been read, at most once a second. */
    void show(Path path, LogFile log) throws IOException {
        long now = System.nanoTime();
        if (shows && now - last >= PAUSE_NANOS) {
            show(path, log.bytesRead(), log.bytesTotal(), now - begun);
            last = now;
        }
    }

    void show(Path path, long read, long total, long nanos) {
        long percent = Math.min(100, read * 100 / Math.max(1, total));
        // Below 1 % an estimate would mean little.
        String rest = percent == 0
                ? ""
                : ", "
                        + Durations.format(
                                Duration.ofNanos((long) ((double) nanos / Math.max(1, read) * (total - read))))
                        + " to go";
        terminal.print(CLEAR + path + ": " + percent + " %" + rest);
        terminal.flush();
        shown = true;
    }

    /** Prints a line of the result. */
    void println(String line) {
        clear();
        System.out.println(line);
    }

    /** Erases the progress line. */
    void clear() {
        if (shown) {
            terminal.print(CLEAR);
            terminal.flush();
            shown = false;
        }
    }
}
