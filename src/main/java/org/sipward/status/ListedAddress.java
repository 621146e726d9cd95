package org.sipward.status;

import java.time.Instant;
import org.sipward.ban.Origin;
import org.sipward.net.Network;

/**
 * An address or prefix that a feed lists, but that is not banned here.
 *
 * @param reason why it is not banned, in words
 * @param comesBack whether it is banned again when the feed next reads its whole list, as after an unban by command
 * @param since when it was first not banned, without a gap since
 * @param last when the feed last showed it, or the operator unbanned it
 */
public record ListedAddress(
        Network network, Origin feed, String reason, boolean comesBack, Instant since, Instant last) {}
