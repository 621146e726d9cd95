package org.sipward.ban;

import java.util.Arrays;

/**
 * The rows of bans, each in the queue of its rank, in the order in which they came in.
 *
 * <p>Every step costs the same, however many rows there are. Memory: 8 bytes for a row. Not thread-safe.
 */
final class Queues {
    static final int NONE = -1;
    private static final int LEAST = 64;
    private static final int RANKS = Rank.values().length;

    private final int[] first = new int[RANKS];
    private final int[] last = new int[RANKS];
    private final int[] counts = new int[RANKS];
    private int[] before = new int[LEAST];
    private int[] behind = new int[LEAST];

    Queues() {
        Arrays.fill(first, NONE);
        Arrays.fill(last, NONE);
    }

    int count(Rank rank) {
        return counts[rank.queue()];
    }

    /** Returns the row that came in first, or {@link #NONE}. */
    int first(Rank rank) {
        return first[rank.queue()];
    }

    /** Returns the row that came in next after this one, or {@link #NONE}. */
    int behind(int row) {
        return behind[row];
    }

    /** Puts a row at the end of a queue; it must be in none. */
    void append(int row, Rank rank) {
        if (row >= before.length) {
            resize(Math.max(row + 1, before.length + before.length / 2));
        }
        int queue = rank.queue();
        before[row] = last[queue];
        behind[row] = NONE;
        join(row, queue);
        counts[queue]++;
    }

    /** Takes a row out of the queue that it is in. */
    void remove(int row, Rank rank) {
        int queue = rank.queue();
        setBehind(before[row], behind[row], queue);
        setBefore(behind[row], before[row], queue);
        counts[queue]--;
    }

    /** Gives a row another number, which is free; its place in its queue stays. */
    void move(int from, int to, Rank rank) {
        before[to] = before[from];
        behind[to] = behind[from];
        join(to, rank.queue());
    }

    /** Gives memory back where there are far fewer rows than there were: so many, with the numbers from 0 on. */
    void trim(int rows) {
        if (before.length > LEAST && 4 * rows < before.length) {
            resize(Math.max(LEAST, before.length / 2));
        }
    }

    /** Lets the neighbours of a row, or the ends of its queue, know its number. */
    private void join(int row, int queue) {
        setBehind(before[row], row, queue);
        setBefore(behind[row], row, queue);
    }

    private void setBehind(int row, int next, int queue) {
        if (row == NONE) {
            first[queue] = next;
        } else {
            behind[row] = next;
        }
    }

    private void setBefore(int row, int previous, int queue) {
        if (row == NONE) {
            last[queue] = previous;
        } else {
            before[row] = previous;
        }
    }

    private void resize(int length) {
        before = Arrays.copyOf(before, length);
        behind = Arrays.copyOf(behind, length);
    }
}
