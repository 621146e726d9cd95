package org.sipward.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class TasksTest {
    private static final Duration SOON = Duration.ofMillis(1);
    private static final Duration NEVER = Duration.ofHours(1);

    private final Tasks tasks = new Tasks(3, "test", SOON);

    @AfterEach
    void close() {
        tasks.close();
    }

    @Test
    void saysTheFirstFailureOfARowAndTheRecovery() throws Exception {
        CountDownLatch runs = new CountDownLatch(10);
        try (LogRecorder log = new LogRecorder(Tasks.class)) {
            tasks.every(SOON, "counting", () -> {
                runs.countDown();
                if (runs.getCount() > 5) {
                    throw new IOException("no fingers");
                }
            });
            runs.await();

            assertThat(log.with("counting failed; will retry"))
                    .singleElement()
                    .asString()
                    .endsWith("no fingers");
            assertThat(log.with("counting works again")).hasSize(1);
        }
    }

    @Test
    void goesOnAfterABug() throws Exception {
        CountDownLatch runs = new CountDownLatch(3);
        tasks.every(SOON, "counting", () -> {
            runs.countDown();
            throw new IllegalStateException("bug");
        });

        runs.await();
    }

    @Test
    void doesNotSpinWhenItsFirstRunFails() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        try (Tasks patient = new Tasks(3, "test", NEVER)) {
            patient.repeat(Duration.ZERO, "asking", () -> {
                runs.incrementAndGet();
                throw new IOException("nobody there");
            });

            awaitRunsOfAnother(patient);
        }
        assertThat(runs).hasValue(1);
    }

    @Test
    void waitsAsLongAsTheWorkSays() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        tasks.repeat(Duration.ZERO, "asking", () -> {
            runs.incrementAndGet();
            return NEVER;
        });

        awaitRunsOfAnother(tasks);

        assertThat(runs).hasValue(1);
    }

    @Test
    void endsWhenTheWorkSaysSo() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        tasks.repeat(Duration.ZERO, "asking", () -> {
            runs.incrementAndGet();
            return Tasks.END;
        });

        awaitRunsOfAnother(tasks);

        assertThat(runs).hasValue(1);
    }

    @Test
    void runsAtOnceWhenHurried() throws Exception {
        CountDownLatch runs = new CountDownLatch(2);
        Tasks.Task task = tasks.repeat(NEVER, "asking", () -> {
            runs.countDown();
            return Duration.ZERO;
        });

        task.hurry();

        runs.await();
    }

    @Test
    void runsAgainAfterItsEndWhenPostponed() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        Tasks.Task task = tasks.repeat(NEVER, "asking", () -> {
            runs.incrementAndGet();
            return Tasks.END;
        });

        task.postpone(Duration.ZERO);
        awaitRunsOfAnother(tasks);
        assertThat(runs).hasValue(1);
        task.postpone(Duration.ZERO);
        awaitRunsOfAnother(tasks);

        assertThat(runs).hasValue(2);
    }

    @Test
    void replacesTheNextRunWhenPostponed() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        CountDownLatch free = new CountDownLatch(1);
        try (Tasks busy = new Tasks(1, "test")) {
            busy.repeat(Duration.ZERO, "keeping the thread busy", () -> {
                free.await();
                return Tasks.END;
            });
            Tasks.Task task = busy.repeat(Duration.ZERO, "asking", () -> {
                runs.incrementAndGet();
                return Tasks.END;
            });

            task.postpone(NEVER);
            free.countDown();
            awaitRunsOfAnother(busy);
        }

        assertThat(runs).hasValue(0);
    }

    @Test
    void runsOnceMoreWhenHurriedAtWork() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch hurried = new CountDownLatch(1);
        CountDownLatch runs = new CountDownLatch(2);
        Tasks.Task task = tasks.repeat(Duration.ZERO, "asking", () -> {
            begun.countDown();
            hurried.await();
            runs.countDown();
            return NEVER;
        });
        begun.await();

        task.hurry();
        hurried.countDown();

        runs.await();
    }

    @Test
    void neverRunsATaskTwiceAtOnceHoweverItIsHurried() throws Exception {
        AtomicInteger atWork = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch runs = new CountDownLatch(2_000);
        Tasks.Task task = tasks.repeat(Duration.ZERO, "counting", () -> {
            most.accumulateAndGet(atWork.incrementAndGet(), Math::max);
            Thread.onSpinWait();
            atWork.decrementAndGet();
            runs.countDown();
            return runs.getCount() % 2 == 0 ? Duration.ZERO : SOON;
        });

        while (runs.getCount() > 0) {
            task.hurry();
            Thread.onSpinWait();
        }

        assertThat(most).hasValue(1);
    }

    @Test
    void interruptsWorkWhenClosed() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        Tasks.Task task = tasks.repeat(Duration.ZERO, "waiting", () -> {
            begun.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
            return NEVER;
        });
        begun.await();

        tasks.close();

        assertThat(interrupted.await(0, TimeUnit.SECONDS)).isTrue();
        task.hurry();
    }

    /** Returns when another task has run so often that one that spins would have, too. */
    private static void awaitRunsOfAnother(Tasks tasks) throws InterruptedException {
        CountDownLatch runs = new CountDownLatch(50);
        tasks.every(SOON, "another", runs::countDown);
        runs.await();
    }
}
