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
 */
public record BanRequest(IpAddress address, Origin origin, Instant time, BanTime bantime, String reason) {
    /** Returns what is to be banned: the address, or the /64 around an IPv6 address. */
    public Network network() {
        return Network.ofOffender(address);
    }
}
