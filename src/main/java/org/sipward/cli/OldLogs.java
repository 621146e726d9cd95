package org.sipward.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.sipward.source.Line;
import org.sipward.source.LineSink;
import org.sipward.source.LineSplitter;
import org.sipward.source.LogFile;

/** Reads the logs that the operator named, plain or gzipped, one after the other. */
final class OldLogs {
    private OldLogs() {}

    /**
     * Hands the lines of all logs to the sink. What cannot be read, or is hardly a log, is said on standard error.
     *
     * @return whether all of them could be read
     */
    static boolean read(List<Path> logs, Sink sink) {
        LineSplitter splitter = new LineSplitter();
        boolean all = true;
        for (Path path : logs) {
            try (LogFile log = LogFile.open(path, splitter)) {
                if (log.isEmpty()) {
                    System.err.println(path + ": is empty");
                } else if (log.isBinary()) {
                    System.err.println(path + ": is binary, not a text log; read all the same");
                }
                LineSink lines = line -> sink.accept(path, log.lineNumber(), line);
                Progress progress = new Progress(path, log);
                while (log.poll(lines)) {
                    progress.show();
                }
                progress.end();
                if (log.droppedLines() > 0) {
                    System.err.println(path + ": " + log.droppedLines() + " over-long lines were passed over");
                }
            } catch (IOException e) {
                System.err.println(e.getMessage());
                all = false;
            }
        }
        return all;
    }

    /** Takes the lines of several logs. */
    @FunctionalInterface
    interface Sink {
        void accept(Path log, long number, Line line);
    }
}
