package org.sipward.agent;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.sipward.ban.BanList;
import org.sipward.ban.Firewall;

/**
 * Tends the bans as soon as the firewall hears that somebody changed it. If it is changed again and again, the bans are
 * tended at most every half second, and for half of the time at most, which matters with many bans.
 *
 * <p>Threads: its own, which waits in the kernel until something is changed and then hurries the task. It ends when the
 * firewall hears nothing (any more).
 */
final class FirewallWatch {
    static final Duration REST = Duration.ofMillis(500);
    private static final Duration LONGEST_REST = Duration.ofSeconds(8);

    private final BanList bans;
    private volatile long tookNanos;

    FirewallWatch(BanList bans) {
        this.bans = bans;
    }

    /** Tends the bans. The tasks call it every few seconds, and when hurried. */
    void tend() {
        long begin = System.nanoTime();
        bans.tend();
        tookNanos = System.nanoTime() - begin;
    }

    /** Starts a thread that hurries the task that tends the bans, until the firewall is closed. Returns at once. */
    Thread start(Firewall firewall, Tasks.Task tending) {
        Thread thread = new Thread(
                () -> {
                    while (firewall.awaitChange()) {
                        tending.hurry();
                        // Meanwhile, further changes wait in the kernel.
                        LockSupport.parkNanos(rest().toNanos());
                    }
                },
                "sipward-firewall");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private Duration rest() {
        Duration took = Duration.ofNanos(tookNanos);
        return took.compareTo(REST) < 0 ? REST : took.compareTo(LONGEST_REST) < 0 ? took : LONGEST_REST;
    }
}
