package org.sipward.agent;

import java.util.List;

/**
 * The result of a reload of the configuration.
 *
 * @param jails how many jails are in force now
 * @param feeds how many feeds are in force now
 * @param restart the parts of the configuration that have changed, but need a restart to take effect
 * @param allowlist what keeps parts of the allowlist from protecting anybody, in words
 */
record Reloaded(int jails, int feeds, List<String> restart, List<String> allowlist) {
    /** Returns {@code reloaded: 2 jails, 1 feed}. */
    @Override
    public String toString() {
        return "reloaded: " + Wording.count(jails, "jail") + ", " + Wording.count(feeds, "feed");
    }

    /** Returns everything in words; the first line is for all, the others for parts of the allowlist. */
    String words() {
        StringBuilder words = new StringBuilder(toString());
        if (!restart.isEmpty()) {
            words.append("; changes of ").append(String.join(", ", restart)).append(" need a restart");
        }
        allowlist.forEach(what -> words.append("\nallowlist: ").append(what));
        return words.toString();
    }
}
