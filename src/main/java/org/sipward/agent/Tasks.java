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
 * Runs recurring work on a few threads. A task never runs twice at once. A task that fails is retried for ever; the
 * first failure is logged, and the recovery is logged. Thread-safe.
 */
final class Tasks implements Closeable {
    private static final Logger log = LoggerFactory.getLogger(Tasks.class);
    private static final int STOP_SECONDS = 5;
    private static final int IDLE_MINUTES = 1;
    /** The pause that work returns if it is not to be run again. */
    static final Duration END = Duration.ofSeconds(-1);

    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

    private final ScheduledExecutorService pool;
    private final Duration afterFailure;
    private final Map<String, String> failures = new ConcurrentSkipListMap<>();

    /** Creates this number of threads, all with this name. */
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
        // One idle thread waits for the next task. The others end, so that they do not keep their stacks.
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

    /** Runs the work after the first pause, and from then on after each pause that the work returns. */
    Task repeat(Duration first, String name, Callable<Duration> work) {
        Task task = new Task(name, work, first);
        task.plan(first);
        return task;
    }

    /** Returns in words which tasks fail now and are retried. */
    List<String> trouble() {
        return failures.entrySet().stream()
                .map(failure -> failure.getKey() + " failed; will retry: " + failure.getValue())
                .toList();
    }

    /** Waits at most five seconds for running tasks to end. */
    @Override
    public void close() {
        pool.shutdownNow();
        try {
            if (!pool.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
                log.warn("a task has not ended within {} s; going on without it", STOP_SECONDS);
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
        // Not volatile: the next run is planned only after this one has ended, and so sees its writes.
        private Duration pause;
        private boolean failing;

        /** The number of plans made so far. Only the latest plan is carried out. */
        private int plans;

        private boolean running;
        private boolean hurried;

        private Task(String name, Callable<Duration> work, Duration pause) {
            this.name = name;
            this.work = work;
            this.pause = pause;
        }

        /**
         * Runs the work as soon as a thread is free, in place of the next run. If it is running now, it runs once more.
         */
        synchronized void hurry() {
            if (!hurried) {
                hurried = true;
                if (!running) {
                    plan(Duration.ZERO);
                }
            }
        }

        /** Runs the work after this time, in place of the next run. If it is running now, it runs once more at once. */
        synchronized void postpone(Duration wait) {
            if (running) {
                hurried = true;
            } else {
                plan(wait);
            }
        }

        @SuppressWarnings(
                "FutureReturnValueIgnored") // A run catches all exceptions of its work, and plans the next run.
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
                if (hurried || !pause.isNegative()) {
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
                // Errors are caught too: a task that silently ended for good would be worse.
                if (!failing) {
                    failing = true;
                    log.error("{} failed; will retry: {}", name, e.toString());
                    log.debug("{} failed", name, e);
                }
                if (pause.compareTo(afterFailure) < 0) {
                    pause = afterFailure;
                }
            }
        }
    }
}
