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
import org.sipward.filter.Match;
import org.sipward.filter.Transcript;
import org.sipward.jail.Jail;
import org.sipward.source.Faults;
import org.sipward.source.Line;
import org.sipward.source.LogSource;
import org.sipward.source.SourceState;
import org.sipward.store.CursorStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries the lines of one source to its jails, and what they ask for to the ban list.
 *
 * <p>A mistake in this program that a line brings to light ends nothing: for that jail the line is passed over, which is
 * counted, said and reported ({@link Faults}).
 *
 * <p>The log file is the queue: while store or firewall work, nothing is read. Not thread-safe: the thread that reads
 * logs owns it. What {@link #report} returns may be read by any thread.
 */
final class Pipeline {
    /** A cursor is saved at most this often, for the store syncs its disk; lines that are read twice after a crash do no harm. */
    static final Duration CURSOR_PAUSE = Duration.ofSeconds(5);

    /**
     * A log that is flooded must not keep the others from being read, nor the bans that it leads to from being carried out:
     * two megabytes, 25 ms of work when its code is warm, then it is their turn.
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
    private long savedAt;
    /** How much had been read when the cursor was saved. */
    private long savedBytes;

    private String trouble = "";
    private boolean more;
    private boolean cursorFailing;
    private volatile Report report;

    Pipeline(LogSource source, BanList bans, CursorStore cursors, Clock clock) {
        this.source = source;
        this.bans = bans;
        this.cursors = cursors;
        this.clock = clock;
        this.report = new Report(source.name(), List.of(), 0, 0, 0, 0, source.state(), source.trouble());
    }

    /** Notes that something may have been written. */
    void expectMore() {
        more = true;
    }

    /** Returns whether there may be something to be read: the last {@link #drain} left it, it was noted, or the source knows. */
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
     * Takes in what there is now, but no more than a fair share. All bans that come of it are one transaction of the store and
     * one of the firewall; both have them before the cursor is saved: a crash repeats lines, it never skips them. A log that
     * cannot be read is said once, and tried again by the next call.
     *
     * @return whether there may be more at once
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
                log.warn("{} cannot be read and is tried again: {}", name, e.getMessage());
            }
            trouble = String.valueOf(e.getMessage());
        } catch (RuntimeException | StackOverflowError bug) {
            more = false;
            faults.add(name, bug);
        }
        report = new Report(
                name,
                names,
                source.lines(),
                source.bytes(),
                source.droppedLines(),
                faults.count(),
                source.state(),
                trouble());
        return more;
    }

    private String trouble() {
        String found = trouble.isEmpty() ? source.trouble() : trouble;
        return found.isEmpty() ? faults.trouble().orElse("") : found;
    }

    /** Reads a fair share, and has those banned who have earned it, also by what was read before a failure. */
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

    /** Where a mistake stands against all of them at once, each is tried by itself. */
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
     * Hands the lines of one chunk to the jails. Lines that are repeated after a restart only warm the counters: what they
     * asked for was done, and the operator may have undone it since.
     *
     * @return whether there may be more at once
     */
    private boolean readChunk() throws IOException {
        boolean rest = source.poll(this::read);
        long now = clock.millis();
        // What is not finished yet may be what shows a forgery.
        boolean settled = !rest && !source.isAmid();
        for (int i = 0; settled && i < readers.length; i++) {
            try {
                readers[i].transcript.settle(now);
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
                reader.transcript.read(line, repeating ? reader.repeated : reader.fresh);
            } catch (RuntimeException | StackOverflowError bug) {
                passOver(reader, line, bug);
            }
        }
    }

    private void passOver(Reader reader, Line line, Throwable bug) {
        faults.add(reader.place, bug);
        try {
            reader.transcript.passOver(line);
        } catch (RuntimeException | StackOverflowError again) {
            faults.add(reader.place, again);
        }
    }

    /** Contained here as well: what has waited in a transcript is handed on with lines of others. */
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

    /** Returns whether it should be drained again within a second though nothing was written. */
    boolean isWaiting() {
        boolean waiting = false;
        for (Reader reader : readers) {
            waiting |= reader.transcript.isWaiting();
        }
        return waiting;
    }

    boolean hasUnsavedCursor() {
        return source.bytes() != savedBytes && !isWaiting();
    }

    private void saveDueCursor() {
        long now = clock.millis();
        // A clock that was set back makes it due.
        if (now - savedAt >= CURSOR_PAUSE.toMillis() || savedAt > now) {
            saveCursor();
        }
    }

    /**
     * Saves the place behind the last line, unless something waits: from the place before it a crash repeats lines. A store
     * that fails does not end the reading of logs.
     */
    void saveCursor() {
        String cursor = isWaiting() ? savedCursor : source.cursor();
        if (cursor.isEmpty() || cursor.equals(savedCursor)) {
            return;
        }
        savedAt = clock.millis();
        try {
            cursors.saveCursor(name(), cursor);
            savedCursor = cursor;
            savedBytes = source.bytes();
            cursorFailing = false;
        } catch (IOException | RuntimeException e) {
            if (!cursorFailing) {
                cursorFailing = true;
                log.warn("cursor of {} cannot be saved, a restart will read lines twice: {}", name(), e.getMessage());
            }
        }
    }

    String name() {
        return source.name();
    }

    /** Returns how it stood after the last {@link #drain}. */
    Report report() {
        return report;
    }

    void close() {
        try {
            source.close();
        } catch (IOException e) {
            log.debug("{} does not close: {}", name(), e.getMessage());
        }
    }

    /** A jail, and the log as it reads it. What waits is judged later, but as what it was when it was read. */
    private final class Reader {
        private final Jail jail;
        private final Transcript transcript;
        private final String place;
        private final Consumer<Match> fresh;
        private final Consumer<Match> repeated;

        Reader(Jail jail) {
            this.jail = jail;
            this.transcript = jail.open();
            this.place = name() + ", jail " + jail.name();
            this.fresh = match -> judge(this, match, false);
            this.repeated = match -> judge(this, match, true);
        }
    }

    /**
     * How a source is being read.
     *
     * @param jails the names of the jails it is read for
     * @param dropped how many lines were passed over
     * @param faults how many were passed over because of a mistake in this program, for each jail
     * @param state how it stands
     * @param trouble what is wrong, in words, or empty
     */
    record Report(
            String name,
            List<String> jails,
            long lines,
            long bytes,
            long dropped,
            long faults,
            SourceState state,
            String trouble) {}
}
