package org.sipward.agent;

/**
 * Gives memory back to the system that was needed only for a while, as at the start or for reading a whole list. By
 * itself the virtual machine collects garbage only when the heap is full; an idle agent would keep its largest heap for
 * ever.
 *
 * <p>Thread-safe. A call costs nothing if the heap has not grown since the last collection. If it has, the call costs a
 * collection: some 40 ms of CPU.
 */
final class SpareMemory {
    /** The heap is collected only if it has grown by more than this. */
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
