package org.sipward.regex;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * The size that an expression would have when compiled. It is computed without compiling, so that an expression that
 * is too large is refused before it takes memory. It is an upper bound: a program of this package or of re2j does not
 * have more steps.
 *
 * <p>Takes time linear in the expression's length and memory for {@link #MAX_DEPTH} groups, whatever the expression
 * contains. Also reads invalid expressions.
 *
 * @param steps the number of steps, at most {@link #MOST}, which means "more than anybody can use"
 * @param depth how deep the parts are nested once repetitions are written out; {@link #MAX_DEPTH} + 1 means anything
 *     deeper
 */
public record Cost(long steps, int depth) {
    /**
     * The deepest nesting that is safe on a stack of 512 KB. re2j calls itself for each level, and overflows that
     * stack from some 550 levels on. Deeper groups are not read.
     */
    public static final int MAX_DEPTH = 300;

    /** No count exceeds this. */
    public static final long MOST = 1_000_000_000;

    /** A Unicode class is a table of some hundred ranges. */
    private static final int UNICODE_CLASS = 50;

    /** Returns the cost of an expression in RE2's syntax. */
    public static Cost of(String regex) {
        return new Reader(regex).read();
    }

    /** Reads an expression once. */
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
                    // Once, and then any number of times.
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
                // A number or a name in braces is not a count.
                boolean braced = "xpP".indexOf(c) >= 0 && at < regex.length() && regex.charAt(at) == '{';
                at = braced ? Math.max(regex.indexOf('}', at), at) + 1 : at;
            }
        }

        /** Skips the flags or the name of a group. A group that has only flags ends with them. */
        private void skipFlags() {
            if (at < regex.length() && regex.charAt(at) == '?') {
                while (at < regex.length() && ":>)".indexOf(regex.charAt(at)) < 0) {
                    at++;
                }
                at += at < regex.length() && regex.charAt(at) != ')' ? 1 : 0;
            }
        }

        /**
         * Skips to after the bracket that ends a class. A bracket that comes first, or in a named class, does not end
         * it.
         */
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

    /**
     * The content of one group. Its last part is kept separately, because a repetition after it repeats only that
     * part.
     */
    private static final class Level {
        private long before;
        private int depthBefore;
        private long last;
        private int lastDepth;

        void add(long steps) {
            add(steps, 0);
        }

        void addGroup(Level group) {
            // The group's start and end take one step each.
            add(group.total() + 2, group.depth() + 1);
        }

        private void add(long steps, int depth) {
            before = total();
            depthBefore = depth();
            last = steps;
            lastDepth = depth;
        }

        /**
         * Repeats the last part. Each repetition takes one step that decides whether there is another. Optional
         * repetitions are nested: {@code x{0,2}} is {@code (x(x)?)?}.
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
