package org.sipward.filter;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.sipward.filter.FilterException.Problem;
import org.sipward.regex.PatternSet;
import org.sipward.source.Line;

/**
 * Tells on which lines a second message begins. A server that cuts a long message cuts its line break too, so the next
 * message stands on the same line. Such a line begins with the words of one caller and ends with those of another:
 * nothing can be read out of it.
 *
 * <p>Immutable and thread-safe.
 */
final class Glue {
    /** The name of such lines. */
    static final String NAME = "glued";

    /** The most beginnings that are looked at on a line. An honest line has fewer. */
    static final int MAX_STARTS = 64;

    private static final String TEXT = "<F-TEXT>";
    /** A time stamp in brackets has at most 40 bytes behind the opening one. */
    private static final int MAX_STAMP = 41;

    private final PatternSet.Pattern expression;
    private final LineRegex anywhere;
    private final LineRegex own;
    private final LineRegex second;
    private final Optional<Pattern> start;

    private Glue(
            PatternSet.Pattern expression,
            LineRegex anywhere,
            LineRegex own,
            LineRegex second,
            Optional<Pattern> start) {
        this.expression = expression;
        this.anywhere = anywhere;
        this.own = own;
        this.second = second;
        this.start = start;
    }

    /**
     * Compiles the key {@code glued} of a filter. Returns empty if there is none, or if anything is wrong with it,
     * which is added to the problems.
     *
     * @param own the rawprefix, compiled
     */
    static Optional<Glue> compile(String rawprefix, LineRegex own, String glued, List<Problem> problems) {
        if (glued.isEmpty()) {
            return Optional.empty();
        }
        CompiledPattern.checkSyntax("glued", glued.replace(TEXT, ""), problems);
        String before = BlockPattern.before(rawprefix);
        String within = ".*(?:" + glued.replace(TEXT, "") + ")";
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
        Optional<Pattern> start = glued.contains(TEXT)
                ? Optional.of(Pattern.compile(glued.replace(TEXT, "(?P<text>)"), Pattern.DOTALL))
                : Optional.empty();
        return expression.map(one -> new Glue(
                one, new LineRegex(within, anywhere.get()), own, new LineRegex(before + within, second.get()), start));
    }

    /** Returns whether {@link #starts} can be called: it needs a {@code <F-TEXT>} in the expression. */
    boolean tellsStarts() {
        return start.isPresent();
    }

    /**
     * Returns the places of a line at which messages may begin, in order. Some may be made up by callers. If there are
     * more than {@link #MAX_STARTS}, returns the first ones.
     */
    List<Start> starts(Line line) {
        List<Start> starts = new ArrayList<>();
        Matcher matcher = start.orElseThrow().matcher(line);
        while (starts.size() < MAX_STARTS && matcher.find()) {
            int stampEnd = matcher.start("text");
            int stamp = stampEnd < 0 ? -1 : stampBefore(line, matcher.start());
            if (stamp >= 0) {
                starts.add(new Start(stamp, stampEnd, matcher.end(), isConsoles(line, stampEnd, matcher.end())));
            }
        }
        return starts;
    }

    /** Returns the index of the bracket that this one closes, or -1. */
    private static int stampBefore(Line line, int close) {
        for (int i = close - 1; i >= 0 && i >= close - MAX_STAMP; i--) {
            if (line.charAt(i) == '[') {
                return i;
            }
        }
        return -1;
    }

    private static boolean isConsoles(Line line, int from, int to) {
        for (int i = from + 1; i < to; i++) {
            if (line.charAt(i) == ':' && line.charAt(i - 1) == ']') {
                return true;
            }
        }
        return false;
    }

    /**
     * Where a message may begin on a line.
     *
     * @param stamp where its time stamp begins
     * @param stampEnd where its time stamp ends
     * @param text where its text begins, behind the level and the thread
     * @param isConsoles whether it looks like a console's message. A console has messages without a stamp too
     */
    record Start(int stamp, int stampEnd, int text, boolean isConsoles) {}

    /** Returns the expression, for an automaton, of lines on which a message begins that may be a second one. */
    PatternSet.Pattern expression() {
        return expression;
    }

    /**
     * Returns whether a second message begins on a line.
     *
     * @param stampEnd where the line goes on behind its time stamp, or -1 if it has none
     */
    boolean isOn(Line line, int stampEnd) {
        return anywhere.isOn(line, Math.max(stampEnd, 0))
                && (stampEnd < 0 || !own.isOn(line, stampEnd) || second.isOn(line, stampEnd));
    }
}
