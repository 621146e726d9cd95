package org.sipward.ban;

import java.time.Instant;
import org.sipward.net.Network;

/**
 * An address that has logged in, and is trusted for that.
 *
 * @param network the address, or the /64 of an IPv6 address
 * @param since when it first logged in of the times that follow each other without a gap, by the log
 * @param until when trust ends, unless it logs in again
 */
public record Trusted(Network network, Instant since, Instant until) {}
