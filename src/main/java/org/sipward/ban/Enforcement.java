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
 * Calls the firewall for the ban list, and copes when the firewall fails or does not answer. A failure is logged once.
 * Until the firewall works again, only {@link #retry} calls it, so that a program that hangs does not delay every log
 * line.
 *
 * <p>Not thread-safe: {@link BanList} calls it under its monitor, except {@link #retry} and {@link #trouble}.
 */
final class Enforcement {
    /** The firewall is made to agree in full this often, even if nothing seems wrong. */
    static final Duration ENFORCE = Duration.ofMinutes(5);

    /** How many bans are looked up in each check whether somebody changed the firewall. */
    static final int SHOWN = 1_000;

    private static final Logger log = LoggerFactory.getLogger(Enforcement.class);

    private final Firewall firewall;
    private final BansInForce inForce;
    private final Allowlist allowlist;
    private Due enforcement = Due.NOW;
    /** How often the contents that the firewall should have were changed. */
    private long changes;

    private volatile Optional<String> trouble = Optional.empty();

    Enforcement(Firewall firewall, BansInForce inForce, Allowlist allowlist) {
        this.firewall = firewall;
        this.inForce = inForce;
        this.allowlist = allowlist;
    }

    /** Announces that {@link #block} follows. */
    void expectBlock() {
        if (trouble.isEmpty()) {
            firewall.expectBlock();
        }
    }

    /** Returns false if the firewall must be made to agree in full, since somebody may have just flushed it. */
    boolean block(Collection<Ban> bans, Instant now) {
        changes++;
        return call(() -> firewall.block(bans, now));
    }

    /** Returns false if the firewall must be made to agree in full. */
    boolean unblock(Collection<Ban> bans) {
        changes++;
        return call(() -> firewall.unblock(bans));
    }

    /** Makes the firewall agree in full. Does nothing if the firewall has failed: {@link #retry} does that. */
    void enforce(Instant now) {
        changes++;
        if (trouble.isEmpty()) {
            enforceNow(now);
        }
    }

    /**
     * Makes the firewall agree if others changed it or a long time has passed.
     *
     * @param due whether it must be made to agree in any case
     * @return whether it had failed, so that only {@link #retry} may call it
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
     * Retries a firewall that failed, with a copy of the list and without the monitor, so that other threads can ban
     * and ask meanwhile. For them the firewall counts as failed until it holds their changes, too.
     *
     * @param monitor the monitor under which all other methods are called
     */
    void retry(Object monitor, Clock clock) {
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

    /** Returns whether the firewall needs no repair, as far as {@link Firewall#change} sees. */
    private boolean isIntact(Instant now) {
        List<Network> allowed = allowlist.networks();
        try {
            Optional<String> change = inForce.isMoreThan(SHOWN) && !firewall.hasHeardChange()
                    ? firewall.change(inForce.some(SHOWN, now), false, allowed, now)
                    : firewall.change(inForce.live(now), true, allowed, now);
            change.ifPresent(what -> log.warn("firewall: changed by somebody else, restoring it: {}", what));
            return change.isEmpty();
        } catch (InterruptedIOException hangs) {
            failed(String.valueOf(hangs.getMessage()));
            return false;
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    /** Returns how the firewall differs. If the firewall cannot be read, all bans count as missing. */
    Difference compare(Instant now) {
        Collection<Ban> bans = inForce.live(now);
        try {
            if (trouble.isEmpty()) {
                return firewall.compare(bans, allowlist.networks(), now);
            }
        } catch (InterruptedIOException hangs) {
            failed(String.valueOf(hangs.getMessage()));
        } catch (IOException | RuntimeException e) {
            log.debug("firewall: cannot compare its contents: {}", e.getMessage());
        }
        return Difference.of(bans.stream(), List.of());
    }

    /** Returns the bans that the firewall holds, or none if it cannot be read. */
    List<Ban> held(Instant now) {
        PackedBans held = new PackedBans();
        try {
            firewall.held(now, held::put);
            return held.asList();
        } catch (InterruptedIOException hangs) {
            failed(String.valueOf(hangs.getMessage()));
        } catch (IOException | RuntimeException e) {
            log.warn("firewall: cannot list its bans, so none that the store has lost can be kept: {}", e.getMessage());
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
            log.error("firewall failed, new bans are listed but not blocked yet, will retry: {}", why);
        }
        trouble = Optional.of(why);
    }

    /** A call of the firewall. */
    @FunctionalInterface
    private interface Call {
        void run() throws IOException;
    }
}
