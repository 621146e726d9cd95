package org.sipward.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.sipward.source.LogFile;

/** Shows how far the reading of a long log is: on a terminal only, and only once it has taken a second. */
final class Progress {
    private static final long PAUSE_NANOS = 1_000_000_000L;

    private final Path path;
    private final LogFile log;
    private final boolean terminal = isTerminal(Path.of("/proc/self/fd/2"));
    private long last = System.nanoTime();
    private boolean shown;

    Progress(Path path, LogFile log) {
        this.path = path;
        this.log = log;
    }

    /** Java 17 does not tell whether it is standard input, output or error that is no terminal. */
    private static boolean isTerminal(Path descriptor) {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
        } catch (IOException notHere) {
            return false;
        }
    }

    void show() throws IOException {
        if (!terminal || System.nanoTime() - last < PAUSE_NANOS) {
            return;
        }
        last = System.nanoTime();
        shown = true;
        long percent = log.bytesRead() * 100 / Math.max(1, log.bytesTotal());
        System.err.print("\r" + path + ": " + percent + " %");
    }

    void end() {
        if (shown) {
            System.err.println();
        }
    }
}
