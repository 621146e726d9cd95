package org.sipward.source.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** A live source under test, with the lines that it handed out and the messages that it logged. */
final class Live implements AutoCloseable {
    static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-22T12:00:00Z"), ZoneOffset.UTC);
    /** Short timeouts, because the test itself plays the server. */
    static final Timeouts SHORT = new Timeouts(
            Duration.ofSeconds(2),
            Duration.ofMillis(300),
            Duration.ofMillis(150),
            Duration.ofMillis(5),
            Duration.ofMillis(40));

    private static final long PATIENCE_SECONDS = 30;

    final LiveSource source;
    final List<String> lines = new ArrayList<>();
    final List<Boolean> repeating = new ArrayList<>();
    private final Semaphore woken = new Semaphore(0);
    int wakes;
    private final List<String> said = new ArrayList<>();
    private final Logger logger = Logger.getLogger(LiveSource.class.getName());
    private final Handler recorder = new Handler() {
        @Override
        public void publish(LogRecord record) {
            synchronized (said) {
                said.add(new java.util.logging.SimpleFormatter().formatMessage(record));
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private Live(Session session, Optional<String> cursor, Timeouts timeouts) {
        logger.addHandler(recorder);
        source = new LiveSource("test", session, cursor, timeouts, woken::release).start();
    }

    static Live of(Session session) {
        return new Live(session, Optional.empty(), SHORT);
    }

    static Live of(Session session, Optional<String> cursor) {
        return new Live(session, cursor, SHORT);
    }

    /** Polls until this many lines have arrived in all, and returns them. */
    List<String> await(int count) throws Exception {
        until(() -> lines.size() >= count);
        return lines;
    }

    /** Polls until the condition holds. */
    void until(Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            boolean more = poll();
            if (condition.call()) {
                return;
            }
            assertThat(System.nanoTime())
                    .describedAs("%s, lines %s, trouble %s", said(), lines.size(), source.trouble())
                    .isLessThan(end);
            if (!more) {
                // A wake-up may be about lines that were already polled, so check from time to time anyway.
                wakes += woken.tryAcquire(20, TimeUnit.MILLISECONDS) ? 1 : 0;
            }
        }
    }

    private boolean poll() {
        return source.poll(line -> {
            lines.add(line.toString());
            repeating.add(source.isRepeating());
        });
    }

    /** Returns all messages so far. */
    List<String> said() {
        synchronized (said) {
            return List.copyOf(said);
        }
    }

    @Override
    public void close() {
        source.close();
        logger.removeHandler(recorder);
    }
}
