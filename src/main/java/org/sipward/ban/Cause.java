package org.sipward.ban;

import org.jspecify.annotations.Nullable;

/**
 * The origin and reason of a ban. Many bans share one cause, so it is kept once for all of them.
 *
 * @param origin who asked for the ban
 * @param reason why they asked, in words
 */
public record Cause(Origin origin, String reason) {
    // Written out, as in IpAddress.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Cause that && reason.equals(that.reason) && origin.equals(that.origin);
    }

    @Override
    public int hashCode() {
        return 31 * origin.hashCode() + reason.hashCode();
    }
}
