package org.sipward.ban;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A ban list while the firewall does not answer. */
@Timeout(60)
class BanListHangsTest extends BanListFixture {
    private final CountDownLatch called = new CountDownLatch(1);
    private final CountDownLatch answers = new CountDownLatch(1);

    @Test
    void callsAFirewallThatDoesNotAnswerOnlyOnce() {
        firewall.failure = new InterruptedIOException("nft did not end");
        list.ban(List.of(request("203.0.113.7")));
        list.ban(List.of(request("203.0.113.8")));
        list.unban(ban -> ban.network().equals(network("203.0.113.8")));
        list.allowlistChanged();

        assertThat(firewall.calls).containsExactly("block 1");
        assertThat(list.trouble()).containsExactly("firewall: nft did not end");
        assertThat(list.isEnforced()).isFalse();

        firewall.failure = null;
        list.tend();
        assertThat(firewall.blocked).containsExactly(network("203.0.113.7"));
        assertThat(list.isEnforced()).isTrue();
    }

    @Test
    void callsItOnceIfItHangsDuringARoutineCheck() {
        firewall.intactFailure = new InterruptedIOException("nft did not end");

        list.tend();

        assertThat(firewall.calls).isEmpty();
        assertThat(list.trouble()).containsExactly("firewall: nft did not end");
    }

    @Test
    void callsItOnceIfItHangsDuringAnOperatorsQuestion() {
        list.ban(List.of(request("203.0.113.7")));
        firewall.intactFailure = new InterruptedIOException("nft did not end");

        assertThat(list.difference().missing()).hasSize(1);

        assertThat(list.trouble()).containsExactly("firewall: nft did not end");
    }

    @Test
    void callsItOnceIfItHangsAtTheStart() throws IOException {
        store.losses = List.of("the end of the log is lost");
        firewall.intactFailure = new InterruptedIOException("nft did not end");
        BanList restarted = list();
        firewall.calls.clear();

        restarted.open();

        assertThat(firewall.calls).isEmpty();
        assertThat(restarted.trouble()).containsExactly("firewall: nft did not end");
    }

    @Test
    void answersWhileTheFirewallHangs() throws Exception {
        firewall.whenCalled = this::hang;
        Thread banning = new Thread(() -> list.ban(List.of(request("203.0.113.7"))));
        banning.start();
        called.await();

        assertThat(list.bans()).hasSize(1);
        assertThat(list.count()).isEqualTo(1);
        assertThat(list.bansOf(network("203.0.113.7").address())).hasSize(1);
        assertThat(list.heldBy(FEED)).isEmpty();
        assertThat(list.trouble()).isEmpty();
        assertThat(list.isStored()).isTrue();
        assertThat(list.past(network("203.0.113.7"), 5)).hasSize(1);

        answers.countDown();
        banning.join();
        assertThat(firewall.blocked).hasSize(1);
    }

    @Test
    void bansAndUnbansWhileAFailedFirewallIsRetriedAndUpdatesItAfterwards() throws Exception {
        list.ban(List.of(request("203.0.113.7"), request("203.0.113.9")));
        firewall.failure = new IOException("nft is broken");
        list.ban(List.of(request("203.0.113.8")));
        firewall.failure = null;
        firewall.whenCalled = this::hang;
        Thread tending = new Thread(list::tend);
        tending.start();
        called.await();

        FutureTask<Boolean> changes = new FutureTask<>(() -> {
            list.ban(List.of(request("203.0.113.10")));
            return list.unban(ban -> ban.network().equals(network("203.0.113.9")))
                            .size()
                    == 1;
        });
        new Thread(changes).start();
        assertThat(changes.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(list.isEnforced()).isFalse();

        answers.countDown();
        tending.join();
        assertThat(firewall.blocked)
                .containsExactlyInAnyOrder(network("203.0.113.7"), network("203.0.113.8"), network("203.0.113.10"));
        assertThat(list.isEnforced()).isTrue();
        assertThat(list.difference().missing()).isEmpty();
    }

    @Test
    void treatsABugOfTheFirewallAsAFailure() {
        firewall.bug = new IllegalStateException("a mistake");
        assertThat(list.ban(List.of(request("203.0.113.7")))).hasSize(1);
        assertThat(list.trouble()).containsExactly("firewall: bug: java.lang.IllegalStateException: a mistake");

        firewall.bug = null;
        clock.move(Duration.ofSeconds(8));
        list.tend();

        assertThat(firewall.blocked).hasSize(1);
    }

    private void hang() {
        called.countDown();
        try {
            answers.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
