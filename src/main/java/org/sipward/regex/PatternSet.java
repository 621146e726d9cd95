package org.sipward.regex;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells which of many patterns match some bytes, in one pass, one look into a table for each byte, and no allocation.
 *
 * <p>The table is filled while it is used, from a few kilobytes to {@link #MAX_ENTRIES} times 4 bytes and what its states
 * take besides (see {@link TransitionTable}); then it is begun anew. The steps of all patterns take some 40 bytes each. Bytes that lead to ever new states (which a stranger can write) are given up after {@link #MAX_NEW_WAYS}; where a
 * full table served few bytes, the next {@link #REST} calls are turned down. Then another matcher is to be asked.
 *
 * <p>Thread-safe by a lock.
 */
public final class PatternSet {
    /** The most entries of the table. */
    static final int MAX_ENTRIES = 1 << 18;

    /** The most ways that one call makes. Each costs some microseconds. */
    static final int MAX_NEW_WAYS = 1_500;

    /** A table that was filled for fewer bytes than so many for each way was not worth it. */
    static final int WORTH = 32;

    /** How many calls are turned down then. */
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
        for (int i = 0; i < early.length; i++) {
            early[i] = patterns.get(i).early();
        }
        boolean[] all = program.leadingTo(Program.NONE);
        ByteClasses classes = program.classes(all);
        this.forward = new Forward(program, classes, all, false, early, maxEntries);
        this.classOf = classes.table();
    }

    /** Returns what tells which of these patterns match, or empty if it would be too large. */
    public static Optional<PatternSet> of(List<Pattern> patterns) {
        return of(patterns, MAX_ENTRIES);
    }

    static Optional<PatternSet> of(List<Pattern> patterns, int maxEntries) {
        return Program.of(patterns).map(program -> new PatternSet(patterns, program, maxEntries));
    }

    /**
     * Returns what finds the groups of a pattern, or empty if they cannot be found: too many, or within a repetition.
     *
     * @param certain how many of its groups, from the first, must have one place only
     * @param endMatters whether the end of the match must have one place only
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
     * Returns which patterns match from the first byte on, by their place in the list, in order. They need not reach the
     * last byte, unless they end in {@code $}.
     *
     * @param lead set to how far the bytes were gone over before anything of an early pattern was to be noted, or cleared
     * @return not to be changed; null if it was given up
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
        int left = MAX_NEW_WAYS;
        for (int i = from; i < to; i++) {
            int byteClass = classOf[buffer[i] & 0xff];
            int known = only[state];
            int way = known >>> Short.SIZE == byteClass ? (short) known : entries[(state << shift) + byteClass];
            if (way == state) {
                // Usual within free text: so the processor need not wait for the table to know the next state.
                continue;
            }
            if (way <= 0) {
                // A new way can lead to a new table, in which the state has another number.
                int[] key = forward.table().key(state);
                if (way == TransitionTable.UNKNOWN) {
                    way = left-- > 0 ? way(state, byteClass, bytes + i - from) : TransitionTable.UNKNOWN;
                    only = forward.table().only();
                    entries = forward.table().entries();
                }
                if (way < TransitionTable.CROSSED) {
                    lead.set(key, i - from);
                    way -= TransitionTable.CROSSING;
                } else if (way <= 0) {
                    bytes += i - from;
                    return ended(way, i + 1 - from, lead);
                }
            }
            state = way;
        }
        bytes += to - from;
        return forward.matches(state);
    }

    /** Returns which patterns match, as {@link #match(byte[], int, int, Lead)} does. */
    public synchronized int @Nullable [] match(byte[] buffer, int from, int to) {
        return match(buffer, from, to, ownLead);
    }

    private int @Nullable [] ended(int way, int place, Lead lead) {
        if (way == TransitionTable.UNKNOWN) {
            return null;
        }
        if (way == TransitionTable.DEAD) {
            return NOTHING;
        }
        int[] key = forward.table().key(-2 - way);
        if (forward.isUnmarked(key)) {
            lead.set(key, place);
        }
        return forward.matches(way);
    }

    /** Goes a new way, with a new table if need be. */
    private int way(int state, int byteClass, long served) {
        made++;
        int way = forward.way(state, byteClass);
        if (way == TransitionTable.UNKNOWN) {
            if (served < made * WORTH) {
                resting = REST;
            }
            bytes = 0;
            made = 0;
            int kept = forward.clearBut(state);
            way = kept == TransitionTable.UNKNOWN || resting > 0
                    ? TransitionTable.UNKNOWN
                    : forward.way(kept, byteClass);
        }
        return way;
    }

    /**
     * A pattern, in two parts: patterns that have the same first part share the work for it.
     *
     * @param prefix what comes first
     * @param message what follows
     * @param groups the names of its groups that are of interest
     * @param early whether it counts as matching as soon as no other pattern may match besides: then it need not match
     */
    public record Pattern(Expression prefix, Expression message, List<String> groups, boolean early) {
        boolean canBePlaced() {
            return groups.size() <= Program.MAX_GROUPS
                    && Program.canMark(prefix.syntax(), groups)
                    && Program.canMark(message.syntax(), groups);
        }
    }
}
