package org.sipward.agent;

import java.io.Closeable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs recurring work on a few threads. A task never runs twice at once, and a task that fails is logged once, goes on
 * being run, and is logged again when it works again. Thread-safe.
 */
final class Tasks implements Closeable {
    private static final Logger log = LoggerFactory.getLogger(Tasks.class);
    private static final int STOP_SECONDS = 5;
    private static final int IDLE_MINUTES = 1;
    /** What work returns that is not to be run again. */
    static final Duration END = Duration.ofSeconds(-1);

    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

    private final ScheduledExecutorService pool;
    private final Duration afterFailure;
    private final Map<String, String> failures = new ConcurrentSkipListMap<>();

    /** Makes so many threads, with this name. */
    Tasks(int threads, String name) {
        this(threads, name, AFTER_FAILURE);
    }

    /** @param afterFailure the shortest pause after a failure, so that work that always fails does not spin */
    Tasks(int threads, String name, Duration afterFailure) {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(threads, work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        });
        // Of several that rest, one waits for the next task; the others need not keep their stacks.
        executor.setKeepAliveTime(IDLE_MINUTES, TimeUnit.MINUTES);
        executor.allowCoreThreadTimeOut(true);
        this.pool = executor;
        this.afterFailure = afterFailure;
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
        task.plan(first);
        return task;
    }

    /** Returns in words what fails now, and is tried again. */
    List<String> trouble() {
        return failures.entrySet().stream()
                .map(failure -> failure.getKey() + " failed and will be tried again: " + failure.getValue())
                .toList();
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
        // Seen by the next run, because one is planned only when the one before has ended.
        private Duration pause;
        private boolean failing;

        /** The plans made so far; only the last one is carried out. */
        private int plans;

        private boolean running;
        private boolean hurried;

        private Task(String name, Callable<Duration> work, Duration pause) {
            this.name = name;
            this.work = work;
            this.pause = pause;
        }

        /** Runs the work as soon as a thread is free, in place of the next run; once more if it is running. */
        synchronized void hurry() {
            if (!hurried) {
                hurried = true;
                if (!running) {
                    plan(Duration.ZERO);
                }
            }
        }

        @SuppressWarnings("FutureReturnValueIgnored") // A run catches what its work throws, and plans the next.
        private synchronized void plan(Duration wait) {
            int number = ++plans;
            try {
                pool.schedule(() -> run(number), wait.toMillis(), TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException closed) {
                log.debug("{} is not run any more", name);
            }
        }

        private void run(int number) {
            synchronized (this) {
                if (number != plans) {
                    return;
                }
                running = true;
                hurried = false;
            }
            work();
            synchronized (this) {
                running = false;
                if (!pause.isNegative()) {
                    plan(hurried ? Duration.ZERO : pause);
                }
            }
        }

        private void work() {
            try {
                pause = work.call();
                if (failing) {
                    failing = false;
                    failures.remove(name);
                    log.info("{} works again", name);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                pause = END;
            } catch (Exception | Error e) {
                failures.put(name, e.toString());
                // An Error too: a task that ends for good without a word is worse.
                if (!failing) {
                    failing = true;
                    log.error("{} failed and will be tried again: {}", name, e.toString());
                    log.debug("{} failed", name, e);
                }
                if (pause.compareTo(afterFailure) < 0) {
                    pause = afterFailure;
                }
            }
        }
    }
}
