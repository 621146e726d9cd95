package org.sipward.regex;

import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression that this package understands. Two expressions are equal if they are written the same.
 * Immutable.
 */
public final class Expression {
    private final String regex;
    private final Syntax syntax;
    private final boolean isTail;
    private final Bytes lastBytes;

    private Expression(String regex, Syntax syntax) {
        this.regex = regex;
        this.syntax = syntax;
        this.isTail = syntax.isTail();
        this.lastBytes = syntax.lastBytes();
    }

    /**
     * Reads an expression as re2j does with its flag DOTALL.
     *
     * @return empty if it contains syntax that is unknown here; then only re2j can tell what it matches, or what is
     *     wrong with it
     */
    public static Optional<Expression> of(String regex) {
        return SyntaxReader.read(regex).map(syntax -> new Expression(regex, syntax));
    }

    /**
     * Returns whether bytes that end in this byte can match. False is certain, and a cheap answer for expressions that
     * end in {@code $} if most lines end differently.
     */
    public boolean canEndIn(byte last) {
        return !isTail || lastBytes.contains(last & 0xff);
    }

    /** Returns the names of the expression's groups, in order. */
    public Set<String> groups() {
        return syntax.groups();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Expression that && regex.equals(that.regex);
    }

    @Override
    public int hashCode() {
        return regex.hashCode();
    }

    Syntax syntax() {
        return syntax;
    }
}
