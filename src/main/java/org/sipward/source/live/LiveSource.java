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
import org.sipward.source.LineSink;
import org.sipward.source.LineSplitter;
import org.sipward.source.LogSource;
import org.sipward.source.SourceState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lines that come by themselves: from Asterisk's manager interface, FreeSWITCH's event socket, the journal, or a syslog
 * socket. A thread of its own waits for them; whoever polls never waits.
 *
 * <p>When the other side fails, it is tried again for ever, each time after a longer pause. That it fails is said once for
 * each reason, and that it works again once. Of these sources only the journal has a cursor: what the others would have
 * said meanwhile is lost, so a log file beside them fills the gaps.
 *
 * <p>Memory: an {@link Inbox}, and the buffers of one session. Threads: one polls and closes.
 */
public final class LiveSource implements LogSource {
    private static final Logger log = LoggerFactory.getLogger(LiveSource.class);
    private static final int CHUNK_BYTES = 1 << 16;
    /** A session that held for this long did well: after it, pauses begin anew. */
    private static final Duration HELD = Duration.ofMinutes(1);

    private static final Duration END = Duration.ofSeconds(2);

    private final String name;
    private final Session session;
    private final Timeouts patience;
    private final Runnable wake;
    private final Inbox inbox;
    private final Line line = new Line();
    private final Counts tally = new Counts();
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
     * @param cursor where a session goes on
     * @param wake called when a poll is worth while, from another thread
     */
    LiveSource(String name, Session session, Optional<String> cursor, Timeouts patience, Runnable wake) {
        this.name = name;
        this.session = session;
        this.patience = patience;
        this.wake = wake;
        this.inbox = new Inbox(wake);
        this.cursor = cursor.orElse("");
        this.thread = new Thread(this::work, "sipward-source");
        this.thread.setDaemon(true);
    }

    /**
     * Reads security events of Asterisk 12 and later from its manager interface (AMI). The secret is read anew for each
     * connection, and does not travel.
     */
    public static LiveSource ami(
            String name, String host, int port, String user, Path secretFile, Clock clock, Runnable wake) {
        Session session = new AmiSession(host, port, user, secretFile, Timeouts.USUAL, clock);
        return new LiveSource(name, session, Optional.empty(), Timeouts.USUAL, wake).start();
    }

    /** Reads registrations and failed ones from FreeSWITCH's event socket (ESL). */
    public static LiveSource esl(String name, String host, int port, Path passwordFile, Clock clock, Runnable wake) {
        Session session = new EslSession(host, port, passwordFile, Timeouts.USUAL, clock);
        return new LiveSource(name, session, Optional.empty(), Timeouts.USUAL, wake).start();
    }

    /**
     * Reads the journal of this machine.
     *
     * @param units of these, if any
     * @param identifiers with these, if any; where there are units too, of both
     * @param cursor where to go on
     * @param window how much before the cursor is handed out once more, or before now where there is none
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
            log.warn("the stored cursor of {} is damaged; starting as if there were none", name);
        }
        Session session = JournalSession.of(units, identifiers, sane, window, clock);
        return new LiveSource(name, session, sane, Timeouts.USUAL, wake).start();
    }

    /**
     * Listens for syslog messages.
     *
     * @param address an Internet address of this machine, for UDP and TCP; or the path of a Unix stream socket, which is
     *     made, with the mode 0600
     */
    public static LiveSource syslog(String name, SocketAddress address, Clock clock, Runnable wake) {
        Session session = new SyslogSession(address, clock);
        return new LiveSource(name, session, Optional.empty(), Timeouts.USUAL, wake).start();
    }

    /** Begins to wait for lines. */
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
            tally.bytes += bytes.length;
            if (bytes.length > LineSplitter.MAX_LINE_BYTES) {
                tally.droppedLines++;
            } else {
                repeating = entry.repeated();
                tally.lines++;
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
    public long lines() {
        return tally.lines;
    }

    @Override
    public long bytes() {
        return tally.bytes;
    }

    @Override
    public long droppedLines() {
        return tally.droppedLines + inbox.dropped();
    }

    /** Ends the session; what has come can still be polled. */
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
        Duration pause = patience.firstPause();
        while (closing.getCount() > 0) {
            readyAt = 0;
            boolean refused = false;
            try {
                session.run(inbox, ready);
            } catch (InterruptedException e) {
                // Only close interrupts; should another do so, the source goes on all the same.
                fail(e);
            } catch (RefusedException e) {
                refused = true;
                fail(e);
            } catch (Exception | Error e) {
                // Any, for a source that ends for good without a word is worse.
                fail(e);
            }
            if (readyAt != 0 && System.nanoTime() - readyAt > HELD.toNanos()) {
                pause = patience.firstPause();
            }
            if (!rest(refused ? patience.longestPause() : pause)) {
                return;
            }
            Duration twice = pause.multipliedBy(2);
            pause = twice.compareTo(patience.longestPause()) < 0 ? twice : patience.longestPause();
        }
    }

    /** Waits this long, and up to a quarter longer by chance. Returns false if the source was closed. */
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
            log.warn("{} cannot be read and is tried again: {}", name, what);
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
