package org.sipward.filter;

import org.jspecify.annotations.Nullable;

/** An expression that is compiled when it is needed first, for what only hostile logs need. Thread-safe. */
final class Lazy {
    private final String prefix;
    private final String message;
    private @Nullable LineRegex regex;

    /** Notes an expression of two pieces that are known to be sound. */
    Lazy(String prefix, String message) {
        this.prefix = prefix;
        this.message = message;
    }

    synchronized LineRegex get() {
        if (regex == null) {
            regex = new LineRegex(prefix + message, Re2.of(prefix, message));
        }
        return regex;
    }
}
