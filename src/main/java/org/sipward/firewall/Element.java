package org.sipward.firewall;

import java.time.Instant;
import org.sipward.ban.Ban;
import org.sipward.net.Network;

/**
 * An element of a kernel set.
 *
 * @param network the network that the element stands for
 * @param until when the kernel removes the element by itself; {@link Ban#FOREVER} if never
 */
record Element(Network network, Instant until) {
    static Element of(Ban ban) {
        return new Element(ban.network(), ban.until());
    }
}
