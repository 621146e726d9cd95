package org.sipward.regex;

/**
 * Tells where the groups of a pattern lie in bytes that it matches.
 *
 * <p>The bytes are gone over once forwards and once backwards. A bound of a group lies where readings from the front and
 * readings from the back pass it alike. If that is one place only, then all ways to read the bytes agree about it. Where it
 * is not, the reading is followed that re2j takes, from a place that all readings pass (see {@link Walk}); but groups that
 * are to be certain are not given up to such a choice: then another matcher must be asked.
 *
 * <p>Memory is bounded: 4 bytes for each of {@link #MAX_ENTRIES} entries, forwards and backwards, and what their states take
 * besides (see {@link TransitionTable}); 10 for each of the bytes looked at, at most {@link #MAX_BYTES}; some 40 for each step of the
 * whole program. A full table is begun anew; where it served few bytes, the next {@link PatternSet#REST} calls are turned
 * down, since a stranger may write what leads to ever new states. Thread-safe by a lock.
 */
public final class Places {
    /** The most entries of each of the two tables. */
    static final int MAX_ENTRIES = 1 << 16;

    /** More bytes are not looked at. */
    static final int MAX_BYTES = 1 << 13;

    private static final int MAX_NEW_WAYS = 1_500;
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
    /** The marks that readings from the front pass, and where. */
    private int[] passedAt = new int[256];

    private int[] markedAt = new int[256];
    private int marked;
    /** By place, the state backwards. */
    private short[] behind = new short[256];

    private int[] ledKey = NOWHERE;
    private int ledState;
    private int first;
    private int left;
    private long bytes;
    private long made;
    private int resting;
    /** The marks that were seen, those at several places, and where each was seen last. */
    private int seen;

    private int seenTwice;
    private final int[] seenAt = new int[Integer.SIZE];

    Places(Program program, int pattern, int groups, int certain, boolean endMatters, int maxEntries) {
        boolean[] own = program.leadingTo(pattern);
        ByteClasses classes = program.classes(own);
        this.forward = new Forward(program, classes, own, true, new boolean[pattern + 1], maxEntries);
        this.backward = new Backward(program, classes, pattern, endMatters ? Program.MATCH_MARK : 0, maxEntries);
        this.walk = new Walk(program, classes, own, backward);
        this.classOf = classes.table();
        this.groups = groups;
        this.certain = certain;
        this.endMatters = endMatters;
    }

    /**
     * Finds the groups in bytes if the pattern matches from the first one on.
     *
     * @param lead how far the bytes were gone over; only for an early pattern
     * @param places filled with where each group starts and ends, counted from the first byte, or -1 twice if it takes no
     *     part or is none of the pattern's; behind them where the match ends, if that matters
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
        if (length >= behind.length) {
            int size = Math.max(length + 1, Math.min(behind.length * 2, MAX_BYTES + 1));
            behind = new short[size];
            passedAt = new int[size];
            markedAt = new int[size];
        }
        left = MAX_NEW_WAYS;
        Answer answer = answer(buffer, from, length, lead, places);
        bytes += length;
        made += MAX_NEW_WAYS - left;
        return answer;
    }

    /** What can be said of bytes. */
    public enum Answer {
        /** Each group has its place, or none. */
        PLACED,
        /** The pattern does not match. */
        UNMATCHED,
        /** Another matcher must be asked; the places mean nothing. */
        OPEN
    }

    private Answer answer(byte[] buffer, int from, int length, Lead lead, int[] places) {
        int end = goForward(buffer, from, length, lead);
        if (end < 0) {
            return end == UNMATCHED ? Answer.UNMATCHED : Answer.OPEN;
        }
        boolean found = goBackward(buffer, from, end, end == length) && place(buffer, from, end, end == length, places);
        return found ? Answer.PLACED : Answer.OPEN;
    }

    /** Notes the marks; returns the place behind which all has matched, UNMATCHED or GIVEN_UP. */
    private int goForward(byte[] buffer, int from, int length, Lead lead) {
        boolean isLed = lead.isSet();
        first = isLed ? lead.place() : 0;
        marked = 0;
        int state = isLed ? led(lead.key()) : forward.start();
        if (state == TransitionTable.UNKNOWN) {
            return giveUp();
        }
        notePassed(forward.table().way(state), first);
        int[] only = forward.table().only();
        short[] entries = forward.table().entries();
        int shift = forward.table().shift();
        for (int i = first; i < length; i++) {
            int byteClass = classOf[buffer[from + i] & 0xff];
            int known = only[state];
            int way = known >>> Short.SIZE == byteClass ? (short) known : entries[(state << shift) + byteClass];
            if (way == state) {
                // As in PatternSet. The way to a state with marks has its bit, and is another number than the state.
                continue;
            }
            if (way <= 0) {
                if (way == TransitionTable.UNKNOWN) {
                    way = left-- > 0 ? forward.way(state, byteClass) : TransitionTable.UNKNOWN;
                    if (way == TransitionTable.UNKNOWN) {
                        return giveUp();
                    }
                    only = forward.table().only();
                    entries = forward.table().entries();
                }
                if (way <= 0) {
                    return way == TransitionTable.DEAD ? UNMATCHED : i + 1;
                }
            }
            state = way & (TransitionTable.MARKED - 1);
            if (way != state) {
                notePassed(way, i + 1);
            }
        }
        pass(forward.endMarks(state), length);
        return forward.matches(state).length == 0 ? UNMATCHED : length;
    }

    /** Notes the marks that are passed where a way has led to. */
    private void notePassed(int way, int place) {
        if ((way & TransitionTable.MARKED) != 0) {
            int at = TransitionTable.MARKS * (way & (TransitionTable.MARKED - 1));
            int[] marks = forward.table().marks();
            pass(marks[at + 1], place - 1);
            pass(marks[at], place);
        }
    }

    /** Notes marks that readings from the front pass at a place; places come in order. */
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

    /** Returns the state that is like one of all patterns; most lines have the same. */
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
        // Not farther than to the first mark: what stands before it was seen to match.
        for (int i = end; i > first && next >= 0; i--) {
            behind[i] = (short) state;
            int byteClass = classOf[buffer[from + i - 1] & 0xff];
            int known = only[state];
            int way = known >>> Short.SIZE == byteClass ? (short) known : entries[(state << shift) + byteClass];
            if (way < 0) {
                way = left-- > 0 ? backward.way(state, byteClass) : TransitionTable.UNKNOWN;
                if (way == TransitionTable.UNKNOWN) {
                    giveUp();
                    return false;
                }
                only = table.only();
                entries = table.entries();
            }
            state = way & (TransitionTable.MARKED - 1);
            if (markedAt[next] == i) {
                if (way != state) {
                    note(table.marks()[TransitionTable.MARKS * state] & passedAt[next], i);
                }
                next--;
            }
        }
        if (next >= 0 && first == 0) {
            behind[0] = (short) state;
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

    /** Makes places of marks; returns false if that cannot be done. */
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
        return isAtOnePlace(anchor) && walk.from(at(anchor), group, buffer, from, end, atEnd, behind, places);
    }

    /** Throws away what is full; what only took too long goes on with the next call. */
    private int giveUp() {
        if (left >= 0) {
            forward.clear();
            ledKey = NOWHERE;
            backward.clear();
            walk.forget();
            resting = bytes < (made + MAX_NEW_WAYS - left) * PatternSet.WORTH ? PatternSet.REST : 0;
            bytes = 0;
            made = 0;
        }
        return GIVEN_UP;
    }
}
