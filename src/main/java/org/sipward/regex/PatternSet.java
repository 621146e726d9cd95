package org.sipward.regex;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds which of many patterns match some bytes, in one pass, with one table lookup per byte and no allocation.
 *
 * <p>The table is filled while it is used, from a few kilobytes up to {@link #MAX_ENTRIES} times 4 bytes plus the
 * memory of its states (see {@link TransitionTable}); then it is cleared and filled again. The steps of all patterns
 * take some 40 bytes each. An attacker can write bytes that lead to ever new states, so a call gives up after
 * {@link #MAX_NEW_TRANSITIONS} new transitions. If a full table served few bytes, the next {@link #REST} calls are
 * refused; the caller then has to ask another matcher.
 *
 * <p>Thread-safe by a lock.
 */
public final class PatternSet {
    /** The most entries in the table. */
    static final int MAX_ENTRIES = 1 << 18;

    /** The most new transitions that one call computes. Each costs some microseconds. */
    static final int MAX_NEW_TRANSITIONS = 1_500;

    /** A table was not worth filling if it served fewer bytes than this for each transition. */
    static final int WORTH = 32;

    /** How many calls are refused after that. */
    static final int REST = 256;

    private static final int[] NOTHING = {};

    private final List<Pattern> patterns;
    private final Program program;
    private final Forward forward;
    private final char[] classOf;
    private final Lead ownLead = new Lead();
    private long bytes;
    private long made;
    private int resting;

    private PatternSet(List<Pattern> patterns, Program program, int maxEntries) {
        this.patterns = List.copyOf(patterns);
        this.program = program;
        boolean[] early = new boolean[patterns.size()];
        boolean[] led = new boolean[patterns.size()];
        for (int i = 0; i < early.length; i++) {
            early[i] = patterns.get(i).early();
            led[i] = patterns.get(i).led();
        }
        boolean[] all = program.leadingTo(Program.NONE);
        ByteClasses classes = program.classes(all);
        this.forward = new Forward(program, classes, all, false, early, led, maxEntries);
        this.classOf = classes.table();
    }

    /** Compiles the patterns into one matcher; empty if it would exceed the size limit. */
    public static Optional<PatternSet> of(List<Pattern> patterns) {
        return of(patterns, MAX_ENTRIES);
    }

    static Optional<PatternSet> of(List<Pattern> patterns, int maxEntries) {
        return Program.of(patterns).map(program -> new PatternSet(patterns, program, maxEntries));
    }

    /**
     * Returns a finder for the groups of a pattern; empty if there are too many groups, or if a group is within a
     * repetition.
     *
     * @param certain how many of the first groups must have only one possible place
     * @param endMatters whether the end of the match must have only one possible place
     */
    public Optional<Places> places(int pattern, int certain, boolean endMatters) {
        return places(pattern, certain, endMatters, Places.MAX_ENTRIES);
    }

    Optional<Places> places(int pattern, int certain, boolean endMatters, int maxEntries) {
        int groups = patterns.get(pattern).groups().size();
        return patterns.get(pattern).canBePlaced()
                ? Optional.of(new Places(program, pattern, groups, certain, endMatters, maxEntries))
                : Optional.empty();
    }

    /**
     * Returns the list indexes of the patterns that match from the first byte on, in order. A match need not reach the
     * last byte, unless the pattern ends in {@code $}.
     *
     * @param lead set to how far the bytes were read before a group or match of a led pattern could begin, or cleared
     * @return an array that must not be changed; null if the call gave up
     */
    public synchronized int @Nullable [] match(byte[] buffer, int from, int to, Lead lead) {
        lead.clear();
        if (resting > 0) {
            resting--;
            return null;
        }
        int[] only = forward.table().only();
        short[] entries = forward.table().entries();
        int shift = forward.table().shift();
        int state = forward.start();
        int left = MAX_NEW_TRANSITIONS;
        for (int i = from; i < to; i++) {
            int byteClass = classOf[buffer[i] & 0xff];
            int known = only[state];
            int transition = known >>> Short.SIZE == byteClass ? (short) known : entries[(state << shift) + byteClass];
            if (transition == state) {
                // Usual within free text. The processor then knows the next state without waiting for the table.
                continue;
            }
            if (transition <= 0) {
                // A new transition can lead to a new table, in which the state has another number.
                int[] key = forward.table().key(state);
                if (transition == TransitionTable.UNKNOWN) {
                    transition = left-- > 0 ? transition(state, byteClass, bytes + i - from) : TransitionTable.UNKNOWN;
                    only = forward.table().only();
                    entries = forward.table().entries();
                }
                if (transition < TransitionTable.CROSSED) {
                    lead.set(key, i - from);
                    transition -= TransitionTable.CROSSING;
                } else if (transition <= 0) {
                    bytes += i - from;
                    return ended(transition, i + 1 - from, lead);
                }
            }
            state = transition;
        }
        bytes += to - from;
        return forward.matches(state);
    }

    /** Returns the patterns that match, like {@link #match(byte[], int, int, Lead)}. */
    public synchronized int @Nullable [] match(byte[] buffer, int from, int to) {
        return match(buffer, from, to, ownLead);
    }

    private int @Nullable [] ended(int transition, int place, Lead lead) {
        if (transition == TransitionTable.UNKNOWN) {
            return null;
        }
        if (transition == TransitionTable.DEAD) {
            return NOTHING;
        }
        int[] key = forward.table().key(-2 - transition);
        if (forward.isUnmarked(key)) {
            lead.set(key, place);
        }
        return forward.matches(transition);
    }

    /** Computes a new transition, with a new table if necessary. */
    private int transition(int state, int byteClass, long served) {
        made++;
        int transition = forward.transition(state, byteClass);
        if (transition == TransitionTable.UNKNOWN) {
            if (served < made * WORTH) {
                resting = REST;
            }
            bytes = 0;
            made = 0;
            int kept = forward.clearBut(state);
            transition = kept == TransitionTable.UNKNOWN || resting > 0
                    ? TransitionTable.UNKNOWN
                    : forward.transition(kept, byteClass);
        }
        return transition;
    }

    /**
     * A pattern in two parts. Patterns with the same first part share the work for it.
     *
     * @param prefix the first part
     * @param message the second part
     * @param groups the names of the groups to find
     * @param early whether the pattern is reported as soon as no other pattern can match any more, even though it may
     *     not match itself
     * @param led whether a {@link Lead} lies before this pattern's groups and match
     */
    public record Pattern(Expression prefix, Expression message, List<String> groups, boolean early, boolean led) {
        /** Makes a pattern that is led if it is early. */
        public Pattern(Expression prefix, Expression message, List<String> groups, boolean early) {
            this(prefix, message, groups, early, early);
        }

        boolean canBePlaced() {
            return groups.size() <= Program.MAX_GROUPS
                    && Program.canMark(prefix.syntax(), groups)
                    && Program.canMark(message.syntax(), groups);
        }
    }
}
