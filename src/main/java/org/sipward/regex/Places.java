package org.sipward.regex;

/**
 * Finds the places of a pattern's groups in bytes that it matches.
 *
 * <p>The bytes are read once forwards and once backwards. A group can start or end only at a position where both the
 * forward and the backward readings pass its mark. If there is only one such position, all readings agree. If there are
 * several, it follows the reading that re2j takes, from a position that all readings pass (see {@link Walk}). Groups
 * that must be certain are never decided by such a choice; the caller must then ask another matcher.
 *
 * <p>Memory is bounded: 4 bytes for each of {@link #MAX_ENTRIES} entries, forwards and backwards, plus the memory of
 * their states (see {@link TransitionTable}); 10 bytes for each byte read, at most {@link #MAX_BYTES}; some 40 bytes
 * for each step of the whole program. A full table is cleared and filled again. If it served few bytes, the next
 * {@link PatternSet#REST} calls are refused, because an attacker can write bytes that lead to ever new states.
 * Thread-safe by a lock.
 */
public final class Places {
    /** The most entries in each of the two tables. */
    static final int MAX_ENTRIES = 1 << 16;

    /** More bytes than this are not read. */
    static final int MAX_BYTES = 1 << 13;

    private static final int MAX_NEW_TRANSITIONS = 1_500;
    private static final int[] NOWHERE = {};
    private static final int UNMATCHED = -1;
    private static final int GIVEN_UP = -2;

    private final Forward forward;
    private final Backward backward;
    private final Walk walk;
    private final char[] classOf;
    private final int groups;
    private final int certain;
    private final boolean endMatters;
    private final int sharedEnds;
    /** The marks that forward readings pass, and their positions. */
    private int[] passedAt = new int[256];

    private int[] markedAt = new int[256];
    private int marked;
    /** The backward state at each position. */
    private short[] backwardStates = new short[256];

    private int[] ledKey = NOWHERE;
    private int ledState;
    private int first;
    private int left;
    private long bytes;
    private long made;
    private int resting;
    /** The marks that were seen; next, those seen at several positions, and the last position of each. */
    private int seen;

    private int seenTwice;
    private final int[] seenAt = new int[Integer.SIZE];

    Places(Program program, int pattern, int groups, int certain, boolean endMatters, int maxEntries) {
        boolean[] own = program.leadingTo(pattern);
        ByteClasses classes = program.classes(own);
        boolean[] none = new boolean[pattern + 1];
        this.forward = new Forward(program, classes, own, true, none, none, maxEntries);
        this.backward = new Backward(program, classes, pattern, endMatters ? Program.MATCH_MARK : 0, maxEntries);
        this.walk = new Walk(program, classes, own, backward);
        this.classOf = classes.table();
        this.groups = groups;
        this.certain = certain;
        this.endMatters = endMatters;
        this.sharedEnds = program.sharedEnds(own);
    }

    /**
     * Finds the groups in bytes if the pattern matches from the first byte on.
     *
     * @param lead how far the bytes were already read; only for a led pattern
     * @param places filled with the start and end of each group, counted from the first byte, or -1 twice if the group
     *     takes no part or the pattern does not have it; after them the end of the match, if that matters
     */
    public synchronized Answer find(byte[] buffer, int from, int to, Lead lead, int[] places) {
        int length = to - from;
        if (length > MAX_BYTES) {
            return Answer.OPEN;
        }
        if (resting > 0) {
            resting--;
            return Answer.OPEN;
        }
        if (length >= backwardStates.length) {
            int size = Math.max(length + 1, Math.min(backwardStates.length * 2, MAX_BYTES + 1));
            backwardStates = new short[size];
            passedAt = new int[size];
            markedAt = new int[size];
        }
        left = MAX_NEW_TRANSITIONS;
        Answer answer = answer(buffer, from, length, lead, places);
        bytes += length;
        made += MAX_NEW_TRANSITIONS - left;
        return answer;
    }

    /** The result of a search. */
    public enum Answer {
        /** Each group has its place, or is absent. */
        PLACED,
        /** The pattern does not match. */
        UNMATCHED,
        /** Another matcher must be asked; the places are meaningless. */
        OPEN
    }

    private Answer answer(byte[] buffer, int from, int length, Lead lead, int[] places) {
        int end = goForward(buffer, from, length, lead);
        if (end < 0) {
            return end == UNMATCHED ? Answer.UNMATCHED : Answer.OPEN;
        }
        boolean isSeen = goBackward(buffer, from, end, end == length);
        if (isSeen && first > 0 && (seen & sharedEnds) != 0) {
            // A group of the shared beginning has begun before the lead, and ended behind it.
            return answer(buffer, from, length, new Lead(), places);
        }
        return isSeen && place(buffer, from, end, end == length, places) ? Answer.PLACED : Answer.OPEN;
    }

    /** Notes the marks; returns the position at which the match is certain, or UNMATCHED or GIVEN_UP. */
    private int goForward(byte[] buffer, int from, int length, Lead lead) {
        boolean isLed = lead.isSet();
        first = isLed ? lead.place() : 0;
        marked = 0;
        int state = isLed ? led(lead.key()) : forward.start();
        if (state == TransitionTable.UNKNOWN) {
            return giveUp();
        }
        notePassed(forward.table().transition(state), first);
        int[] only = forward.table().only();
        short[] entries = forward.table().entries();
        int shift = forward.table().shift();
        for (int i = first; i < length; i++) {
            int byteClass = classOf[buffer[from + i] & 0xff];
            int known = only[state];
            int transition = known >>> Short.SIZE == byteClass ? (short) known : entries[(state << shift) + byteClass];
            if (transition == state) {
                // As in PatternSet. A transition to a state with marks has its bit set, so it differs from the state's
                // number.
                continue;
            }
            if (transition <= 0) {
                if (transition == TransitionTable.UNKNOWN) {
                    transition = left-- > 0 ? forward.transition(state, byteClass) : TransitionTable.UNKNOWN;
                    if (transition == TransitionTable.UNKNOWN) {
                        return giveUp();
                    }
                    only = forward.table().only();
                    entries = forward.table().entries();
                }
                if (transition <= 0) {
                    return transition == TransitionTable.DEAD ? UNMATCHED : i + 1;
                }
            }
            state = transition & (TransitionTable.MARKED - 1);
            if (transition != state) {
                notePassed(transition, i + 1);
            }
        }
        pass(forward.endMarks(state), length);
        return forward.matches(state).length == 0 ? UNMATCHED : length;
    }

    /** Notes the marks that are passed at the end of a transition. */
    private void notePassed(int transition, int place) {
        if ((transition & TransitionTable.MARKED) != 0) {
            int at = TransitionTable.MARKS * (transition & (TransitionTable.MARKED - 1));
            int[] marks = forward.table().marks();
            pass(marks[at + 1], place - 1);
            pass(marks[at], place);
        }
    }

    /** Notes marks that forward readings pass at a position; positions come in order. */
    private void pass(int marks, int place) {
        if (marks == 0) {
            return;
        }
        if (marked > 0 && markedAt[marked - 1] == place) {
            passedAt[marked - 1] |= marks;
            return;
        }
        markedAt[marked] = place;
        passedAt[marked++] = marks;
    }

    /** Returns the state here for a state of all patterns; it is the same for most lines. */
    private int led(int[] key) {
        if (key != ledKey) {
            ledState = forward.like(key);
            ledKey = ledState == TransitionTable.UNKNOWN ? NOWHERE : key;
        }
        return ledState;
    }

    private boolean goBackward(byte[] buffer, int from, int end, boolean atEnd) {
        seen = 0;
        seenTwice = 0;
        int state = atEnd ? backward.atEnd() : backward.matched();
        TransitionTable table = backward.table();
        int[] only = table.only();
        short[] entries = table.entries();
        int shift = table.shift();
        int next = marked - 1;
        // No further than the first mark: the bytes before it are known to match.
        for (int i = end; i > first && next >= 0; i--) {
            backwardStates[i] = (short) state;
            int byteClass = classOf[buffer[from + i - 1] & 0xff];
            int known = only[state];
            int transition = known >>> Short.SIZE == byteClass ? (short) known : entries[(state << shift) + byteClass];
            if (transition < 0) {
                transition = left-- > 0 ? backward.transition(state, byteClass) : TransitionTable.UNKNOWN;
                if (transition == TransitionTable.UNKNOWN) {
                    giveUp();
                    return false;
                }
                only = table.only();
                entries = table.entries();
            }
            state = transition & (TransitionTable.MARKED - 1);
            if (markedAt[next] == i) {
                if (transition != state) {
                    note(table.marks()[TransitionTable.MARKS * state] & passedAt[next], i);
                }
                next--;
            }
        }
        if (next >= 0 && first == 0) {
            backwardStates[0] = (short) state;
            note(backward.beginMarks(state) & passedAt[next], 0);
        }
        return true;
    }

    private void note(int marks, int place) {
        seenTwice |= seen & marks;
        seen |= marks;
        for (int rest = marks; rest != 0; rest &= rest - 1) {
            seenAt[Integer.numberOfTrailingZeros(rest)] = place;
        }
    }

    /** Turns marks into places; returns false if that is impossible. */
    private boolean place(byte[] buffer, int from, int end, boolean atEnd, int[] places) {
        if (endMatters && !isAtOnePlace(Program.MATCH_MARK)) {
            return false;
        }
        places[2 * groups] = endMatters ? at(Program.MATCH_MARK) : -1;
        for (int group = 0; group < groups; group++) {
            int start = Program.START << (Program.MARKS * group);
            int stop = Program.END << (Program.MARKS * group);
            int absent = Program.ABSENT << (Program.MARKS * group);
            boolean present = isAtOnePlace(start) && isAtOnePlace(stop) && (seen & absent) == 0;
            if (present || (seen & (start | stop)) == 0) {
                places[2 * group] = present ? at(start) : -1;
                places[2 * group + 1] = present ? at(stop) : -1;
            } else if (group < certain || !follow(group, buffer, from, end, atEnd, places)) {
                return false;
            }
        }
        return true;
    }

    private boolean isAtOnePlace(int mark) {
        return (seen & mark) != 0 && (seenTwice & mark) == 0;
    }

    private int at(int mark) {
        return seenAt[Integer.numberOfTrailingZeros(mark)];
    }

    private boolean follow(int group, byte[] buffer, int from, int end, boolean atEnd, int[] places) {
        int anchor = Program.ANCHOR << (Program.MARKS * group);
        return isAtOnePlace(anchor) && walk.from(at(anchor), group, buffer, from, end, atEnd, backwardStates, places);
    }

    /** Clears the tables if they are full. If the call only took too long, they are kept for the next call. */
    private int giveUp() {
        if (left >= 0) {
            forward.clear();
            ledKey = NOWHERE;
            backward.clear();
            walk.forget();
            resting = bytes < (made + MAX_NEW_TRANSITIONS - left) * PatternSet.WORTH ? PatternSet.REST : 0;
            bytes = 0;
            made = 0;
        }
        return GIVEN_UP;
    }
}
