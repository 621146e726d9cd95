package org.sipward.filter;

import java.time.ZoneId;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.sipward.filter.BlockPattern.Begin;
import org.sipward.net.IpAddress;
import org.sipward.source.Line;

/**
 * One log as one filter reads it, line by line, in order. It knows what no single line tells: where a sender's text may
 * reach over several lines (the filter's blocks).
 *
 * <p>A line within such a block accuses nobody: it is suspicious. A sender can write the end of the block as well, so
 * what is read behind an end waits until the block cannot reach it any more: by the bytes that its message can have, or
 * because nothing more came for a while ({@link #settle}). If another end comes before, it was forged, and what
 * waited is suspicious. Time stamps decide nothing here, because a sender writes them too. Lines that a secret word in
 * their time stamp shows to be the server's need none of this.
 *
 * <p>Memory is bounded, see {@link HeldMatches} and {@link Joined}. What waits is lost in a crash, unless the log is read again
 * from before it: save no cursor while {@link #isWaiting}. Not thread-safe: the thread that reads the log owns it.
 */
public final class Transcript {
    /** What lines are called that say something, but are too long to be read. */
    private static final String TOO_LONG = "too-long";

    private final Filter filter;
    private final ZoneId zone;
    private final FirstLook look;
    private final Windows windows;
    private final HeldMatches held = new HeldMatches();
    private final ContainerLog container = new ContainerLog();
    private @Nullable Joined joined;
    private Consumer<Match> joinedFound = match -> {};
    private final LogClock clock;
    private long place;
    private boolean waiting;
    /** The last place that any block can reach which began so far. */
    private long farthest = -1;

    private final Gap gap = new Gap();
    private @Nullable LongLine longLine;
    private int carrier;

    /**
     * Begins to read a log.
     *
     * @param zone of time stamps that name none
     */
    public Transcript(Filter filter, ZoneId zone) {
        this.filter = filter;
        this.zone = zone;
        this.look = filter.look();
        windows = new Windows(filter);
        clock = new LogClock(filter, zone);
    }

    /**
     * Reads the next line, and hands on what it says, if anything: at once, or later from within another call.
     *
     * @return whether it says anything, or may be part of what does
     */
    public boolean read(Line record, Consumer<Match> found) {
        if (waiting && clock.goesByStamps()) {
            settle(clock.settled(record));
        }
        if (record.part() == Line.Part.MIDDLE || record.part() == Line.Part.END) {
            goOn(record, found);
            return false;
        }
        if (longLine != null) {
            // Its end never came.
            longLine = null;
            openGap(clock.of(record));
        }
        Line line = filter.unwrapCarrier(record);
        if (record.length() > Filter.MAX_LINE_BYTES || line.length() > Filter.MAX_LINE_BYTES) {
            boolean says = pass(line, found);
            LongLine begun = new LongLine(record, LongLine.carrier(line, look));
            place += record.length();
            if (record.part() == Line.Part.BEGIN) {
                longLine = begun;
            } else {
                end(begun, record, found);
            }
            return says;
        }
        if (!container.isPiece(line)) {
            return readLine(line, found);
        }
        giveUpAll(line.arrival());
        place += line.length() + 1;
        return false;
    }

    /**
     * Passes over a line that {@link #read} has failed at. As behind a line that is too long, nothing that waits is
     * believed, nor what follows for as long as a message can reach.
     */
    public void passOver(Line line) {
        giveUpAll(line.arrival());
        place += line.length() + 1;
        doubt(clock.of(line));
    }

    /**
     * Passes over the beginning of a line that is too long: an end may stand in it, and a message have begun in it.
     *
     * @return whether it looks as if it said something
     */
    private boolean pass(Line line, Consumer<Match> found) {
        giveUpAll(line.arrival());
        boolean says = look.at(line);
        if (says) {
            found.accept(Match.suspicious(TOO_LONG, Optional.empty(), line.arrival(), line.isLive()));
            for (Window window : windows.all()) {
                filter.begin(window.block(), look, zone)
                        .filter(begin -> !filter.tellsLast())
                        .ifPresent(begin -> open(window, begin, false, Optional.empty(), line));
            }
        }
        return says;
    }

    private void goOn(Line part, Consumer<Match> found) {
        LongLine open = longLine;
        place += part.length();
        if (open == null) {
            // Its beginning was read before a restart, if at all.
            openGap(clock.of(part));
            return;
        }
        open.add(part);
        if (part.part() == Line.Part.END) {
            longLine = null;
            end(open, part, found);
        }
    }

    /** Reads what is certain of the end of a line that is too long, when the place is behind it. */
    private void end(LongLine open, Line last, Consumer<Match> found) {
        Line bytes = open.line(last);
        place -= bytes.length();
        Line line = open.isWhole() ? filter.unwrapCarrier(bytes) : bytes;
        int certain = Rest.lastOf(line, filter);
        if (certain > 0 && line.length() - certain <= Filter.MAX_LINE_BYTES) {
            place += certain;
            readLine(line.rest(certain), found);
            return;
        }
        goOnBehind(line, open.carrier());
        place += line.length() + 1;
    }

    /** Notes that any message may go on behind this line that may have begun on it. */
    private void goOnBehind(Line line, int carried) {
        if (filter.hasSecretWord() || filter.glue().isEmpty()) {
            return;
        }
        if (carried < 0 || !filter.tellsLast()) {
            openGap(clock.of(line));
            return;
        }
        for (Window window : windows.all()) {
            BlockPattern block = window.block();
            if (block.mayGoOn(Rest.end(line, block.bytes()))) {
                open(window, Begin.behind(line, carried, block.bytes()), false, Optional.empty(), line);
            }
        }
    }

    private void openGap(long arrival) {
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

    private boolean readLine(Line line, Consumer<Match> found) {
        boolean says = look.at(line);
        boolean glued = look.isGlued();
        if (glued) {
            giveUpAll(line.arrival());
        }
        Joined open = joined;
        boolean record = open != null && filter.isRecord(line, zone);
        if (open != null && record && !open.isHeld()) {
            giveUp(open, line.arrival());
            open = null;
        }
        boolean any = open == null ? readRecord(says, line, line, found) : join(open, line, record, found);
        if (glued) {
            goOnBehind(line, LongLine.carrier(line, look));
        }
        place += Math.max(0, line.length() - (waiting ? carrier : 0)) + 1;
        gap.pass(line);
        return any;
    }

    /** Gives up whatever waits. */
    private void giveUpAll(long arrival) {
        giveUp(joined, arrival);
        held.release(place);
        held.giveUp();
    }

    /**
     * Hands on what has waited for {@value Window#PAUSE_MILLIS} ms. Only for a log that was read to its end, else the line may be unread that
     * shows what was forged.
     *
     * @param now milliseconds since 1970, by the clock that the lines' arrivals are of
     */
    public void settle(long now) {
        gap.settle(now);
        if (!waiting) {
            return;
        }
        giveUp(joined != null && joined.isLate(now) ? joined : null, now);
        held.settle(now);
        windows.settle(now);
        waiting = isAnythingOpen();
    }

    /** Hands on all that waits: nothing more will come. */
    public void end() {
        giveUp(joined, joined == null ? 0 : joined.since());
        held.end();
        windows.forget();
        waiting = false;
    }

    /**
     * Lets what waits be settled by the stamps of the lines from now on, as {@link #settle} does by a clock: for old logs. A
     * sender who writes lines can hasten that.
     */
    public void settleByStamps() {
        clock.goByStamps();
    }

    /** Returns whether {@link #settle} should be called within a second, whether a line comes or not. */
    public boolean isWaiting() {
        return waiting;
    }

    /**
     * Reads a record that was looked at.
     *
     * @param says what the look showed
     * @param last its last line, which is the record itself but where lines were joined
     */
    private boolean readRecord(boolean says, Line record, Line last, Consumer<Match> found) {
        held.release(place);
        boolean inDoubt = waiting && (place <= farthest || !held.isEmpty());
        if (!says && !inDoubt) {
            return false;
        }
        Optional<Match> read = filter.match(look, zone);
        Optional<IpAddress> accused = read.flatMap(Match::address);
        boolean within = inDoubt && windows.isAny(window -> window.isOpen(place));
        boolean forged =
                (within && windows.isAny(window -> window.forges(place, read))) || gap.isOpen() || look.isGlued();
        Optional<Match> match = within ? read.map(Match::unproven) : read;
        long doubted = 0;
        long until = -1;
        long ended = record == last && inDoubt ? windows.ended(last, place, carrier) : 0;
        for (int i = 0; i < windows.count(); i++) {
            Window window = windows.get(i);
            boolean reaches = waiting && window.reaches(place);
            // What was joined begins nothing: that was looked at line by line.
            boolean passed = !reaches && !forged && (ended & windows.brief()) == 0 && isWhole(window.block(), accused);
            Optional<Begin> begin =
                    record == last && !passed ? filter.begin(window.block(), look, zone) : Optional.empty();
            if (begin.isPresent()) {
                boolean ends = window.block().ends(last, begin.get().end());
                // A whole message ends no other one. Behind a forged end, a short text has no room for a beginning.
                ended &= window.block().isShort() ? ~windows.brief() : ends ? ~(1L << i) : -1;
                if (window.block().isJoined() && !ends && !forged) {
                    join(window, begin.get(), last, found);
                    held.giveUp(ended, place);
                    return true;
                }
                // What follows the lost end of a message on its line may be anybody's.
                forged |= !ends && window.block().isShort() && window.block().isHeld();
                if (!ends || !window.block().isWholeAlone()) {
                    open(window, begin.get(), ends, accused, last);
                }
            }
            boolean doubts = reaches || (window.block().isHeld() && window.reaches(place));
            if (doubts && match.isPresent() && window.doubts(place, match.get())) {
                doubted |= 1L << i;
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

    /** Returns whether a line needs no other to be joined to it, because it says something by itself or ends the block. */
    private boolean isWhole(BlockPattern block, Optional<IpAddress> accused) {
        return block.isWholeAlone() && (accused.isPresent() || look.isWhole(block));
    }

    /** Adds a line to a record that is being joined; of itself the line accuses nobody. */
    private boolean join(Joined open, Line line, boolean record, Consumer<Match> found) {
        held.release(place);
        boolean ends = open.add(line);
        if (ends && !record) {
            joined = null;
            Line whole = open.line(line);
            readRecord(look.at(whole), whole, line, joinedFound);
        } else {
            filter.match(look, zone).ifPresent(match -> found.accept(match.disbelieved()));
        }
        // The message that is joined may be a forgery itself, which the end of another one shows.
        long ended = windows.ended(line, place, carrier) & ~windows.bit(open.block());
        held.giveUp(ended, place);
        if (joined == open && (ended != 0 || ends || open.isTooLong())) {
            giveUp(open, line.arrival());
        }
        return true;
    }

    private void join(Window window, Begin begin, Line line, Consumer<Match> found) {
        joined = new Joined(window.block(), begin, line, clock.of(line));
        // No phone has a line break in its name: who has one is praised by nothing.
        joinedFound = match -> found.accept(match.kind() == Match.Kind.SUCCESS ? match.disbelieved() : match);
        open(window, begin, true, Optional.empty(), line);
    }

    private void open(Window window, Begin begin, boolean ends, Optional<IpAddress> accused, Line line) {
        // A sender can write a carrier's part as well, but not leave it out.
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
        return joined != null || !held.isEmpty() || gap.isOpen() || windows.isAny(window -> window.reaches(place));
    }
}
