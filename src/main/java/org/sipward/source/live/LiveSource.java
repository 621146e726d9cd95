package org.sipward.source.live;

import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.sipward.source.Counts;
import org.sipward.source.Line;
import org.sipward.source.LineCounter;
import org.sipward.source.LineSink;
import org.sipward.source.LineSplitter;
import org.sipward.source.LogSource;
import org.sipward.source.SourceState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A source of lines that arrive by themselves: from Asterisk's manager interface, FreeSWITCH's event socket, the
 * journal, or a syslog socket. Its own thread waits for them; polling never waits.
 *
 * <p>When the other side fails, the source retries for ever, with longer and longer pauses. It logs each reason once,
 * and logs once that it works again. Of these sources only the journal has a cursor. Lines that the others would have
 * sent meanwhile are lost, so also read a log file to fill the gaps.
 *
 * <p>Memory: an {@link Inbox}, and the buffers of one session. Threads: one thread polls and closes.
 */
public final class LiveSource implements LogSource {
    private static final Logger log = LoggerFactory.getLogger(LiveSource.class);
    private static final int CHUNK_BYTES = 1 << 16;
    /** After a session that lasted this long, the pauses start again from the shortest. */
    private static final Duration HELD = Duration.ofMinutes(1);

    private static final Duration END = Duration.ofSeconds(2);

    private final String name;
    private final Session session;
    private final Timeouts timeouts;
    private final Runnable wake;
    private final Inbox inbox;
    private final Line line = new Line();
    private final LineCounter counter = new LineCounter();
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);
    private String cursor;
    private boolean repeating;
    private volatile boolean news;
    private volatile SourceState state = SourceState.NOT_CONNECTED_YET;
    private volatile String trouble = "";
    private long readyAt;
    private final Session.Ready ready = new Session.Ready() {
        @Override
        public void with(String otherSide) {
            ready(otherSide);
        }

        @Override
        public void doubt(String words) {
            doubtful(words);
        }
    };

    /**
     * @param cursor where a session continues
     * @param wake called, from another thread, when a poll is worth it
     */
    LiveSource(String name, Session session, Optional<String> cursor, Timeouts timeouts, Runnable wake) {
        this.name = name;
        this.session = session;
        this.timeouts = timeouts;
        this.wake = wake;
        this.inbox = new Inbox(wake);
        this.cursor = cursor.orElse("");
        this.thread = new Thread(this::work, "sipward-source");
        this.thread.setDaemon(true);
    }

    /**
     * Reads security events of Asterisk 12 and later from its manager interface (AMI). The secret is read again for
     * each connection, and is not sent over it.
     */
    public static LiveSource ami(
            String name, String host, int port, String user, Path secretFile, Clock clock, Runnable wake) {
        Session session = new AmiSession(host, port, user, secretFile, Timeouts.USUAL, clock);
        return new LiveSource(name, session, Optional.empty(), Timeouts.USUAL, wake).start();
    }

    /** Reads successful and failed registrations from FreeSWITCH's event socket (ESL). */
    public static LiveSource esl(String name, String host, int port, Path passwordFile, Clock clock, Runnable wake) {
        Session session = new EslSession(host, port, passwordFile, Timeouts.USUAL, clock);
        return new LiveSource(name, session, Optional.empty(), Timeouts.USUAL, wake).start();
    }

    /**
     * Reads the journal of this machine.
     *
     * @param units entries of these units only, if any are given
     * @param identifiers entries with these identifiers only, if any are given; if units are given too, both must match
     * @param cursor where to continue
     * @param window how far before the cursor to begin, handing those entries out once more; without a cursor, how far
     *     before now
     */
    public static LiveSource journal(
            String name,
            List<String> units,
            List<String> identifiers,
            Optional<String> cursor,
            Duration window,
            Clock clock,
            Runnable wake) {
        Optional<String> sane = cursor.filter(JournalSession::isCursor);
        if (sane.isEmpty() && cursor.filter(text -> !text.isEmpty()).isPresent()) {
            log.warn("the stored cursor of {} is damaged; starting as at the first run", name);
        }
        Session session = JournalSession.of(units, identifiers, sane, window, clock);
        return new LiveSource(name, session, sane, Timeouts.USUAL, wake).start();
    }

    /**
     * Listens for syslog messages.
     *
     * @param address an Internet address of this machine, for UDP and TCP; or the path of a Unix stream socket, which
     *     is created with mode 0600
     */
    public static LiveSource syslog(String name, SocketAddress address, Clock clock, Runnable wake) {
        Session session = new SyslogSession(address, clock);
        return new LiveSource(name, session, Optional.empty(), Timeouts.USUAL, wake).start();
    }

    /** Starts the thread that waits for lines. */
    LiveSource start() {
        thread.start();
        return this;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public boolean poll(LineSink sink) {
        news = false;
        for (Inbox.Entry entry : inbox.take(CHUNK_BYTES)) {
            byte[] bytes = entry.bytes();
            counter.bytes += bytes.length;
            if (bytes.length > LineSplitter.MAX_LINE_BYTES) {
                counter.dropped++;
            } else {
                repeating = entry.repeated();
                counter.lines++;
                line.set(bytes, 0, bytes.length, entry.arrival(), entry.live());
                sink.accept(line);
            }
            if (!entry.repeated()) {
                cursor = entry.place();
            }
        }
        return !inbox.isEmpty();
    }

    @Override
    public String cursor() {
        return cursor;
    }

    @Override
    public boolean isRepeating() {
        return repeating;
    }

    @Override
    public boolean isReady() {
        return news || !inbox.isEmpty();
    }

    @Override
    public SourceState state() {
        return state;
    }

    @Override
    public String trouble() {
        return trouble.isEmpty() ? inbox.trouble().orElse("") : trouble;
    }

    @Override
    public Counts counts() {
        return new Counts(counter.lines, counter.bytes, counter.dropped + inbox.dropped());
    }

    /** Ends the session; lines that have arrived can still be polled. */
    @Override
    public void close() {
        closing.countDown();
        session.close();
        thread.interrupt();
        try {
            thread.join(END.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void work() {
        Duration pause = timeouts.firstPause();
        while (closing.getCount() > 0) {
            readyAt = 0;
            boolean refused = false;
            try {
                session.run(inbox, ready);
            } catch (InterruptedException e) {
                // Only close() interrupts this thread; after any other interrupt, the source continues.
                fail(e);
            } catch (RefusedException e) {
                refused = true;
                fail(e);
            } catch (Exception | Error e) {
                // Catches everything, because a source that ends silently for good would be worse.
                fail(e);
            }
            if (readyAt != 0 && System.nanoTime() - readyAt > HELD.toNanos()) {
                pause = timeouts.firstPause();
            }
            if (!rest(refused ? timeouts.longestPause() : pause)) {
                return;
            }
            Duration twice = pause.multipliedBy(2);
            pause = twice.compareTo(timeouts.longestPause()) < 0 ? twice : timeouts.longestPause();
        }
    }

    /** Waits this long, plus a random extra of up to a quarter. Returns false if the source was closed. */
    private boolean rest(Duration pause) {
        long millis = pause.toMillis();
        try {
            return !closing.await(millis + ThreadLocalRandom.current().nextLong(millis / 4 + 1), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            return closing.getCount() > 0;
        }
    }

    private void ready(String otherSide) {
        readyAt = System.nanoTime();
        if (!trouble.isEmpty()) {
            log.info("{} can be read again", name);
        }
        trouble = "";
        state = SourceState.reading(otherSide);
        tell();
    }

    private void doubtful(String words) {
        if (!words.isEmpty() && !words.equals(trouble)) {
            log.warn("{}: {}", name, words);
        } else if (words.isEmpty() && !trouble.isEmpty()) {
            log.info("{} has entries now", name);
        }
        trouble = words;
        tell();
    }

    private void fail(Throwable e) {
        if (closing.getCount() == 0) {
            return;
        }
        String what = String.valueOf(e.getMessage());
        if (!what.equals(trouble)) {
            log.warn("{} cannot be read; will retry: {}", name, what);
            log.debug("{} cannot be read", name, e);
        }
        trouble = what;
        state = SourceState.NOT_CONNECTED;
        tell();
    }

    private void tell() {
        news = true;
        wake.run();
    }
}
