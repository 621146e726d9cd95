package org.sipward.ban;

import java.time.Instant;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;

/**
 * A jail's request to ban an address, or a network in which this address is one of many offenders.
 *
 * @param address the address that offended last
 * @param network the network to ban; it contains the address
 * @param origin the jail
 * @param time the time of the deciding failure, as the log gives it
 * @param bantime how long the ban lasts, depending on how often the network was banned before
 * @param reason why, in words, without anything that an attacker wrote
 * @param isFull whether this ban makes later bans of the network longer
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
            throw new IllegalArgumentException("ban of " + network + ", which does not contain " + address);
        }
    }

    /** Makes a request for a full ban of a single offender: the address, or the /64 around an IPv6 address. */
    public BanRequest(IpAddress address, Origin origin, Instant time, BanTime bantime, String reason) {
        this(address, Network.ofOffender(address), origin, time, bantime, reason, true);
    }

    /** Returns whether this ban already meets the request. A full request is not met by a ban that does not count. */
    public boolean isMetBy(Ban ban, Instant now) {
        return !ban.isOver(now) && (ban.count() > 0 || !isFull);
    }

    /**
     * Returns the ban that this request leads to.
     *
     * @param before how many earlier bans of the network count
     */
    public Ban ban(int before) {
        int count = isFull ? before + 1 : 0;
        return new Ban(network, origin, time, bantime.end(time, count), count, reason);
    }

    /** Returns whether hosts other than the offender would be banned too. */
    public boolean isWide() {
        return !network.equals(Network.ofOffender(address));
    }
}
