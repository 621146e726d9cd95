package org.sipward.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.sipward.ban.Firewall;

@Timeout(30)
class FirewallWatchTest extends AgentFixture {
    private static final Duration NEVER = Duration.ofHours(1);

    /** A firewall that hears of as many changes as the test makes. */
    private static final class Hearing extends IdleFirewall {
        private final BlockingQueue<Boolean> changes = new LinkedBlockingQueue<>();
        private final CountDownLatch closed = new CountDownLatch(1);

        @Override
        public boolean awaitChange() {
            try {
                boolean changed = changes.take();
                if (!changed) {
                    closed.countDown();
                }
                return changed;
            } catch (InterruptedException e) {
                return false;
            }
        }
    }

    @Test
    void tendsTheBansAtEachChange() throws Exception {
        Hearing hearing = new Hearing();
        CountDownLatch tended = new CountDownLatch(2);
        FirewallWatch watch = new FirewallWatch(bans);
        Tasks.Task tending = tasks.repeat(NEVER, "tending", () -> {
            watch.tend();
            tended.countDown();
            return NEVER;
        });

        watch.start(hearing, tending);
        hearing.changes.add(true);
        hearing.changes.add(true);
        tended.await();

        hearing.changes.add(false);
        hearing.closed.await();
    }

    @Test
    void restsAfterEachChangeHoweverManyThereAre() throws Exception {
        Hearing hearing = new Hearing();
        FirewallWatch watch = new FirewallWatch(bans);
        hearing.changes.add(true);
        hearing.changes.add(true);
        hearing.changes.add(false);
        long begin = System.nanoTime();

        watch.start(hearing, tasks.repeat(NEVER, "tending", () -> NEVER));
        hearing.closed.await();

        assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(FirewallWatch.REST.toNanos() * 2);
    }

    @Test
    void endsAtOnceWithAFirewallThatHearsNothing() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        Firewall deaf = new IdleFirewall() {
            @Override
            public boolean awaitChange() {
                asked.countDown();
                return super.awaitChange();
            }
        };

        Thread thread = new FirewallWatch(bans).start(deaf, tasks.repeat(NEVER, "tending", () -> NEVER));
        asked.await();
        thread.join();

        assertThat(thread.isAlive()).isFalse();
    }
}
