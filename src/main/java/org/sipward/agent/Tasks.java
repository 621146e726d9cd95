package org.sipward.agent;

import java.io.Closeable;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the agent's recurring work on a few threads. A task never runs twice at once, and a task that fails is logged once,
 * goes on being run, and is logged again when it works again.
 *
 * <p>Tasks that may wait for the network (feeds, the DNS) do not hold up the others: there are as many threads as kinds
 * of waiting.
 */
final class Tasks implements Closeable {
    private static final Logger log = LoggerFactory.getLogger(Tasks.class);
    private static final int THREADS = 3;
    private static final int STOP_SECONDS = 5;
    /** What work returns that is not to be run again. */
    static final Duration END = Duration.ofSeconds(-1);

    private final ScheduledExecutorService pool = Executors.newScheduledThreadPool(THREADS, work -> {
        Thread thread = new Thread(work, "sipward-task");
        thread.setDaemon(true);
        return thread;
    });

    /** Runs the work after each pause, until the tasks are closed. */
    void every(Duration pause, String name, Work work) {
        repeat(pause, name, () -> {
            work.run();
            return pause;
        });
    }

    /** Runs the work after the first pause, and then each time after the pause that it returned. */
    void repeat(Duration first, String name, Callable<Duration> work) {
        schedule(first, new Task(name, work, first));
    }

    /** Runs the work once, as soon as a thread is free. */
    void once(String name, Callable<?> work) {
        repeat(Duration.ZERO, name, () -> {
            work.call();
            return END;
        });
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

    @SuppressWarnings("FutureReturnValueIgnored") // A task catches what its work throws, and schedules itself.
    private void schedule(Duration pause, Runnable task) {
        if (!pause.isNegative() && !pool.isShutdown()) {
            pool.schedule(task, pause.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Work that may fail. */
    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }

    /** One recurring task; its fields are seen by the next run because the pool hands it over. */
    private final class Task implements Runnable {
        private final String name;
        private final Callable<Duration> work;
        private Duration pause;
        private boolean failing;

        Task(String name, Callable<Duration> work, Duration pause) {
            this.name = name;
            this.work = work;
            this.pause = pause;
        }

        @Override
        public void run() {
            try {
                pause = work.call();
                if (failing) {
                    failing = false;
                    log.info("{} works again", name);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (Exception e) {
                if (!failing) {
                    failing = true;
                    log.error("{} failed and will be tried again: {}", name, e.toString());
                    log.debug("{} failed", name, e);
                }
            }
            schedule(pause, this);
        }
    }
}
