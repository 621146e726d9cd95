package org.sipward.filter;

import java.util.List;
import java.util.Optional;
import org.sipward.filter.FilterException.Problem;
import org.sipward.regex.PatternSet;
import org.sipward.source.Line;

/**
 * Tells on which lines a second message begins: a server that cuts a long message cuts its line break too. How such a line
 * begins is what the sender of the first one wrote, or the server about him, and how it ends is the second one's: so nothing can
 * be read out of it. Immutable and thread-safe.
 */
final class Glue {
    /** What such lines are called. */
    static final String NAME = "glued";

    private final PatternSet.Pattern expression;
    private final LineRegex anywhere;
    private final LineRegex own;
    private final LineRegex second;

    private Glue(PatternSet.Pattern expression, LineRegex anywhere, LineRegex own, LineRegex second) {
        this.expression = expression;
        this.anywhere = anywhere;
        this.own = own;
        this.second = second;
    }

    /**
     * Compiles what the beginning of a message looks like; nothing is made where it looks like nothing.
     *
     * @param own the same rawprefix, compiled
     */
    static Optional<Glue> compile(String rawprefix, LineRegex own, String glued, List<Problem> problems) {
        if (glued.isEmpty()) {
            return Optional.empty();
        }
        CompiledPattern.checkSyntax("glued", glued, problems);
        String before = BlockPattern.before(rawprefix);
        String within = ".*(?:" + glued + ")";
        Optional<Re2> anywhere = BlockPattern.compile("glued", glued, "", within, problems);
        Optional<Re2> second = BlockPattern.compile("glued", glued, before, within, problems);
        if (anywhere.isEmpty() || second.isEmpty()) {
            return Optional.empty();
        }
        Optional<PatternSet.Pattern> expression = anywhere.get().forAutomaton(List.of(), false);
        if (expression.isEmpty()) {
            problems.add(
                    new Problem("glued", glued, "is too large, or holds what no automaton knows", "a simpler one"));
        }
        return expression.map(one -> new Glue(
                one, new LineRegex(within, anywhere.get()), own, new LineRegex(before + within, second.get())));
    }

    /** Returns what matches lines on which a message begins that may be a second one, as an automaton is made of it. */
    PatternSet.Pattern expression() {
        return expression;
    }

    /**
     * Returns whether a second message begins on a line.
     *
     * @param stampEnd where the line goes on behind a time stamp, or -1 if it has none
     */
    boolean isOn(Line line, int stampEnd) {
        return anywhere.isOn(line, Math.max(stampEnd, 0))
                && (stampEnd < 0 || !own.isOn(line, stampEnd) || second.isOn(line, stampEnd));
    }
}
