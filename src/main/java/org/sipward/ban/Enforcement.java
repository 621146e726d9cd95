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

    /** Returns whether nothing has to be mended. */
    boolean isIntact() {
        try {
            if (trouble.isEmpty() && firewall.isIntact()) {
                return true;
            }
            if (trouble.isEmpty()) {
                log.warn("firewall: the tables were changed by somebody else, making them anew");
            }
            return false;
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns the bans that the firewall does not hold, all of them where it cannot tell. */
    List<Ban> missing(Collection<Ban> bans) {
        try {
            if (trouble.isEmpty()) {
                return firewall.missing(bans);
            }
        } catch (IOException e) {
            log.debug("firewall cannot tell what it holds: {}", e.getMessage());
        }
        PackedBans all = new PackedBans();
        bans.forEach(all::put);
        return all.asList();
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
