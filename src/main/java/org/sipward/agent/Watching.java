package org.sipward.agent;

import java.util.stream.Stream;
import org.sipward.config.JailConfig;
import org.sipward.config.SourceConfig;
import org.sipward.jail.Jail;
import org.sipward.source.file.FileSet;

/**
 * A jail and what it reads.
 *
 * @param files the log files that its patterns match; the thread that reads logs looks for them
 */
record Watching(Jail jail, JailConfig config, FileSet files) {
    Watching(Jail jail, JailConfig config) {
        this(
                jail,
                config,
                new FileSet(config.sources().stream()
                        .flatMap(source ->
                                source instanceof SourceConfig.Files files ? files.paths().stream() : Stream.empty())
                        .toList()));
    }

    /** Returns this jail as a reader of each of its sources that is not a file. */
    Stream<LiveLogs.Reader> live() {
        return config.sources().stream()
                .filter(source -> !(source instanceof SourceConfig.Files))
                .map(source -> new LiveLogs.Reader(jail, config.findtime(), source));
    }
}
