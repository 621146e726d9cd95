package org.sipward.agent;

import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.sipward.ban.Ban;
import org.sipward.ban.Difference;
import org.sipward.ban.Firewall;
import org.sipward.net.Network;

/** A firewall that does nothing, and hangs on request. A test overrides the calls that it is about. */
class IdleFirewall implements Firewall {
    /** The answer to {@link #compare}. */
    volatile Difference difference = Difference.NONE;

    private volatile CountDownLatch answering = new CountDownLatch(0);

    /** Makes blocks and comparisons hang until {@link #answer}. */
    final void hang() {
        answering = new CountDownLatch(1);
    }

    final void answer() {
        answering.countDown();
    }

    @Override
    public void block(Collection<Ban> added, Instant now) throws IOException {
        await();
    }

    @Override
    public void unblock(Collection<Ban> ended) {}

    @Override
    public void enforce(Collection<Ban> all, List<Network> allowed, Instant now) {}

    @Override
    public Optional<String> change(Collection<Ban> some, boolean isAll, List<Network> allowed, Instant now) {
        return Optional.empty();
    }

    @Override
    public Difference compare(Collection<Ban> all, List<Network> allowed, Instant now) throws IOException {
        await();
        return difference;
    }

    @Override
    public String name() {
        return "idle";
    }

    private void await() throws IOException {
        try {
            answering.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
