package org.sipward.source.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class InboxTest {
    private static final Inbox.Entry ENTRY = Inbox.Entry.live(new byte[1_000], 0);

    @Test
    void wakesOnceUntilItIsEmptied() throws Exception {
        AtomicInteger wakes = new AtomicInteger();
        Inbox inbox = new Inbox(wakes::incrementAndGet);

        inbox.put(ENTRY);
        inbox.put(ENTRY);
        assertThat(wakes).hasValue(1);
        assertThat(inbox.take(1 << 16)).hasSize(2);
        inbox.put(ENTRY);

        assertThat(wakes).hasValue(2);
    }

    @Test
    void letsItsWriterWaitUntilThereIsRoom() throws Exception {
        Inbox inbox = new Inbox(() -> {});
        while (inbox.hasRoom()) {
            inbox.put(ENTRY);
        }
        AtomicInteger written = new AtomicInteger();
        Thread writer = new Thread(() -> {
            try {
                inbox.put(ENTRY);
                written.incrementAndGet();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        writer.start();
        while (writer.getState() != Thread.State.WAITING) {
            LockSupport.parkNanos(1_000_000);
        }
        assertThat(written).hasValue(0);

        assertThat(inbox.take(1)).hasSize(1);
        assertThat(inbox.take(1)).hasSize(1);
        writer.join();

        assertThat(written).hasValue(1);
    }
}
