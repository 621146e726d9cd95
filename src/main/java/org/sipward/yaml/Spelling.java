package org.sipward.yaml;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Guesses which known word was meant by an unknown one. */
public final class Spelling {
    private static final int MAX_CHARS = 64;

    /** Words of fail2ban, and everyday words, each with the key that it means. */
    private static final Map<String, String> SYNONYMS = Map.of(
            "logpath", "source",
            "backend", "source",
            "whitelist", "allowlist",
            "bantimemaxtime", "maxbantime",
            "increment", "bantime.increment",
            "key", "keyfile",
            "action", "firewall",
            "log", "file");

    private Spelling() {}

    /** Returns the candidate nearest to the word, if one is near. */
    static Optional<String> nearest(String word, Collection<String> candidates) {
        if (word.length() > MAX_CHARS) {
            return Optional.empty();
        }
        String plain = plain(word);
        int nearest = 1 + Math.min(3, Math.max(1, plain.length() / 3));
        Optional<String> found = Optional.empty();
        for (String candidate : candidates) {
            if (candidate.equals(SYNONYMS.get(plain))) {
                return Optional.of(candidate);
            }
            int distance = distance(plain, plain(candidate));
            if (distance < nearest) {
                nearest = distance;
                found = Optional.of(candidate);
            }
        }
        return found;
    }

    /** Returns the question whether the nearest candidate was meant, if one is near. */
    public static Optional<String> question(String word, Collection<String> candidates) {
        return nearest(word, candidates).map(near -> "did you mean " + near + "?");
    }

    /** Returns the word in lower case and without separators, since people vary both. */
    private static String plain(String word) {
        return word.toLowerCase(Locale.ROOT).replaceAll("[-_. ]", "");
    }

    /** Returns how many characters must be added, deleted, replaced, or swapped with a neighbour. */
    private static int distance(String from, String to) {
        int[][] cost = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                boolean same = from.charAt(i - 1) == to.charAt(j - 1);
                int least = cost[i - 1][j - 1] + (same ? 0 : 1);
                least = Math.min(least, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
                if (i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1)) {
                    least = Math.min(least, cost[i - 2][j - 2] + 1);
                }
                cost[i][j] = least;
            }
        }
        return cost[from.length()][to.length()];
    }
}
