package org.sipward.jail;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.sipward.filter.Match;

/**
 * Recognises attack tools by the name that they give themselves. That name is the sender's own text: it may double the
 * weight of a failure, but one failure is never enough for a ban because of it.
 *
 * <p>Immutable and thread-safe.
 */
final class AttackTools {
    /** No real program has a longer name; the rest of the text is ignored. */
    private static final int MAX_CHARS = 256;

    private final List<String> names;

    /** Takes the names to look for. They match anywhere in a program's name, in upper or lower case. */
    AttackTools(Collection<String> names) {
        this.names = names.stream().map(AttackTools::lower).toList();
    }

    /**
     * Returns how many failures this one counts as: twice as many as its pattern says if an attack tool is named, but
     * fewer than maxretry if the pattern's own weight is below maxretry.
     */
    int weight(Match failure, int maxretry) {
        return isNamed(failure)
                ? Math.max(failure.weight(), Math.min(2 * failure.weight(), maxretry - 1))
                : failure.weight();
    }

    /** Returns whether the sender claims to be one of these programs. */
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
