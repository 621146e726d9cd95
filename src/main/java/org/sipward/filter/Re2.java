package org.sipward.filter;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.sipward.regex.Expression;
import org.sipward.regex.PatternSet;

/**
 * A regular expression as re2j reads it, which is the authority on what it means. Where automata can be made of it, re2j
 * is rarely asked, and its program is made when it is: those of one filter take a megabyte. Thread-safe.
 */
final class Re2 {
    private final String regex;
    private final Optional<Expression> before;
    private final Optional<Expression> behind;
    private @Nullable Pattern pattern;

    private Re2(String regex, Optional<Expression> before, Optional<Expression> behind) {
        this.regex = regex;
        this.before = before;
        this.behind = behind;
    }

    /**
     * Returns a message behind a prefix, which may be empty both.
     *
     * @throws PatternSyntaxException if re2j does not know it
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

    /** Returns whether it is known to be one without asking re2j. */
    private boolean isUnderstood() {
        return before.isPresent()
                && behind.isPresent()
                && Collections.disjoint(before.get().groups(), behind.get().groups());
    }

    /** Returns the same with its repetitions turned: greedy ones lazy, and lazy ones greedy. */
    Re2 turned() {
        return new Re2("(?U)" + regex, Optional.empty(), Optional.empty());
    }

    /** Returns the expression as an automaton can be made of it, if it can; see {@link PatternSet.Pattern}. */
    Optional<PatternSet.Pattern> forAutomaton(List<String> groups, boolean early) {
        return before.flatMap(first -> behind.map(second -> new PatternSet.Pattern(first, second, groups, early)));
    }

    /** Returns the message, if it is understood without re2j. */
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

    /** Returns re2j's program, which the first call makes. */
    synchronized Pattern pattern() {
        if (pattern == null) {
            pattern = Pattern.compile(regex, Pattern.DOTALL);
        }
        return pattern;
    }
}
