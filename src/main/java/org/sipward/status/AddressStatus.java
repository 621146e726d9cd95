package org.sipward.status;

import java.util.List;
import java.util.Optional;
import org.sipward.ban.Ban;
import org.sipward.ban.BanStore;
import org.sipward.ban.Trusted;
import org.sipward.net.IpAddress;

/**
 * Everything that is known about one address.
 *
 * @param bans the bans in force that block it
 * @param allowed why it is never banned; empty if it can be
 * @param listed the feeds that list it although it is not banned
 * @param trusted since when it is trusted because it has logged in
 * @param counted what the jails count against it
 * @param past earlier bans, the latest first; empty if the store did not answer in time
 */
public record AddressStatus(
        IpAddress address,
        List<Ban> bans,
        Optional<String> allowed,
        List<ListedAddress> listed,
        Optional<Trusted> trusted,
        List<CountedAddress> counted,
        Optional<List<BanStore.Past>> past) {
    /** Returns whether a ban in force blocks the address. */
    public boolean isBanned() {
        return !bans.isEmpty();
    }
}
