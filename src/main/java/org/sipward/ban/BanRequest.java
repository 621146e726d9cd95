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

    /** Returns whether this ban of the network does for it. A ban that proves little gives way to one that does. */
    public boolean isMetBy(Ban ban, Instant now) {
        return !ban.isOver(now) && (ban.count() > 0 || !isFull);
    }

    /**
     * Returns the ban that it comes to.
     *
     * @param before how many bans of the network count already
     */
    public Ban ban(int before) {
        int count = isFull ? before + 1 : 0;
        return new Ban(network, origin, time, bantime.end(time, count), count, reason);
    }

    /** Returns whether others than the offender would be banned with him. */
    public boolean isWide() {
        return !network.equals(Network.ofOffender(address));
    }
}
