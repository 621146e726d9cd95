package org.sipward.regex;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * The size of an expression once it is compiled, told without compiling it, so that an expression that is too large is
 * refused before it takes the memory. It is an upper bound: a program of this package or of re2j has no more steps.
 *
 * <p>Takes time linear in the expression's length and memory for {@link #MAX_DEPTH} groups, whatever the expression holds,
 * and reads also what is not a right expression.
 *
 * @param steps at most {@link #MOST}, which stands for "more than anybody can use"
 * @param depth how deep its parts are nested once repetitions are written out; one more than {@link #MAX_DEPTH} stands for
 *     anything deeper
 */
public record Cost(long steps, int depth) {
    /**
     * The deepest nesting that a stack of 512 KB has room for, as re2j calls itself for each level; it overflows from some
     * 550 levels on. Deeper groups are not looked into.
     */
    public static final int MAX_DEPTH = 300;

    /** No count goes beyond it. */
    public static final long MOST = 1_000_000_000;

    /** A named class of Unicode is a table of some hundred ranges. */
    private static final int UNICODE_CLASS = 50;

    /** Returns the cost of an expression in RE2's syntax. */
    public static Cost of(String regex) {
        return new Reader(regex).read();
    }

    /** Goes through an expression once. */
    private static final class Reader {
        private final String regex;
        private final Deque<Level> levels = new ArrayDeque<>();
        private int at;

        Reader(String regex) {
            this.regex = regex;
        }

        Cost read() {
            Level level = new Level();
            while (at < regex.length() && levels.size() <= MAX_DEPTH) {
                char c = regex.charAt(at++);
                switch (c) {
                    case '(' -> {
                        levels.push(level);
                        level = new Level();
                        skipFlags();
                    }
                    case ')' -> {
                        if (!levels.isEmpty()) {
                            Level group = level;
                            level = levels.pop();
                            level.addGroup(group);
                        }
                    }
                    case '*', '?' -> level.repeat(1, 1);
                    // Once, and then as often as there is.
                    case '+' -> level.repeat(2, 1);
                    case '{' -> repetition(level);
                    case '[' -> {
                        skipClass();
                        level.add(1);
                    }
                    case '\\' -> escaped(level);
                    default -> level.add(1);
                }
            }
            while (!levels.isEmpty()) {
                Level open = level;
                level = levels.pop();
                level.addGroup(open);
            }
            return new Cost(level.total(), Math.min(level.depth(), MAX_DEPTH + 1));
        }

        private void repetition(Level level) {
            int end = Count.end(regex, at - 1);
            Optional<Count> count = end < 0 ? Optional.empty() : Count.read(regex, at - 1);
            if (count.isEmpty()) {
                level.add(1);
            } else {
                int min = count.get().min();
                int max = count.get().max();
                level.repeat(max < 0 ? min + 1 : max, max < 0 ? 1 : max - min);
                at = end;
            }
        }

        private void escaped(Level level) {
            char c = at < regex.length() ? regex.charAt(at++) : '\\';
            if (c == 'Q') {
                int end = regex.indexOf("\\E", at);
                int next = end < 0 ? regex.length() : end;
                level.add(next - at);
                level.add(1);
                at = end < 0 ? next : next + 2;
            } else {
                level.add(c == 'p' || c == 'P' ? UNICODE_CLASS : 1);
                // A number or a name in braces, which is not a count.
                boolean braced = "xpP".indexOf(c) >= 0 && at < regex.length() && regex.charAt(at) == '{';
                at = braced ? Math.max(regex.indexOf('}', at), at) + 1 : at;
            }
        }

        /** Goes behind the flags or the name of a group; a group that has flags only ends with them. */
        private void skipFlags() {
            if (at < regex.length() && regex.charAt(at) == '?') {
                while (at < regex.length() && ":>)".indexOf(regex.charAt(at)) < 0) {
                    at++;
                }
                at += at < regex.length() && regex.charAt(at) != ')' ? 1 : 0;
            }
        }

        /** Goes behind the bracket that ends a class; one that stands first, or in a named class, does not end it. */
        private void skipClass() {
            at += at < regex.length() && regex.charAt(at) == '^' ? 1 : 0;
            at += at < regex.length() && regex.charAt(at) == ']' ? 1 : 0;
            while (at < regex.length() && regex.charAt(at) != ']') {
                int named = regex.startsWith("[:", at) ? regex.indexOf(":]", at) : -1;
                if (named >= 0) {
                    at = named + 2;
                } else {
                    at += regex.charAt(at) == '\\' ? 2 : 1;
                }
            }
            at++;
        }
    }

    /** What stands within one group, and of it the last part, which a repetition behind it repeats. */
    private static final class Level {
        private long before;
        private int depthBefore;
        private long last;
        private int lastDepth;

        void add(long steps) {
            add(steps, 0);
        }

        void addGroup(Level group) {
            // Its begin and its end are a step each.
            add(group.total() + 2, group.depth() + 1);
        }

        private void add(long steps, int depth) {
            before = total();
            depthBefore = depth();
            last = steps;
            lastDepth = depth;
        }

        /**
         * Repeats the last part. Each time takes a step that decides whether there is another one, and of those that may be
         * left out each is nested in the one before: {@code x{0,2}} is {@code (x(x)?)?}.
         */
        void repeat(int times, int levels) {
            last = Math.min(MOST, times * (last + 1));
            lastDepth += levels;
        }

        long total() {
            return Math.min(MOST, before + last);
        }

        int depth() {
            return Math.max(depthBefore, lastDepth);
        }
    }
}
