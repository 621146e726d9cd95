package org.sipward.filter;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Matches that wait, because a caller may have written their lines. A match is handed on when the line is known to be
 * the server's. It is given up, which means that it is handed on as suspicious, when the line is known to be the
 * caller's.
 *
 * <p>Methods that are called for each failure are plain loops: in the agent's JVM a lambda that captures something
 * costs as much as reading a dozen bytes.
 *
 * <p>Memory is bounded: beyond {@link #MAX} matches the oldest is given up. Not thread-safe.
 */
final class HeldMatches {
    /** More than there is room for in one message of Asterisk, which has 8 kB. They take half a megabyte. */
    static final int MAX = 1_024;

    private final Deque<Entry> entries = new ArrayDeque<>();

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /**
     * Holds a match back.
     *
     * @param blocks the bits of the blocks that may reach over its line
     * @param until the last place at which an end can show that the line was forged
     * @param now when the line came, in milliseconds since 1970
     */
    void add(Match match, Consumer<Match> found, long blocks, long until, long now) {
        entries.addLast(new Entry(match, found, blocks, until, now));
        if (entries.size() > MAX) {
            entries.removeFirst().giveUp();
        }
    }

    /** Gives up the matches that one of these blocks has reached over, as its end at this place shows. */
    void giveUp(long blocks, long place) {
        for (Iterator<Entry> all = entries.iterator(); blocks != 0 && all.hasNext(); ) {
            Entry entry = all.next();
            if ((entry.blocks & blocks) != 0 && entry.until >= place) {
                all.remove();
                entry.giveUp();
            }
        }
    }

    /** Gives up everything. */
    void giveUp() {
        take(entry -> true, Entry::giveUp);
    }

    /** Hands on the matches that no block can reach any more from this place on. */
    void release(long place) {
        for (Iterator<Entry> all = entries.iterator(); all.hasNext(); ) {
            Entry entry = all.next();
            if (entry.until < place) {
                all.remove();
                entry.handOn();
            }
        }
    }

    /** Hands on the matches that have waited for long enough. */
    void settle(long now) {
        take(entry -> Window.isOver(entry.since, now), Entry::handOn);
    }

    /** Hands on everything. */
    void end() {
        take(entry -> true, Entry::handOn);
    }

    private void take(Predicate<Entry> which, Consumer<Entry> sink) {
        for (Iterator<Entry> all = entries.iterator(); all.hasNext(); ) {
            Entry entry = all.next();
            if (which.test(entry)) {
                all.remove();
                sink.accept(entry);
            }
        }
    }

    private record Entry(Match match, Consumer<Match> found, long blocks, long until, long since) {
        void handOn() {
            found.accept(match);
        }

        void giveUp() {
            found.accept(match.disbelieved());
        }
    }
}
