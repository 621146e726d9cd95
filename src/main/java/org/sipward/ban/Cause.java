package org.sipward.ban;

import org.jspecify.annotations.Nullable;

/**
 * What many bans have in common, and is kept once for all of them.
 *
 * @param origin who asked for the ban
 * @param reason why, in words
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
