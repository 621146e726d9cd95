package org.sipward.kernel;

import java.io.IOException;

/**
 * Finds runs of pages that are still as they are in their file, from what /proc/PID/pagemap says about each page in
 * turn. A page that the program has changed is in no run: the kernel could only swap it.
 */
final class PageRuns {
    private static final long PRESENT = 1L << 63;
    private static final long SWAPPED = 1L << 62;
    private static final long OF_FILE = 1L << 61;

    private final Taker taker;
    private long next;
    private long from;
    private boolean open;
    private boolean inMemory;

    /** @param taker gets each run that has a page in memory */
    PageRuns(Taker taker) {
        this.taker = taker;
    }

    /** Takes what the kernel says about the next page. */
    void add(long page) throws IOException {
        boolean changed = (page & SWAPPED) != 0 || ((page & PRESENT) != 0 && (page & OF_FILE) == 0);
        if (changed) {
            end();
        } else {
            from = open ? from : next;
            open = true;
            inMemory |= (page & PRESENT) != 0;
        }
        next++;
    }

    /** Ends the last run. */
    void end() throws IOException {
        if (open && inMemory) {
            taker.take(from, next - from);
        }
        open = false;
        inMemory = false;
    }

    /** Gets runs. */
    @FunctionalInterface
    interface Taker {
        /**
         * Takes a run.
         *
         * @param first the number of its first page, from 0
         * @param count how many pages it has, of which some may not be in memory
         */
        void take(long first, long count) throws IOException;
    }
}
