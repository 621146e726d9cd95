package org.sipward.filter;

import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.sipward.filter.BlockPattern.Begin;
import org.sipward.net.IpAddress;
import org.sipward.source.Line;

/**
 * Judges each line of a log by the lines before it. A line by itself does not show whether it is a record, or part of a
 * caller's text that goes over several lines in one of the filter's blocks.
 *
 * <p>A line within such a block is suspicious: it accuses nobody. A caller can write the end of a block too, so a match
 * behind an end waits until the block cannot reach it any more: because as many bytes came as its message can have, or
 * because no more line came for a while ({@link #settle}). If another end comes first, the end before was forged, and
 * the matches that waited become suspicious. Time stamps do not count here, because a caller can write them too. A
 * filter with a secret word needs none of this for most blocks: the word in a record's time stamp proves that the
 * server has written the record.
 *
 * <p>Memory is bounded, see {@link HeldMatches} and {@link Joined}. Not thread-safe.
 */
final class Transcript {
    /** The name of lines that say something, but are too long to be read. */
    private static final String TOO_LONG = "too-long";

    private final Filter filter;
    private final LineReader lines;
    private final LogClock clock;
    private final Windows windows;
    private final HeldMatches held = new HeldMatches();
    private final Gap gap = new Gap();
    private @Nullable Joined joined;
    private Consumer<Match> joinedFound = match -> {};
    /**
     * Where the next line begins: the bytes of the log so far, without the carrier's part of each line while any block
     * is open.
     */
    private long place;
    /** The last place that any block can reach which has begun so far. */
    private long farthest = -1;

    private int carrier;
    private boolean waiting;

    Transcript(Filter filter, LineReader lines, LogClock clock) {
        this.filter = filter;
        this.lines = lines;
        this.clock = clock;
        this.windows = new Windows(filter);
    }

    /** Skips a line that says nothing whatever it holds: a piece of a longer one. */
    void skip(Line line) {
        giveUpAll(line.arrival());
        place += line.length() + 1;
    }

    /** Skips a line that nobody has read: any message may have begun on it. */
    void passOver(Line line) {
        skip(line);
        doubt(clock.of(line));
    }

    /** Moves on by as many bytes of a line that is too long; back if the number is negative. */
    void advance(int bytes) {
        place += bytes;
    }

    /**
     * Reads the beginning of a line that is too long. Any block may end, and any message begin, on the rest of the
     * line.
     *
     * @return whether it looks as if it said something
     */
    boolean readStart(Line line, Consumer<Match> found) {
        giveUpAll(line.arrival());
        boolean says = lines.look(line);
        if (says) {
            found.accept(Match.suspicious(TOO_LONG, Optional.empty(), line.arrival(), line.isLive()));
            for (Window window : windows.all()) {
                lines.begin(window.block())
                        .filter(begin -> !filter.tellsLast())
                        .ifPresent(begin -> open(window, begin, false, Optional.empty(), line));
            }
        }
        return says;
    }

    /** Notes that any message that may have begun on this line may go on behind it. */
    void goOnAfter(Line line, int carried) {
        if (filter.hasSecretWord() || filter.glue().isEmpty()) {
            return;
        }
        if (carried < 0 || !filter.tellsLast()) {
            doubtNext(line);
            return;
        }
        for (Window window : windows.all()) {
            BlockPattern block = window.block();
            if (block.mayGoOn(Rest.end(line, block.bytes()))) {
                open(window, Begin.behind(line, carried, block.bytes()), false, Optional.empty(), line);
            }
        }
    }

    /** Doubts the next lines, if the server may have glued messages to a line that nobody has read. */
    void doubtNext(Line line) {
        long arrival = clock.of(line);
        if (!filter.hasSecretWord() && filter.glue().isPresent()) {
            doubt(arrival);
        }
    }

    private void doubt(long arrival) {
        if (windows.count() > 0) {
            gap.open(Math.min(windows.longest(), Gap.MESSAGE_BYTES), arrival);
            carrier = waiting ? carrier : 0;
            waiting = true;
        }
    }

    /**
     * Reads the next line.
     *
     * @return whether it says anything, or may be part of a message that does
     */
    boolean read(Line line, Consumer<Match> found) {
        boolean says = lines.look(line);
        boolean glued = lines.isGlued();
        if (glued) {
            giveUpAll(line.arrival());
        }
        Joined open = joined;
        boolean record = open != null && lines.isRecord(line);
        if (open != null && record && !open.isHeld()) {
            giveUp(open, line.arrival());
            open = null;
        }
        boolean any = open == null ? readRecord(says, line, line, found) : join(open, line, record, found);
        if (glued) {
            goOnAfter(line, lines.carrier());
        }
        place += Math.max(0, line.length() - (waiting ? carrier : 0)) + 1;
        gap.pass(line);
        return any;
    }

    /** Gives up all that waits: the matches are handed on as suspicious. */
    private void giveUpAll(long arrival) {
        giveUp(joined, arrival);
        held.release(place);
        held.giveUp();
    }

    /** Hands on what has waited for long enough, see {@link LogReader#settle}. */
    void settle(long now) {
        gap.settle(now);
        if (!waiting) {
            return;
        }
        giveUp(joined != null && joined.isLate(now) ? joined : null, now);
        held.settle(now);
        windows.settle(now);
        waiting = isAnythingOpen();
    }

    /** Hands on all that waits: no line will come any more. */
    void end() {
        giveUp(joined, joined == null ? 0 : joined.since());
        held.end();
        windows.forget();
        waiting = false;
    }

    /** Returns whether anything waits, or is in doubt. */
    boolean isWaiting() {
        return waiting;
    }

    /**
     * Reads a record that was looked at.
     *
     * @param says whether the look showed that it may say something
     * @param last its last line: the record itself, unless lines were joined
     */
    private boolean readRecord(boolean says, Line record, Line last, Consumer<Match> found) {
        held.release(place);
        boolean inDoubt = waiting && (place <= farthest || !held.isEmpty());
        if (!says && !inDoubt) {
            return false;
        }
        Optional<Match> read = lines.match();
        Optional<IpAddress> accused = read.flatMap(Match::address);
        boolean within = inDoubt && windows.isAnyOpen(place);
        boolean forged = (within && windows.forge(place, read)) || gap.isOpen() || lines.isGlued();
        Optional<Match> match = within ? read.map(Match::unproven) : read;
        long doubted = 0;
        long until = -1;
        long ended = record == last && inDoubt ? windows.ended(last, place, carrier) : 0;
        // No block begins on a joined record: its lines have been looked at one by one.
        long begun = record == last ? lines.begun() : 0;
        for (int i = 0; i < windows.count() && (waiting || begun != 0); i++) {
            Window window = windows.get(i);
            boolean reaches = waiting && window.reaches(place);
            boolean mayBegin = (begun & window.block().bit()) != 0;
            if (!reaches && !mayBegin) {
                continue;
            }
            boolean passed = !reaches && !forged && (ended & windows.brief()) == 0 && isWhole(window.block(), accused);
            Optional<Begin> begin = mayBegin && !passed ? lines.begin(window.block()) : Optional.empty();
            if (begin.isPresent()) {
                boolean ends = window.block().ends(last, begin.get().end());
                // A whole message ends no other one. A short text has no room for both a forged end and a begin.
                ended &= window.block().isShort()
                        ? ~windows.brief()
                        : ends ? ~window.block().bit() : -1;
                if (window.block().isJoined() && !ends && !forged) {
                    join(window, begin.get(), last, found);
                    held.giveUp(ended, place);
                    return true;
                }
                // The end of this message was lost, so the rest of its line may be anybody's.
                forged |= !ends && window.block().isShort() && window.block().isHeld();
                if (!ends || !window.block().isWholeAlone()) {
                    open(window, begin.get(), ends, accused, last);
                }
            }
            boolean doubts = reaches || (window.block().isHeld() && window.reaches(place));
            if (doubts && match.isPresent() && window.doubts(place, match.get())) {
                doubted |= window.block().bit();
                until = Math.max(until, window.doubtUntil());
            }
        }
        if (match.isPresent()) {
            if (forged) {
                found.accept(match.get().disbelieved());
            } else if (doubted != 0 && accused.isPresent()) {
                held.add(match.get(), found, doubted, until, clock.of(last));
            } else {
                found.accept(match.get());
            }
        }
        held.giveUp(ended, place);
        return match.isPresent();
    }

    /**
     * Returns whether a line needs no other to be joined to it, because it says something by itself or ends the block.
     */
    private boolean isWhole(BlockPattern block, Optional<IpAddress> accused) {
        return block.isWholeAlone() && (accused.isPresent() || lines.isWhole(block));
    }

    /** Adds a line to the record that is being joined. By itself the line accuses nobody. */
    private boolean join(Joined open, Line line, boolean record, Consumer<Match> found) {
        held.release(place);
        boolean ends = open.add(line);
        if (ends && !record) {
            joined = null;
            Line whole = open.line(line);
            readRecord(lines.look(whole), whole, line, joinedFound);
        } else {
            lines.match().ifPresent(match -> found.accept(match.disbelieved()));
        }
        // If another message ends on this line, the joined message is a forgery within it.
        long ended = windows.ended(line, place, carrier) & ~open.block().bit();
        held.giveUp(ended, place);
        if (joined == open && (ended != 0 || ends || open.isTooLong())) {
            giveUp(open, line.arrival());
        }
        return true;
    }

    private void join(Window window, Begin begin, Line line, Consumer<Match> found) {
        joined = new Joined(window.block(), begin, line, clock.of(line));
        // No real phone has a line break in its name, so such a record never counts as a login.
        joinedFound = match -> found.accept(match.kind() == Match.Kind.SUCCESS ? match.disbelieved() : match);
        open(window, begin, true, Optional.empty(), line);
    }

    private void open(Window window, Begin begin, boolean ends, Optional<IpAddress> accused, Line line) {
        // A caller can write a carrier's part too, but cannot leave the real one out: the shortest counts.
        carrier = waiting ? Math.min(carrier, begin.carrier()) : begin.carrier();
        waiting = true;
        window.begin(place, begin, ends, accused, clock.of(line));
        farthest = Math.max(farthest, window.doubtUntil());
    }

    private void giveUp(@Nullable Joined open, long arrival) {
        if (open == null) {
            return;
        }
        joined = null;
        joinedFound.accept(Match.suspicious(open.block().name(), Optional.empty(), arrival, false));
    }

    private boolean isAnythingOpen() {
        return joined != null || !held.isEmpty() || gap.isOpen() || windows.reach(place);
    }
}
