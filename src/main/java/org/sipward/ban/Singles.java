package org.sipward.ban;

import java.util.Optional;
import org.sipward.net.Network;

/**
 * Limits the bans of single IPv6 addresses. Such an address is banned alone if the /64 around it does not belong to one
 * subscriber. These bans need a kernel set whose changes cost more the more it holds, and one sender has countless
 * addresses: so only few are allowed, and even fewer for bans that a made-up source can cause.
 *
 * <p>Made for one call of {@link BanList#ban}; counts the bans in force when it is first asked.
 */
final class Singles {
    /** The most bans of single IPv6 addresses by jails. */
    static final int MAX = 1_000;

    /** An unproven ban of a single address is refused while so many bans of single addresses are in force. */
    static final int MAX_UNPROVEN = 100;

    private static final int PREFIX = 128;
    private static final int UNKNOWN = -1;

    private final BansInForce inForce;
    private int count = UNKNOWN;

    Singles(BansInForce inForce) {
        this.inForce = inForce;
    }

    /** Returns why there is no room for this request. If there is room, counts the request and returns empty. */
    Optional<String> refuse(BanRequest request) {
        Network network = request.network();
        if (network.address().isV4() || network.prefix() != PREFIX) {
            return Optional.empty();
        }
        if (count == UNKNOWN) {
            count = inForce.countPrefix(PREFIX);
        }
        int most = request.isFull() ? MAX : MAX_UNPROVEN;
        if (count >= most) {
            return Optional.of(most + " single IPv6 addresses are banned already");
        }
        count++;
        return Optional.empty();
    }
}
