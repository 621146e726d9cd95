package org.sipward.ban;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.sipward.net.Network;
import org.sipward.time.Due;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The firewall as the ban list needs it: one that may fail, or not answer. A failure is said once; until it is over only
 * {@link #mend} tries the firewall, so that a program that hangs does not hold up every line.
 *
 * <p>Not thread-safe: {@link BanList} calls it under its monitor, but for {@link #mend} and {@link #trouble}.
 */
final class Enforcement {
    /** Within this time the firewall is made to agree in full, whatever looks right. */
    static final Duration ENFORCE = Duration.ofMinutes(5);

    /** So many bans are looked up each time that the firewall is asked whether it was changed. */
    static final int SHOWN = 1_000;

    private static final Logger log = LoggerFactory.getLogger(Enforcement.class);

    private final Firewall firewall;
    private final BansInForce inForce;
    private final Allowlist allowlist;
    private Due enforcement = Due.NOW;
    /** How often something has changed that the firewall shall hold. */
    private long changes;

    private volatile Optional<String> trouble = Optional.empty();

    Enforcement(Firewall firewall, BansInForce inForce, Allowlist allowlist) {
        this.firewall = firewall;
        this.inForce = inForce;
        this.allowlist = allowlist;
    }

    /** Says that {@link #block} follows. */
    void expectBlock() {
        if (trouble.isEmpty()) {
            firewall.expectBlock();
        }
    }

    /** Returns false if the firewall must be made to agree in full: somebody may have flushed it a moment ago. */
    boolean block(Collection<Ban> bans, Instant now) {
        changes++;
        return call(() -> firewall.block(bans, now));
    }

    /** Returns false if the firewall must be made to agree in full. */
    boolean unblock(Collection<Ban> bans) {
        changes++;
        return call(() -> firewall.unblock(bans));
    }

    /** Makes the firewall agree in full; one that failed is left to {@link #mend}. */
    void enforce(Instant now) {
        changes++;
        if (trouble.isEmpty()) {
            enforceNow(now);
        }
    }

    /**
     * Makes the firewall agree where it was changed by others, or a long time has passed.
     *
     * @param due whether it must be made to agree whatever it holds
     * @return whether it had failed, so that only {@link #mend} may try it
     */
    boolean tend(boolean due, Instant now) {
        if (trouble.isPresent()) {
            return true;
        }
        if (due || enforcement.hasCome(now) || !isIntact(now)) {
            enforce(now);
        }
        return false;
    }

    /**
     * Tries a firewall that failed, with a copy of the list and without the monitor, so that nobody waits who bans or asks
     * meanwhile. It stays failed to all others until it holds what they have changed.
     *
     * @param monitor under which everything else here is called
     */
    void mend(Object monitor, Clock clock) {
        Instant now = clock.instant();
        Collection<Ban> bans;
        List<Network> allowed;
        long before;
        synchronized (monitor) {
            bans = inForce.copy(now);
            allowed = allowlist.networks();
            before = changes;
        }
        if (!attempt(bans, allowed, now)) {
            return;
        }
        synchronized (monitor) {
            if (changes == before) {
                enforcement = new Due(now, ENFORCE);
                works();
            } else {
                enforceNow(clock.instant());
            }
        }
    }

    private void enforceNow(Instant now) {
        enforcement = new Due(now, ENFORCE);
        if (attempt(inForce.live(now), allowlist.networks(), now)) {
            works();
        }
    }

    private boolean attempt(Collection<Ban> bans, List<Network> allowed, Instant now) {
        try {
            firewall.enforce(bans, allowed, now);
            return true;
        } catch (IOException e) {
            failed(String.valueOf(e.getMessage()));
        } catch (RuntimeException bug) {
            failed("bug: " + bug);
        }
        return false;
    }

    private void works() {
        if (trouble.isPresent()) {
            trouble = Optional.empty();
            log.info("firewall works again");
        }
    }

    /** Returns whether nothing has to be mended, as far as {@link Firewall#change} sees it. */
    private boolean isIntact(Instant now) {
        List<Network> allowed = allowlist.networks();
        try {
            Optional<String> change = inForce.isMoreThan(SHOWN)
                    ? firewall.change(inForce.some(SHOWN, now), false, allowed, now)
                    : firewall.change(inForce.live(now), true, allowed, now);
            change.ifPresent(what -> log.warn("firewall: changed by somebody else, making it agree: {}", what));
            return change.isEmpty();
        } catch (InterruptedIOException hangs) {
            failed(String.valueOf(hangs.getMessage()));
            return false;
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    /** Returns how the firewall differs; where it cannot tell, all bans are missing. */
    Difference compare(Instant now) {
        Collection<Ban> bans = inForce.live(now);
        try {
            if (trouble.isEmpty()) {
                return firewall.compare(bans, allowlist.networks(), now);
            }
        } catch (InterruptedIOException hangs) {
            failed(String.valueOf(hangs.getMessage()));
        } catch (IOException | RuntimeException e) {
            log.debug("firewall cannot tell what it holds: {}", e.getMessage());
        }
        return Difference.of(bans.stream(), List.of());
    }

    /** Returns the bans that the firewall holds; none where it cannot tell. */
    List<Ban> held(Instant now) {
        PackedBans held = new PackedBans();
        try {
            firewall.held(now, held::put);
            return held.asList();
        } catch (InterruptedIOException hangs) {
            failed(String.valueOf(hangs.getMessage()));
        } catch (IOException | RuntimeException e) {
            log.warn("firewall: cannot tell what it holds: {}", e.getMessage());
        }
        return List.of();
    }

    Optional<String> trouble() {
        return trouble;
    }

    private boolean call(Call call) {
        if (trouble.isPresent()) {
            return true;
        }
        try {
            call.run();
            return true;
        } catch (InterruptedIOException hangs) {
            failed(String.valueOf(hangs.getMessage()));
            return true;
        } catch (IOException | RuntimeException perhapsFlushed) {
            return false;
        }
    }

    private void failed(String why) {
        if (trouble.isEmpty()) {
            log.error("firewall failed, bans are listed and will be tried again: {}", why);
        }
        trouble = Optional.of(why);
    }

    /** Something that is asked of the firewall. */
    @FunctionalInterface
    private interface Call {
        void run() throws IOException;
    }
}
