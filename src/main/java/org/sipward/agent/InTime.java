package org.sipward.agent;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Does work that may hang (the disk of the store, the firewall) on a thread of its own, one task after the other.
 * Callers wait for the result for a limited time only.
 *
 * <p>Thread-safe. Memory: at most {@value #MAX_WAITING} waiting tasks. An idle thread ends.
 */
final class InTime {
    static final int MAX_WAITING = 64;

    private final Duration limit;
    private final ThreadPoolExecutor worker;

    /** @param limit how long a caller waits */
    InTime(String name, Duration limit) {
        this.limit = limit;
        this.worker =
                new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(MAX_WAITING), work -> {
                    Thread thread = new Thread(work, name);
                    thread.setDaemon(true);
                    return thread;
                });
        worker.allowCoreThreadTimeOut(true);
    }

    /**
     * Asks a question. If nobody has begun to answer it within the limit, it is dropped.
     *
     * @return the answer, or empty if there was none in time
     * @throws IOException if the question throws it
     */
    <T> Optional<T> ask(Callable<T> question) throws IOException {
        FutureTask<T> task = new FutureTask<>(question);
        try {
            worker.execute(task);
        } catch (RejectedExecutionException full) {
            return Optional.empty();
        }
        Optional<T> answer = await(task);
        if (answer.isEmpty()) {
            worker.remove(task);
        }
        return answer;
    }

    /**
     * Has work done. If it takes longer than the limit, it still goes on, or begins later.
     *
     * @return the result of the work, or empty if it is not done yet
     * @throws RejectedExecutionException if too many tasks wait; this work will then not be done
     * @throws IOException if the work throws it
     */
    <T> Optional<T> order(Callable<T> work) throws IOException {
        FutureTask<T> task = new FutureTask<>(work);
        worker.execute(task);
        return await(task);
    }

    private <T> Optional<T> await(FutureTask<T> task) throws IOException {
        try {
            return Optional.of(task.get(limit.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException late) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failed) {
                throw failed;
            }
            if (e.getCause() instanceof RuntimeException bug) {
                throw bug;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
