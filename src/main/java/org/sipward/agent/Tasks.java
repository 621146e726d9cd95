package org.sipward.agent;

import java.io.Closeable;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs recurring work on a few threads. A task never runs twice at once, and a task that fails is logged once, goes on
 * being run, and is logged again when it works again.
 *
 * <p>Thread-safe.
 */
final class Tasks implements Closeable {
    /** What work returns that is not to be run again. */
    static final Duration END = Duration.ofSeconds(-1);

    private static final Logger log = LoggerFactory.getLogger(Tasks.class);
    private static final int STOP_SECONDS = 5;

    private final ScheduledExecutorService pool;

    /** Makes so many threads, with this name. */
    Tasks(int threads, String name) {
        pool = Executors.newScheduledThreadPool(threads, work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Runs the work after each pause, until the tasks are closed. */
    void every(Duration pause, String name, Work work) {
        repeat(pause, name, () -> {
            work.run();
            return pause;
        });
    }

    /** Runs the work after the first pause, and then each time after the pause that it returned. */
    Task repeat(Duration first, String name, Callable<Duration> work) {
        Task task = new Task(name, work, first);
        task.schedule();
        return task;
    }

    /** Lets running tasks end, for five seconds at most. */
    @Override
    public void close() {
        pool.shutdownNow();
        try {
            if (!pool.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                log.warn("a task is still at work after {} s and is left behind", STOP_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Work that may fail. */
    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }

    /** One recurring task. */
    final class Task {
        private final String name;
        private final Callable<Duration> work;
        private Duration pause;
        private boolean failing;
        private boolean running;
        private boolean wanted;
        private @Nullable Future<?> next;

        private Task(String name, Callable<Duration> work, Duration pause) {
            this.name = name;
            this.work = work;
            this.pause = pause;
        }

        /** Runs the task as soon as a thread is free; once more, if it is running now. */
        synchronized void runSoon() {
            if (next == null) {
                wanted = true;
            } else if (next.cancel(false)) {
                pause = Duration.ZERO;
                schedule();
            }
        }

        private synchronized void schedule() {
            running = false;
            Duration after = wanted ? Duration.ZERO : pause;
            wanted = false;
            if (!after.isNegative() && !pool.isShutdown()) {
                next = pool.schedule(this::run, after.toMillis(), TimeUnit.MILLISECONDS);
            }
        }

        /** Returns false if it is running: a run that was asked for at that moment follows by itself. */
        private synchronized boolean begin() {
            if (running) {
                wanted = true;
                return false;
            }
            running = true;
            next = null;
            return true;
        }

        private void run() {
            if (!begin()) {
                return;
            }
            try {
                pause = work.call();
                if (failing) {
                    failing = false;
                    log.info("{} works again", name);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (Exception | Error e) {
                // An Error too: a task that ends for good without a word is worse.
                if (!failing) {
                    failing = true;
                    log.error("{} failed and will be tried again: {}", name, e.toString());
                    log.debug("{} failed", name, e);
                }
            }
            schedule();
        }
    }
}
