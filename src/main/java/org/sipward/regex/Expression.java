package org.sipward.regex;

import java.util.Optional;

/** A regular expression that this package understands. Immutable. */
public final class Expression {
    private final Syntax syntax;
    private final boolean isTail;
    private final Bytes lastBytes;

    private Expression(Syntax syntax) {
        this.syntax = syntax;
        this.isTail = syntax.isTail();
        this.lastBytes = syntax.lastBytes();
    }

    /**
     * Reads an expression as re2j does with its flag DOTALL.
     *
     * @param regex one that re2j takes
     * @return empty if it holds what is not understood here: then only re2j can tell what it matches
     */
    public static Optional<Expression> of(String regex) {
        return SyntaxReader.read(regex).map(Expression::new);
    }

    /**
     * Returns whether bytes that end in this one can match. False is certain, and a cheap answer for expressions that end
     * in {@code $} where most lines end otherwise.
     */
    public boolean canEndIn(byte last) {
        return !isTail || lastBytes.contains(last & 0xff);
    }

    Syntax syntax() {
        return syntax;
    }
}
