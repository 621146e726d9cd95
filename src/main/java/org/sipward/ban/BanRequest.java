package org.sipward.ban;

import java.time.Instant;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;

/**
 * A jail's wish that an address be banned, or a network of which it is one of many offenders.
 *
 * @param address the one that offended last
 * @param network what is to be banned; holds the address
 * @param origin the jail
 * @param time of the deciding failure, by the log
 * @param bantime how long it lasts, by the number of the ban
 * @param reason in words, without anything that an attacker wrote
 * @param isFull whether it is to be remembered when a later ban of the address is measured
 */
public record BanRequest(
        IpAddress address,
        Network network,
        Origin origin,
        Instant time,
        BanTime bantime,
        String reason,
        boolean isFull) {
    public BanRequest {
        if (!network.contains(address)) {
            throw new IllegalArgumentException("ban of " + network + ", which does not hold " + address);
        }
    }

    /** Makes a request for a full ban of a single offender: the address, or the /64 around an IPv6 address. */
    public BanRequest(IpAddress address, Origin origin, Instant time, BanTime bantime, String reason) {
        this(address, Network.ofOffender(address), origin, time, bantime, reason, true);
    }

    /** Returns whether others than the offender would be banned with him. */
    public boolean isWide() {
        return !network.equals(Network.ofOffender(address));
    }
}
