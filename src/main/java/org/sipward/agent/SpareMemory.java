package org.sipward.agent;

/**
 * Gives memory back that was needed once, as at the start, or for a whole list. The virtual machine by itself collects
 * when a heap is full, and then grows it; one that is at rest would keep for ever what it has grown to.
 *
 * <p>Thread-safe. A call costs nothing while the heap has not grown since the last collection, and else a collection:
 * some 40 ms of CPU.
 */
final class SpareMemory {
    /** By less the heap may grow. */
    private static final long WORTHWHILE = 1 << 20;

    private final Runtime runtime = Runtime.getRuntime();
    private long kept;

    /** Collects garbage if the heap has grown. */
    synchronized void giveBack() {
        if (runtime.totalMemory() > kept + WORTHWHILE) {
            System.gc();
            kept = runtime.totalMemory();
        }
    }
}
