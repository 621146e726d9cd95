package org.sipward.jail;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.sipward.filter.Match;

/**
 * Knows programs by the name they give themselves. That is the sender's own text: it may double the weight of a failure,
 * but never makes one failure enough.
 *
 * <p>Immutable and thread-safe.
 */
final class AttackTools {
    /** No program has a longer name; what stands behind is not looked at. */
    private static final int MAX_CHARS = 256;

    private final List<String> names;

    /** Makes one that looks for these names anywhere in a program's, in upper or lower case. */
    AttackTools(Collection<String> names) {
        this.names = names.stream().map(AttackTools::lower).toList();
    }

    /**
     * Returns how many failures this one counts as: twice as many as its pattern says if an attack tool is named, but
     * fewer than maxretry if the pattern says fewer.
     */
    int weight(Match failure, int maxretry) {
        return isNamed(failure)
                ? Math.max(failure.weight(), Math.min(2 * failure.weight(), maxretry - 1))
                : failure.weight();
    }

    /** Returns whether the sender gives one of these names. */
    private boolean isNamed(Match failure) {
        if (names.isEmpty() || failure.claims().agent().isEmpty()) {
            return false;
        }
        String agent = failure.claims().agent().get();
        String text = lower(agent.substring(0, Math.min(MAX_CHARS, agent.length())));
        return names.stream().anyMatch(text::contains);
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
