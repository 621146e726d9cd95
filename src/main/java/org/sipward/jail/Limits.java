package org.sipward.jail;

import java.time.Duration;
import java.util.Optional;
import org.sipward.ban.BanTime;

/**
 * How much is too much, and what follows.
 *
 * @param maxretry the number of failures within findtime that earn a ban
 * @param bantime how long bans last
 * @param unproven how long at most where nothing proves that the address is the sender's: such a ban never grows
 * @param lenience what holds for addresses that have logged in; where empty, a login clears what was counted, no more
 */
public record Limits(int maxretry, Duration findtime, BanTime bantime, Duration unproven, Optional<Lenience> lenience) {
    /** Returns limits without lenience, and with full bans for everybody. */
    public static Limits plain(int maxretry, Duration findtime, BanTime bantime) {
        return new Limits(maxretry, findtime, bantime, bantime.first(), Optional.empty());
    }

    /** Returns how long an unproven ban lasts: no longer than a proven one. */
    BanTime unprovenTime() {
        return fixed(unproven.compareTo(bantime.first()) < 0 ? unproven : bantime.first());
    }

    private static BanTime fixed(Duration time) {
        return new BanTime(time, false, time);
    }

    /**
     * What holds for an address that has logged in.
     *
     * @param time how long after its last login
     * @param maxretry the number of failures within findtime that earn a ban
     * @param accounts if at least so many different accounts are among them
     * @param bantime how long such a ban lasts; it never grows
     */
    public record Lenience(Duration time, int maxretry, int accounts, Duration bantime) {
        BanTime banTime() {
            return fixed(bantime);
        }
    }
}
