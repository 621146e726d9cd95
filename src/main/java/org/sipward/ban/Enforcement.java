package org.sipward.ban;

import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.sipward.net.Network;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The firewall as the ban list needs it: one that may fail. A failure is said once; until it is over only
 * {@link #enforce} tries the firewall, so that a program that hangs does not hold up every line.
 *
 * <p>Not thread-safe: {@link BanList} calls it under its monitor.
 */
final class Enforcement {
    /** So many bans are looked up each time that the firewall is asked whether it was changed. */
    static final int SHOWN = 1_000;

    private static final Logger log = LoggerFactory.getLogger(Enforcement.class);

    private final Firewall firewall;
    private Optional<String> trouble = Optional.empty();

    Enforcement(Firewall firewall) {
        this.firewall = firewall;
    }

    /** Says that {@link #block} follows. */
    void expectBlock() {
        if (trouble.isEmpty()) {
            firewall.expectBlock();
        }
    }

    /** Returns false if the firewall must be made to agree in full: somebody may have flushed it a moment ago. */
    boolean block(Collection<Ban> bans, Instant now) {
        return call(() -> firewall.block(bans, now));
    }

    /** Returns false if the firewall must be made to agree in full. */
    boolean unblock(Collection<Ban> bans) {
        return call(() -> firewall.unblock(bans));
    }

    /** Makes the firewall agree in full. */
    void enforce(Collection<Ban> bans, List<Network> allowed, Instant now) {
        try {
            firewall.enforce(bans, allowed, now);
            if (trouble.isPresent()) {
                trouble = Optional.empty();
                log.info("firewall works again");
            }
        } catch (IOException e) {
            if (trouble.isEmpty()) {
                log.error("firewall failed, bans are listed and will be tried again: {}", e.getMessage());
            }
            trouble = Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Returns whether nothing has to be mended, as far as {@link Firewall#change} sees it. */
    boolean isIntact(BansInForce bans, List<Network> allowed, Instant now) {
        if (trouble.isPresent()) {
            return false;
        }
        try {
            Optional<String> change = bans.isMoreThan(SHOWN)
                    ? firewall.change(bans.some(SHOWN, now), false, allowed, now)
                    : firewall.change(bans.live(now), true, allowed, now);
            change.ifPresent(what -> log.warn("firewall: changed by somebody else, making it agree: {}", what));
            return change.isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns how the firewall differs; where it cannot tell, all bans are missing. */
    Difference compare(List<Ban> bans, List<Network> allowed, Instant now) {
        try {
            return trouble.isPresent() ? new Difference(bans, List.of()) : firewall.compare(bans, allowed, now);
        } catch (IOException e) {
            return new Difference(bans, List.of());
        }
    }

    /** Returns the bans that the firewall holds; none where it cannot tell. */
    List<Ban> held(Instant now) {
        try {
            return firewall.held(now);
        } catch (IOException e) {
            log.warn("firewall: cannot tell what it holds: {}", e.getMessage());
            return List.of();
        }
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
        } catch (IOException perhapsFlushed) {
            return false;
        }
    }

    /** Something that is asked of the firewall. */
    @FunctionalInterface
    private interface Call {
        void run() throws IOException;
    }
}
