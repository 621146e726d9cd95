package org.sipward.ban;

import java.util.Arrays;

/**
 * Queues of rows, one for each rank. The rows of a queue stay in the order in which they were added.
 *
 * <p>The cost of a call does not depend on the number of rows, except when memory grows or shrinks. Memory: 8 bytes for
 * a row. Not thread-safe.
 */
final class Queues {
    static final int NONE = -1;
    private static final int LEAST = 64;
    private static final int RANKS = Rank.values().length;

    private final int[] first = new int[RANKS];
    private final int[] last = new int[RANKS];
    private final int[] counts = new int[RANKS];
    private int[] before = new int[LEAST];
    private int[] after = new int[LEAST];

    Queues() {
        Arrays.fill(first, NONE);
        Arrays.fill(last, NONE);
    }

    int count(Rank rank) {
        return counts[rank.queue()];
    }

    /** Returns the row that was added first, or {@link #NONE}. */
    int first(Rank rank) {
        return first[rank.queue()];
    }

    /** Returns the row that was added next after this one, or {@link #NONE}. */
    int after(int row) {
        return after[row];
    }

    /** Adds a row at the end of a queue. The row must not be in any queue. */
    void append(int row, Rank rank) {
        if (row >= before.length) {
            resize(Math.max(row + 1, before.length + before.length / 2));
        }
        int queue = rank.queue();
        before[row] = last[queue];
        after[row] = NONE;
        join(row, queue);
        counts[queue]++;
    }

    /** Removes a row from the queue of its rank. */
    void remove(int row, Rank rank) {
        int queue = rank.queue();
        setAfter(before[row], after[row], queue);
        setBefore(after[row], before[row], queue);
        counts[queue]--;
    }

    /** Renumbers a row; the new number must be free. The row keeps its place in its queue. */
    void move(int from, int to, Rank rank) {
        before[to] = before[from];
        after[to] = after[from];
        join(to, rank.queue());
    }

    /** Frees memory if far fewer rows are left, namely {@code rows}, numbered from 0 on. */
    void trim(int rows) {
        if (before.length > LEAST && 4 * rows < before.length) {
            resize(Math.max(LEAST, before.length / 2));
        }
    }

    /** Makes the neighbours of a row, or the ends of its queue, point to the row. */
    private void join(int row, int queue) {
        setAfter(before[row], row, queue);
        setBefore(after[row], row, queue);
    }

    private void setAfter(int row, int next, int queue) {
        if (row == NONE) {
            first[queue] = next;
        } else {
            after[row] = next;
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
        after = Arrays.copyOf(after, length);
    }
}
