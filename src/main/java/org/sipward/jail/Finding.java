package org.sipward.jail;

import java.util.Optional;
import org.sipward.ban.BanTime;
import org.sipward.net.Network;

/**
 * An attack that a detector found.
 *
 * @param network the network to ban
 * @param kind one word for people and programs, such as {@code enumeration}
 * @param reason in words, without anything that an attacker wrote
 * @param failures how many failures, accounts, numbers or addresses were counted
 * @param proven whether all of them are proven to come from this network; false if a spoofed source may have caused
 *     some of them
 * @param bantime how long to ban, or empty for the jail's own ban time
 */
record Finding(Network network, String kind, String reason, int failures, boolean proven, Optional<BanTime> bantime) {}
