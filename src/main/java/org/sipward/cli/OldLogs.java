package org.sipward.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.sipward.control.ExitCode;
import org.sipward.source.Line;
import org.sipward.source.LineSink;
import org.sipward.source.LineSplitter;
import org.sipward.source.file.LogFile;

/** Reads the logs that the operator named, plain or gzipped, one after the other. */
final class OldLogs {
    private OldLogs() {}

    /**
     * Hands the lines of all logs to the sink. Reports on standard error each file that cannot be read, or hardly looks
     * like a log.
     *
     * @return {@link ExitCode#YES} if all of them could be read; {@link ExitCode#NOT_PERMITTED} if this user may
     *     not read one of them; {@link ExitCode#USAGE} if one does not exist or is not a log. So an unread log never
     *     passes for an answer.
     */
    static int read(List<Path> logs, Progress progress, Sink sink) {
        LineSplitter splitter = new LineSplitter();
        int exit = ExitCode.YES;
        for (Path path : logs) {
            try (LogFile log = LogFile.open(path, splitter)) {
                if (log.isEmpty()) {
                    System.err.println(path + ": is empty");
                } else if (log.isBinary()) {
                    System.err.println(path + ": is binary, not a text log; reading it anyway");
                }
                LineSink lines = line -> sink.accept(path, log.lineNumber(), line);
                progress.begin();
                while (log.poll(lines)) {
                    progress.show(path, log);
                }
                progress.clear();
                if (log.droppedLines() > 0) {
                    System.err.println(path + ": " + log.droppedLines() + " overlong lines were skipped");
                }
            } catch (IOException e) {
                progress.clear();
                System.err.println(e.getMessage());
                boolean forbidden = Files.exists(path) ? !Files.isReadable(path) : !Files.notExists(path);
                exit = Math.max(exit, forbidden ? ExitCode.NOT_PERMITTED : ExitCode.USAGE);
            }
        }
        return exit;
    }

    /** Takes the lines of several logs. */
    @FunctionalInterface
    interface Sink {
        void accept(Path log, long number, Line line);
    }
}
