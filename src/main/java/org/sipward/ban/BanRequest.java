package org.sipward.ban;

import java.time.Instant;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;

/**
 * A jail's wish that an address be banned.
 *
 * @param address the one that offended last
 * @param origin the jail
 * @param time of the deciding failure, by the log
 * @param bantime how long it lasts, by the number of the ban
 * @param reason in words, without anything that an attacker wrote
 * @param isFull whether it is to be remembered when a later ban of the address is measured
 */
public record BanRequest(
        IpAddress address, Origin origin, Instant time, BanTime bantime, String reason, boolean isFull) {
    /** Makes a wish for a full ban. */
    public BanRequest(IpAddress address, Origin origin, Instant time, BanTime bantime, String reason) {
        this(address, origin, time, bantime, reason, true);
    }

    /** Returns what is to be banned: the address, or the /64 around an IPv6 address. */
    public Network network() {
        return Network.ofOffender(address);
    }
}
