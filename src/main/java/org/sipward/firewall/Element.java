package org.sipward.firewall;

import java.time.Instant;
import org.sipward.ban.Ban;
import org.sipward.net.Network;

/**
 * What one element of a kernel set stands for.
 *
 * @param network blocked as a whole
 * @param until when the kernel lets go of it by itself; {@link Ban#FOREVER} for never
 */
record Element(Network network, Instant until) {
    static Element of(Ban ban) {
        return new Element(ban.network(), ban.until());
    }
}
