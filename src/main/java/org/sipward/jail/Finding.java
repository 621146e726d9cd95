package org.sipward.jail;

import java.util.Optional;
import org.sipward.ban.BanTime;
import org.sipward.net.Network;

/**
 * An attack that was noticed.
 *
 * @param network whom to ban
 * @param kind one word for people and programs, such as {@code enumeration}
 * @param reason in words, without anything that an attacker wrote
 * @param failures how many failures or things speak for it
 * @param proven whether all that speaks for it came from where it says; false where a made-up source address can have
 *     brought a part of it about
 * @param bantime how long, or empty for as long as the jail's bans last
 */
record Finding(Network network, String kind, String reason, int failures, boolean proven, Optional<BanTime> bantime) {}
