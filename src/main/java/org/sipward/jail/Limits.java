package org.sipward.jail;

import java.time.Duration;
import java.util.Optional;
import org.sipward.ban.BanTime;

/**
 * How many failures are too many, and how long the bans are.
 *
 * @param maxretry the number of failures within findtime that lead to a ban
 * @param bantime how long bans last
 * @param unproven the longest ban if nothing proves that the address is the sender's; such a ban never grows
 * @param lenience the limits for addresses that have logged in; if empty, a login only clears the counted failures
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
     * The limits for an address that has logged in.
     *
     * @param time how long they apply after its last login
     * @param maxretry the number of failures within findtime that lead to a ban
     * @param accounts the least number of different accounts among these failures
     * @param bantime how long such a ban lasts; it never grows
     */
    public record Lenience(Duration time, int maxretry, int accounts, Duration bantime) {
        BanTime banTime() {
            return fixed(bantime);
        }
    }
}
