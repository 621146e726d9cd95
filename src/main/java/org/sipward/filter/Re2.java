package org.sipward.filter;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.sipward.regex.Expression;
import org.sipward.regex.PatternSet;

/**
 * A regular expression that means what re2j says it means. Where our automata understand it too, re2j is rarely asked,
 * and compiles the expression only when it is: its programs for one filter take a megabyte. Thread-safe.
 */
final class Re2 {
    private final String regex;
    private final Optional<Expression> before;
    private final Optional<Expression> behind;
    private final Lazy<Pattern> pattern;

    private Re2(String regex, Optional<Expression> before, Optional<Expression> behind) {
        this.regex = regex;
        this.before = before;
        this.behind = behind;
        this.pattern = new Lazy<>(() -> Pattern.compile(regex, Pattern.DOTALL));
    }

    /**
     * Returns the expression for a prefix and the message that follows it. Either may be empty.
     *
     * @throws PatternSyntaxException if re2j cannot compile it
     */
    static Re2 of(String prefix, String message) {
        String first = "(?:" + prefix + ")";
        String second = "(?:" + message + ")";
        Re2 joined = new Re2(first + second, Expression.of(first), Expression.of(second));
        if (!joined.isUnderstood()) {
            joined.pattern();
        }
        return joined;
    }

    /** Returns whether our automata understand it, so that it is certain to be valid without asking re2j. */
    private boolean isUnderstood() {
        return before.isPresent()
                && behind.isPresent()
                && Collections.disjoint(before.get().groups(), behind.get().groups());
    }

    /** Returns the same expression with greedy repetitions made lazy, and lazy ones greedy. */
    Re2 turned() {
        return new Re2("(?U)" + regex, Optional.empty(), Optional.empty());
    }

    /** Returns the expression for our automata, led if it is early, or empty if they do not understand it. */
    Optional<PatternSet.Pattern> forAutomaton(List<String> groups, boolean early) {
        return forAutomaton(groups, early, early);
    }

    /**
     * Returns the expression for our automata, or empty if they do not understand it; see {@link PatternSet.Pattern}.
     */
    Optional<PatternSet.Pattern> forAutomaton(List<String> groups, boolean early, boolean led) {
        return before.flatMap(first -> behind.map(second -> new PatternSet.Pattern(first, second, groups, early, led)));
    }

    /** Returns the message's part of the expression, or empty if our automata do not understand it. */
    Optional<Expression> message() {
        return behind;
    }

    /** Returns whether it has a group of this name. */
    boolean has(String group) {
        return isUnderstood()
                ? before.orElseThrow().groups().contains(group)
                        || behind.orElseThrow().groups().contains(group)
                : pattern().namedGroups().containsKey(group);
    }

    /** Returns re2j's compiled form. The first call compiles it. */
    Pattern pattern() {
        return pattern.get();
    }
}
