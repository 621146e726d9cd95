package org.sipward.filter;

import java.util.Optional;
import org.sipward.regex.PatternSet;
import org.sipward.source.Line;

/** A pattern, or the begin of a block: what the {@link Recogniser} looks for behind a time stamp. */
interface Candidate {
    /** Returns whether the line may match; false is certain, and cheap to find out. */
    boolean mayMatch(Line line);

    /** Returns the expression for an automaton, or empty if no automaton understands it. */
    Optional<PatternSet.Pattern> expression();

    /** Returns the groups to find where it matches. */
    Groups groups();
}
