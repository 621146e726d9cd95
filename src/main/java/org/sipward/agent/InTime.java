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
 * Does work that may hang (the disk of the store, the firewall) on a thread of its own, one piece after the other, for
 * callers who wait for a limited time only.
 *
 * <p>Thread-safe. Memory: {@value #MAX_WAITING} pieces that wait; at rest no thread.
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
     * Asks. A question that nobody has begun to answer within the limit is not asked any more.
     *
     * @return what the question returns, or empty if it has not been answered in time
     * @throws IOException as the question does
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
     * Has something done, which goes on when the limit is over, or is begun later.
     *
     * @return what the work returns, or empty if it is not done yet
     * @throws RejectedExecutionException if too much waits; then nothing will be done
     * @throws IOException as the work does
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
