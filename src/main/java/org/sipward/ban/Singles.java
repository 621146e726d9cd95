package org.sipward.ban;

import java.util.Optional;
import org.sipward.net.Network;

/**
 * The room for bans of single IPv6 addresses, which are banned where the /64 around them is not one subscriber's. They need
 * a set of the kernel whose changes cost the more the more it holds, and one sender has addresses without end: so there
 * are few, and fewer for what a made-up source can bring about.
 *
 * <p>Made for one call of {@link BanList#ban}; counts the bans in force when it is first asked.
 */
final class Singles {
    /** The most bans of single IPv6 addresses by jails. */
    static final int MAX = 1_000;

    /** When there are so many, what is unproven has no room. */
    static final int MAX_UNPROVEN = 100;

    private static final int PREFIX = 128;
    private static final int UNKNOWN = -1;

    private final BansInForce inForce;
    private int count = UNKNOWN;

    Singles(BansInForce inForce) {
        this.inForce = inForce;
    }

    /** Returns why there is no room for what a jail asks for; takes the room where there is some. */
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
            return Optional.of(most + " single IPv6 addresses are banned");
        }
        count++;
        return Optional.empty();
    }
}
