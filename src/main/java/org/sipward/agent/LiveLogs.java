package org.sipward.agent;

import java.io.Closeable;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.sipward.ban.BanList;
import org.sipward.config.SourceConfig;
import org.sipward.jail.Jail;
import org.sipward.source.LogSource;
import org.sipward.source.live.LiveSource;
import org.sipward.store.CursorStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sources that are not files: connections, the journal, listeners. Each wakes the reading thread when lines have
 * arrived.
 *
 * <p>Not thread-safe: the reading thread owns it.
 */
final class LiveLogs implements Closeable {
    private static final Logger log = LoggerFactory.getLogger(LiveLogs.class);

    private final BanList bans;
    private final CursorStore cursors;
    private final Clock clock;
    private final Runnable wake;
    private final Map<SourceConfig, Pipeline> pipelines = new LinkedHashMap<>();

    /** @param wake called by any thread when a source has lines or a new state */
    LiveLogs(BanList bans, CursorStore cursors, Clock clock, Runnable wake) {
        this.bans = bans;
        this.cursors = cursors;
        this.clock = clock;
        this.wake = wake;
    }

    /** Opens new sources, closes those that no jail reads any more, and leaves the others as they are. */
    void serve(List<Reader> readers) {
        Map<SourceConfig, List<Reader>> wanted = readers.stream()
                .collect(Collectors.groupingBy(Reader::source, LinkedHashMap::new, Collectors.toList()));
        Map.copyOf(pipelines).forEach((config, pipeline) -> {
            if (!wanted.containsKey(config)) {
                close(config, pipeline);
            }
        });
        wanted.forEach((config, served) -> pipelines
                .computeIfAbsent(config, missing -> open(missing, served))
                .serve(served.stream().map(Reader::jail).toList()));
    }

    /** Returns the sources that are read, in the order in which they were opened. */
    List<Pipeline> reading() {
        return List.copyOf(pipelines.values());
    }

    @Override
    public void close() {
        pipelines.values().forEach(Pipeline::close);
    }

    private Pipeline open(SourceConfig config, List<Reader> served) {
        Duration window =
                served.stream().map(Reader::findtime).max(Duration::compareTo).orElse(Duration.ZERO);
        LogSource source = source(config, window);
        String names = served.stream().map(reader -> reader.jail().name()).collect(Collectors.joining(", "));
        log.info("watching {} for {}", source.name(), names);
        return new Pipeline(source, bans, cursors, clock);
    }

    private LogSource source(SourceConfig config, Duration window) {
        if (config instanceof SourceConfig.Ami ami) {
            return LiveSource.ami(ami.name(), ami.host(), ami.port(), ami.user(), ami.secretFile(), clock, wake);
        }
        if (config instanceof SourceConfig.Esl esl) {
            return LiveSource.esl(esl.name(), esl.host(), esl.port(), esl.passwordFile(), clock, wake);
        }
        if (config instanceof SourceConfig.Syslog syslog) {
            return LiveSource.syslog(syslog.name(), syslog.address(), clock, wake);
        }
        if (config instanceof SourceConfig.Journal journal) {
            String name = journal.name();
            return LiveSource.journal(name, journal.units(), journal.identifiers(), cursor(name), window, clock, wake);
        }
        throw new IllegalArgumentException(config.name() + ": files are read elsewhere");
    }

    private Optional<String> cursor(String name) {
        try {
            return cursors.cursor(name);
        } catch (IOException e) {
            log.warn(
                    "could not load how far {} was read; reading starts as at the first run: {}", name, e.getMessage());
            return Optional.empty();
        }
    }

    /**
     * Closes a source, and still judges the lines that have arrived. It is closed first, since a flood would not end.
     */
    private void close(SourceConfig config, Pipeline pipeline) {
        pipeline.close();
        while (pipeline.drain()) {}
        pipeline.saveCursor();
        pipelines.remove(config);
        log.info("no longer watching {}", pipeline.name());
    }

    /**
     * A jail that reads a source.
     *
     * @param findtime how far back lines matter to the jail
     */
    record Reader(Jail jail, Duration findtime, SourceConfig source) {}
}
