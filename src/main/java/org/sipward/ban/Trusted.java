package org.sipward.ban;

import java.time.Instant;
import org.sipward.net.Network;

/**
 * An address that is trusted because somebody logged in from it.
 *
 * @param network the address, or the /64 of an IPv6 address
 * @param since the first login of an unbroken series of trust, as the log gives it
 * @param until when the trust ends, unless there is another login
 */
public record Trusted(Network network, Instant since, Instant until) {}
