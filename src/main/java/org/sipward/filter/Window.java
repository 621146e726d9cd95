package org.sipward.filter;

import java.util.Optional;
import org.sipward.net.IpAddress;
import org.sipward.source.Line;

/**
 * The part of a log in which one kind of block is open, or may be. A caller can write the end of a block too, so the
 * lines behind an end stay in doubt as far as the message that began before can reach.
 *
 * <p>Places are byte counts of the log without the carrier's part of each line. Not thread-safe.
 */
final class Window {
    /** A server writes a message at once. A line that is read so much later is not part of the message. */
    static final long PAUSE_MILLIS = 300;

    /** If the clock goes back by so much, it was set back. */
    private static final long SET_BACK_MILLIS = 5_000;
    /**
     * So many lines are believed that accuse the caller whom a begin names: one packet with a made-up address can hold
     * many.
     */
    private static final int MOST_BELIEVED = 3;

    /** Versions of a server count a message's bytes differently, by at most so many. */
    private static final int CUT_SLACK = 2;

    private final BlockPattern block;
    private long openUntil = -1;
    private long doubtUntil = -1;
    private long cutAt = -1;
    private long since;
    /** The caller whose text is in the block that began last. */
    private Optional<IpAddress> owner = Optional.empty();
    /** The last place that a block of another caller can reach. */
    private long contestedUntil = -1;
    /** Whether the begin names the owner: then lines within the block that accuse the owner are believed. */
    private boolean named;

    private int believed;

    Window(BlockPattern block) {
        this.block = block;
    }

    BlockPattern block() {
        return block;
    }

    /** Returns whether a line at this place is in an open block, or in doubt. */
    boolean reaches(long place) {
        return place <= doubtUntil;
    }

    /** Returns whether the block that began last has not ended before this place. */
    boolean isOpen(long place) {
        return place <= openUntil;
    }

    /**
     * Returns whether a line at this place is not believed: a block is open, and the line does not accuse its owner.
     *
     * @param match what was read out of the line, if anything
     */
    boolean forges(long place, Optional<Match> match) {
        if (!isOpen(place)) {
            return false;
        }
        if (!named || place <= contestedUntil) {
            return true;
        }
        boolean speaks = match.filter(read -> read.address().isPresent()).isPresent();
        return speaks && (doubts(place, match.orElseThrow()) || ++believed > MOST_BELIEVED);
    }

    /**
     * Returns whether the owner may have forged this line: a success for themselves, or a failure of another address.
     */
    boolean doubts(long place, Match match) {
        return owner.isEmpty()
                || place <= contestedUntil
                || match.kind() == Match.Kind.SUCCESS
                || !owner.equals(match.address());
    }

    /** Returns the last place that the blocks can reach which have begun so far. */
    long doubtUntil() {
        return doubtUntil;
    }

    /**
     * Returns whether the line that ends at this place ends the block: by its text, or because the server cut it there.
     */
    boolean ends(Line line, int from, long place) {
        return block.showsEnd(line, from) || (cutAt >= 0 && Math.abs(place - cutAt) <= CUT_SLACK);
    }

    /**
     * Notes that a block begins on the line at this place.
     *
     * @param endsToo whether the block ends on the same line
     * @param accused the address that the line accuses, if any
     */
    void begin(long place, BlockPattern.Begin begin, boolean endsToo, Optional<IpAddress> accused, long now) {
        long until = place + begin.text() - begin.carrier() + begin.bytes();
        boolean fresh = !reaches(place);
        Optional<IpAddress> caller =
                block.isHeld() ? Optional.empty() : begin.caller().or(() -> accused);
        contestedUntil = caller.equals(owner) ? contestedUntil : doubtUntil;
        owner = caller;
        named = begin.caller().isPresent();
        believed = 0;
        if (!endsToo) {
            openUntil = isOpen(place) ? Math.max(openUntil, until) : until;
            cutAt = begin.cut() ? until : -1;
        }
        doubtUntil = fresh ? until : Math.max(doubtUntil, until);
        since = now;
    }

    /** Notes that the block has ended, or that a caller has written its end. */
    void end() {
        if (!block.isShort()) {
            openUntil = -1;
        }
    }

    /** Forgets blocks that began a while ago. Call it only when the log was read to its end. */
    void settle(long now) {
        if (isOver(since, now)) {
            forget();
        }
    }

    /** Forgets all blocks. */
    void forget() {
        openUntil = -1;
        doubtUntil = -1;
        contestedUntil = -1;
        cutAt = -1;
    }

    /** Returns whether a message that came at this time has ended by now. */
    static boolean isOver(long since, long now) {
        return now - since >= PAUSE_MILLIS || since - now >= SET_BACK_MILLIS;
    }
}
