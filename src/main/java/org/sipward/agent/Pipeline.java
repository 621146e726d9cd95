package org.sipward.agent;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.sipward.ban.BanList;
import org.sipward.ban.BanRequest;
import org.sipward.filter.LogReader;
import org.sipward.filter.Match;
import org.sipward.jail.Jail;
import org.sipward.source.Counts;
import org.sipward.source.Faults;
import org.sipward.source.Line;
import org.sipward.source.LogSource;
import org.sipward.status.LogStatus;
import org.sipward.store.CursorStore;
import org.sipward.time.Due;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries the lines of one source to its jails, and the bans that the jails ask for to the ban list.
 *
 * <p>A bug that a line triggers stops nothing: the jail skips that line, and the bug is counted, logged and reported
 * ({@link Faults}).
 *
 * <p>The log file is the queue: while the store or the firewall works, nothing is read. Not thread-safe: the thread
 * that reads logs owns it. Any thread may ask for {@link #status}.
 */
final class Pipeline {
    /**
     * A cursor is saved at most this often, since the store syncs its disk. Lines read twice after a crash do no harm.
     */
    static final Duration CURSOR_PAUSE = Duration.ofSeconds(5);

    /**
     * The most chunks in one turn, so that a flooded log does not hold up other logs, or the bans that it leads to
     * itself: two megabytes, which take 25 ms once the code is compiled.
     */
    private static final int FAIR_CHUNKS = 32;

    private static final Logger log = LoggerFactory.getLogger(Pipeline.class);

    private final LogSource source;
    private final BanList bans;
    private final CursorStore cursors;
    private final Clock clock;
    private final List<BanRequest> requests = new ArrayList<>();
    private final Faults faults = new Faults();
    private Reader[] readers = {};
    private List<String> names = List.of();
    private String savedCursor = "";
    private Due cursorDue = Due.NOW;
    /** The number of bytes that had been read when the cursor was saved. */
    private long savedBytes;

    private String trouble = "";
    private boolean more;
    private boolean cursorFailing;
    private volatile LogStatus status;

    Pipeline(LogSource source, BanList bans, CursorStore cursors, Clock clock) {
        this.source = source;
        this.bans = bans;
        this.cursors = cursors;
        this.clock = clock;
        this.status = new LogStatus(source.name(), List.of(), 0, 0, 0, 0, source.state(), source.trouble());
    }

    /** Notes that new lines may have been written. */
    void expectMore() {
        more = true;
    }

    /** Returns whether there may be lines to read: left by the last {@link #drain}, noted, or known to the source. */
    boolean hasMore() {
        return more || source.isReady();
    }

    /** Hands lines to these jails from now on. */
    void serve(List<Jail> served) {
        readers = served.stream().distinct().map(this::reader).toArray(Reader[]::new);
        names = served.stream().distinct().map(Jail::name).toList();
    }

    private Reader reader(Jail jail) {
        for (Reader known : readers) {
            if (known.jail.equals(jail)) {
                return known;
            }
        }
        return new Reader(jail);
    }

    /**
     * Reads the new lines, but no more than a fair share. All bans that they lead to are one transaction of the store
     * and one of the firewall. Both are done before the cursor is saved, so a crash repeats lines and never skips any.
     * A log that cannot be read is logged once; the next call retries.
     *
     * @return whether more lines may be there already
     */
    boolean drain() {
        String name = source.name();
        more = true;
        try {
            readShare();
            saveDueCursor();
            if (!trouble.isEmpty()) {
                log.info("{} can be read again", name);
            }
            trouble = "";
        } catch (IOException e) {
            more = false;
            if (trouble.isEmpty()) {
                log.warn("{} cannot be read; will retry: {}", name, e.getMessage());
            }
            trouble = String.valueOf(e.getMessage());
        } catch (RuntimeException | StackOverflowError bug) {
            more = false;
            faults.add(name, bug);
        }
        Counts counts = source.counts();
        status = new LogStatus(
                name,
                names,
                counts.lines(),
                counts.bytes(),
                counts.dropped(),
                faults.count(),
                source.state(),
                trouble());
        return more;
    }

    private String trouble() {
        String found = trouble.isEmpty() ? source.trouble() : trouble;
        return found.isEmpty() ? faults.trouble().orElse("") : found;
    }

    /** Reads a fair share. Asks for the bans that its lines lead to, even if reading fails halfway. */
    private void readShare() throws IOException {
        try {
            for (int i = 0; more && i < FAIR_CHUNKS; i++) {
                more = readChunk();
            }
        } finally {
            if (!requests.isEmpty()) {
                List<BanRequest> wanted = List.copyOf(requests);
                requests.clear();
                ban(wanted);
            }
        }
    }

    /** Asks for all bans at once. If a bug stops that, asks for each by itself. */
    private void ban(List<BanRequest> wanted) {
        try {
            bans.ban(wanted);
        } catch (RuntimeException | StackOverflowError bug) {
            faults.add(name() + ", bans", bug);
            if (wanted.size() > 1) {
                wanted.forEach(request -> ban(List.of(request)));
            }
        }
    }

    /**
     * Hands the lines of one chunk to the jails. Lines that are repeated after a restart only fill the counters: the
     * bans that they led to were made before, and the operator may have ended them since.
     *
     * @return whether more lines may be there already
     */
    private boolean readChunk() throws IOException {
        boolean rest = source.poll(this::read);
        long now = clock.millis();
        // The rest of an unfinished line may show that the lines before it were forged.
        boolean settled = !rest && !source.isAmid();
        for (int i = 0; settled && i < readers.length; i++) {
            try {
                readers[i].lines.settle(now);
            } catch (RuntimeException | StackOverflowError bug) {
                faults.add(readers[i].place, bug);
            }
        }
        return rest;
    }

    private void read(Line line) {
        boolean repeating = source.isRepeating();
        for (int i = 0; i < readers.length; i++) {
            Reader reader = readers[i];
            try {
                reader.lines.read(line, repeating ? reader.repeated : reader.fresh);
            } catch (RuntimeException | StackOverflowError bug) {
                passOver(reader, line, bug);
            }
        }
    }

    private void passOver(Reader reader, Line line, Throwable bug) {
        faults.add(reader.place, bug);
        try {
            reader.lines.passOver(line);
        } catch (RuntimeException | StackOverflowError again) {
            faults.add(reader.place, again);
        }
    }

    /** Judges a match. Bugs are contained here, since a held line may be judged while another line is read. */
    private void judge(Reader reader, Match match, boolean repeated) {
        try {
            Optional<Jail.Verdict> verdict = reader.jail.judge(match);
            if (verdict.isPresent() && !repeated) {
                requests.add(verdict.get().request());
            }
        } catch (RuntimeException | StackOverflowError bug) {
            faults.add(reader.place, bug);
        }
    }

    /** Returns whether held lines wait to be judged, so that it should be drained again even if nothing is written. */
    boolean isWaiting() {
        boolean waiting = false;
        for (Reader reader : readers) {
            waiting |= reader.lines.isWaiting();
        }
        return waiting;
    }

    boolean hasUnsavedCursor() {
        return source.counts().bytes() != savedBytes && !isWaiting();
    }

    private void saveDueCursor() {
        if (cursorDue.hasCome(clock.instant())) {
            saveCursor();
        }
    }

    /**
     * Saves the place after the last line, unless held lines wait to be judged: then the earlier place stays, and a
     * crash repeats them. If the store fails, reading goes on.
     */
    void saveCursor() {
        String cursor = isWaiting() ? savedCursor : source.cursor();
        if (cursor.isEmpty() || cursor.equals(savedCursor)) {
            return;
        }
        cursorDue = new Due(clock.instant(), CURSOR_PAUSE);
        try {
            cursors.saveCursor(name(), cursor);
            savedCursor = cursor;
            savedBytes = source.counts().bytes();
            cursorFailing = false;
        } catch (IOException | RuntimeException e) {
            if (!cursorFailing) {
                cursorFailing = true;
                log.warn(
                        "could not save how far {} was read; reading goes on, but a restart will read lines twice: {}",
                        name(),
                        e.getMessage());
            }
        }
    }

    String name() {
        return source.name();
    }

    /** Returns the state after the last {@link #drain}. */
    LogStatus status() {
        return status;
    }

    void close() {
        try {
            source.close();
        } catch (IOException e) {
            log.debug("{} does not close: {}", name(), e.getMessage());
        }
    }

    /**
     * A jail and its transcript of the log. A held line is judged later, still marked fresh or repeated as when it was
     * read.
     */
    private final class Reader {
        private final Jail jail;
        private final LogReader lines;
        private final String place;
        private final Consumer<Match> fresh;
        private final Consumer<Match> repeated;

        Reader(Jail jail) {
            this.jail = jail;
            this.lines = jail.open();
            this.place = name() + ", jail " + jail.name();
            this.fresh = match -> judge(this, match, false);
            this.repeated = match -> judge(this, match, true);
        }
    }
}
