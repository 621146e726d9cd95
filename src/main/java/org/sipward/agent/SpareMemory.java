package org.sipward.agent;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.sipward.kernel.FilePages;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives memory back to the system that was needed only for a while, as at the start or for reading a whole list. By
 * itself the virtual machine collects garbage only when the heap is full; an idle agent would keep its largest heap for
 * ever. And the kernel keeps the code that was read from files.
 *
 * <p>Thread-safe.
 */
final class SpareMemory {
    private static final Logger log = LoggerFactory.getLogger(SpareMemory.class);
    /** The heap is collected only if it has grown by more than this. */
    private static final long WORTHWHILE = 1 << 20;
    /** Rare work in a row, such as several commands, is one piece of work. */
    private static final Duration AFTER_WORK = Duration.ofSeconds(2);

    /** Pages are not given back more often: those in frequent use would be read from the disk each time. */
    private static final Duration SELDOM = Duration.ofMinutes(1);

    /** Bans need code, too, and are often not rare. */
    private static final Duration RARELY = Duration.ofMinutes(30);

    private final Runtime runtime = Runtime.getRuntime();
    private final Optional<Tasks.Task> pages;
    private long kept;
    private volatile long lastNanos = System.nanoTime() - SELDOM.toNanos();

    /** Gives pages of files back soon after this start. */
    SpareMemory(Tasks tasks) {
        pages = FilePages.canBeGivenBack()
                ? Optional.of(tasks.repeat(AFTER_WORK, "giving pages back", this::givePagesBack))
                : Optional.empty();
    }

    /**
     * Collects garbage if the heap has grown. Costs nothing if the heap has not grown since the last collection;
     * otherwise a collection: some 40 ms of CPU.
     */
    void giveBack() {
        if (collect()) {
            workDone();
        }
    }

    private synchronized boolean collect() {
        if (runtime.totalMemory() <= kept + WORTHWHILE) {
            return false;
        }
        System.gc();
        kept = runtime.totalMemory();
        return true;
    }

    /** Announces that rare work was done: soon the pages of files that it needed are given back. */
    void workDone() {
        boolean often = System.nanoTime() - lastNanos < SELDOM.toNanos();
        pages.ifPresent(task -> task.postpone(often ? SELDOM : AFTER_WORK));
    }

    /** If the kernel is too old, it keeps the pages until it needs them. */
    private Duration givePagesBack() {
        // First, because it needs pages, too.
        collect();
        try {
            FilePages.giveBack();
        } catch (IOException e) {
            log.debug("pages of files are not given back: {}", e.getMessage());
        }
        lastNanos = System.nanoTime();
        return RARELY;
    }
}
