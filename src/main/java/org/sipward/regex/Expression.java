package org.sipward.regex;

import java.util.Optional;

/** A regular expression that this package understands. Immutable. */
public final class Expression {
    private final Syntax syntax;

    private Expression(Syntax syntax) {
        this.syntax = syntax;
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

    Syntax syntax() {
        return syntax;
    }
}
