package org.sipward.filter;

import java.util.List;
import java.util.Optional;
import org.sipward.regex.PatternSet;
import org.sipward.source.Line;

/** Tells whether a line matches a regular expression, but not where its groups lie. Thread-safe. */
final class LineRegex {
    private final Literal literal;
    private final Re2 regex;
    private final Optional<PatternSet> automaton;

    /**
     * Makes one of an expression that is compiled already.
     *
     * @param source the expression as it is written, without its anchor
     * @param regex the same expression, compiled
     */
    LineRegex(String source, Re2 regex) {
        this.literal = Literal.of(source);
        this.regex = regex;
        this.automaton = regex.forAutomaton(List.of(), false).flatMap(one -> PatternSet.of(List.of(one)));
        if (automaton.isEmpty()) {
            regex.pattern();
        }
    }

    /** Compiles an expression of two pieces that are known to be valid. */
    static LineRegex of(String prefix, String message) {
        return new LineRegex(prefix + message, Re2.of(prefix, message));
    }

    /** Returns whether the line matches from this byte on. */
    boolean isOn(Line line, int from) {
        if (line.length() > 0 && !canEndIn(line.buffer()[line.to() - 1])) {
            return false;
        }
        int start = line.from() + Math.min(from, line.length());
        int[] hits = automaton.isEmpty() ? null : automaton.get().match(line.buffer(), start, line.to());
        if (hits != null) {
            return hits.length > 0;
        }
        Line rest = new Line();
        rest.set(line.buffer(), start, line.to(), line.arrival(), line.isLive());
        return literal.isIn(line) && regex.pattern().matcher(rest).lookingAt();
    }

    private boolean canEndIn(byte last) {
        return regex.message().isEmpty() || regex.message().get().canEndIn(last);
    }
}
