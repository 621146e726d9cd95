package org.sipward.filter;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What was read from lines that may be a sender's own: it waits until it is known that they are the server's, or that
 * they are not.
 *
 * <p>Memory is bounded: beyond {@link #MAX} the oldest is given up. Not thread-safe.
 */
final class HeldMatches {
    /** More than the 8 kB of one message of Asterisk can hold, and half a megabyte. */
    static final int MAX = 1_024;

    private final Deque<Entry> entries = new ArrayDeque<>();

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /**
     * Holds a match back.
     *
     * @param windows the bit of each window that doubts it
     * @param until the last place from which an end can show that it was forged
     */
    void add(Match match, Consumer<Match> found, long windows, long until, long now) {
        entries.addLast(new Entry(match, found, windows, until, now));
        if (entries.size() > MAX) {
            entries.removeFirst().giveUp();
        }
    }

    /** Gives up what these windows doubt: a block has reached over it. */
    void giveUp(long windows, long place) {
        if (windows != 0) {
            take(entry -> (entry.windows & windows) != 0 && entry.until >= place, Entry::giveUp);
        }
    }

    /** Gives up everything. */
    void giveUp() {
        take(entry -> true, Entry::giveUp);
    }

    /** Hands on what no block can reach any more. */
    void release(long place) {
        if (!entries.isEmpty()) {
            take(entry -> entry.until < place, Entry::handOn);
        }
    }

    /** Hands on what has waited long enough. */
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

    private record Entry(Match match, Consumer<Match> found, long windows, long until, long since) {
        void handOn() {
            found.accept(match);
        }

        void giveUp() {
            found.accept(match.disbelieved());
        }
    }
}
