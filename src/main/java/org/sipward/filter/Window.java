package org.sipward.filter;

import java.util.Optional;
import org.sipward.net.IpAddress;
import org.sipward.source.Line;

/**
 * Where in a log one kind of block is open, and how far lines behind its end are in doubt: a sender can write the end as
 * well, so a line is beyond doubt only when no message that began before it can reach it.
 *
 * <p>Places are byte counts of the log without the carrier's part of each line. Not thread-safe.
 */
final class Window {
    /** A server writes a message at once; a line that is read this much later is not part of it. */
    static final long PAUSE_MILLIS = 300;

    /** A clock that is back by so much was set back. */
    private static final long SET_BACK_MILLIS = 5_000;
    /** As many lines are believed of the sender whom a begin names: a packet with his address made up can hold many. */
    private static final int MOST_BELIEVED = 3;

    /** Versions differ by so much in what they count. */
    private static final int CUT_SLACK = 2;

    private final BlockPattern block;
    private long openUntil = -1;
    private long doubtUntil = -1;
    private long cutAt = -1;
    private long since;
    /** Who began the last block; and how far those reach that began before, and were not his. */
    private Optional<IpAddress> owner = Optional.empty();

    private long contestedUntil = -1;
    /** Whether the begin names its sender, so that what accuses him is believed where nothing else is. */
    private boolean named;

    private int believed;

    Window(BlockPattern block) {
        this.block = block;
    }

    BlockPattern block() {
        return block;
    }

    /** Returns whether a line at this place is part of a block, or in doubt. */
    boolean reaches(long place) {
        return place <= doubtUntil;
    }

    /** Returns whether the block that began last has not ended before this place. */
    boolean isOpen(long place) {
        return place <= openUntil;
    }

    /**
     * Returns whether nothing is believed that is read at this place: a block is open, and it is not about its sender.
     *
     * @param match what was read, or empty if that is not known yet
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

    /** Returns whether its sender may have written this: nobody forges lines that accuse himself, but ones that praise. */
    boolean doubts(long place, Match match) {
        return owner.isEmpty()
                || place <= contestedUntil
                || match.kind() == Match.Kind.SUCCESS
                || !owner.equals(match.address());
    }

    /** Returns the last place that a block can reach which began so far. */
    long doubtUntil() {
        return doubtUntil;
    }

    /** Returns whether the line that ends at this place ends the block, by its text or because the server cut it there. */
    boolean ends(Line line, int from, long place) {
        return block.showsEnd(line, from) || (cutAt >= 0 && Math.abs(place - cutAt) <= CUT_SLACK);
    }

    /** Notes that the block begins on the line at this place; it accuses the address, if any. */
    void begin(long place, BlockPattern.Begin begin, boolean endsToo, Optional<IpAddress> accused, long now) {
        long until = place + begin.text() - begin.carrier() + begin.bytes();
        boolean fresh = !reaches(place);
        Optional<IpAddress> sender =
                block.isHeld() ? Optional.empty() : begin.sender().or(() -> accused);
        contestedUntil = sender.equals(owner) ? contestedUntil : doubtUntil;
        owner = sender;
        named = begin.sender().isPresent();
        believed = 0;
        if (!endsToo) {
            openUntil = isOpen(place) ? Math.max(openUntil, until) : until;
            cutAt = begin.cut() ? until : -1;
        }
        doubtUntil = fresh ? until : Math.max(doubtUntil, until);
        since = now;
    }

    /** Notes that the block has ended, or that the sender says so. */
    void end() {
        if (!block.isShort()) {
            openUntil = -1;
        }
    }

    /** Forgets blocks that began a while ago. Call it only when all was read that there is. */
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

    /** Returns whether a message that came so long ago has ended by now. */
    static boolean isOver(long since, long now) {
        return now - since >= PAUSE_MILLIS || since - now >= SET_BACK_MILLIS;
    }
}
