package org.sipward.jail;

import java.util.Arrays;
import org.sipward.net.IpAddress;

/**
 * Remembers the last failures of many addresses, in arrays of primitives.
 *
 * <p>An address costs {@code 32 + 8 * maxretry} bytes, 72 with the default of 5: {@value AddressIndex#BYTES_EACH} in
 * the index, and for each failure the time (4), the pattern (1), and the session and the account, each with a number
 * of lines (2 + 1). An empty table costs nothing. There are at most {@link #MAX_TRACKED} addresses, and no more than
 * the {@link Budget} has room for. {@link AddressIndex} decides which address to forget: first one that was silent for
 * findtime, then one without a failure that proves the address, and a proven one only while the others have less than
 * an eighth of the table.
 *
 * <p>Sessions have 16,383 different values, accounts 31. So one in 16,383 pairs of different sessions, and one in 31
 * pairs of different accounts, is taken for the same. Fewer attempts or accounts may be counted than there were, never
 * more.
 *
 * <p>Times are whole seconds. A slot is valid until a failure of another address is added, or an address is removed.
 * Not thread-safe.
 */
final class FailureTable {
    static final int MAX_TRACKED = 100_000;

    /** The number of values that a session can have; next, the number for an account. 0 stands for none. */
    static final int SESSIONS = 1 << 14;

    static final int ACCOUNTS = 32;

    /** The most lines of one pattern that can belong to one attempt. */
    static final int MAX_LINES = 3;

    /** The most lines of other patterns: PJSIP writes six lines in all for an unknown user, into two files. */
    private static final int MAX_OTHERS = 5;

    private static final int NONE = AddressIndex.NONE;
    private static final int PROVEN = 0x80;
    private static final byte UNUSED = 0x7f;
    private static final int SESSION_BITS = 14;
    private static final int ACCOUNT_BITS = 5;

    private final int maxretry;
    private final int findtime;
    private final AddressIndex<Chunk> index;

    /**
     * Makes an empty table.
     *
     * @param maxretry the number of failures remembered for an address
     * @param findtime seconds after which a failure no longer counts
     */
    FailureTable(Budget budget, int maxretry, int findtime) {
        this.maxretry = maxretry;
        this.findtime = findtime;
        this.index = new AddressIndex<>(
                budget, MAX_TRACKED, bytesEach(maxretry) - AddressIndex.BYTES_EACH, findtime, new Failures(maxretry));
    }

    static int bytesEach(int maxretry) {
        return AddressIndex.BYTES_EACH + (Integer.BYTES + Short.BYTES + 2) * maxretry;
    }

    int size() {
        return index.size();
    }

    /** Remembers a failure whose address is proven and of which nothing else is known. */
    int add(IpAddress address, int time, int pattern) {
        return add(address, time, pattern, true, 0, 0);
    }

    /**
     * Remembers a failure; if the address already has maxretry failures, the oldest is dropped.
     *
     * @param time seconds since 1970; may be earlier than that of failures added before
     * @param pattern the number of the pattern that found the failure, below 127
     * @param isProven whether the address is proven to be the sender's
     * @param session a number below {@link #SESSIONS}
     * @param account a number below {@link #ACCOUNTS}
     * @return the slot of the address; -1 if there is no room for it
     */
    int add(IpAddress address, int time, int pattern, boolean isProven, int session, int account) {
        return add(index.find(address), address, time, pattern, isProven, session, account);
    }

    /** As above, but with the address's known slot, or -1 if it has none. */
    int add(int known, IpAddress address, int time, int pattern, boolean isProven, int session, int account) {
        int slot = known;
        if (slot == NONE) {
            slot = index.add(address, isProven, time);
            if (slot == NONE) {
                return NONE;
            }
            int first = first(slot);
            Arrays.fill(chunk(slot).patterns, first, first + maxretry, UNUSED);
        } else {
            index.touch(slot, isProven, time);
        }
        Chunk chunk = chunk(slot);
        int at = room(chunk, first(slot), count(slot), time);
        if (at != NONE) {
            chunk.times[at] = time;
            chunk.patterns[at] = told(pattern, isProven);
            chunk.sessions[at] = (short) ((1 << SESSION_BITS) | session);
            chunk.accounts[at] = (byte) account;
        }
        return slot;
    }

    /**
     * Returns the failure of the slot that a line belongs to, or -1. The failure must be within a second of the line
     * and have the same session; if only one of the two has a session, another pattern must have found the failure. An
     * attacker may keep one session or alternate patterns, so the lines of an attempt are limited.
     *
     * @param lines the most lines of this pattern in one attempt
     */
    int attemptOf(int slot, int time, int pattern, int session, int lines) {
        int found = NONE;
        int count = count(slot);
        for (int i = 0; i < count; i++) {
            int known = session(slot, i);
            boolean bothNamed = session != 0 && known != 0;
            boolean again = pattern == pattern(slot, i);
            boolean room = again ? bothNamed && lines(slot, i) < lines : others(slot, i) < MAX_OTHERS;
            boolean same = room && (!bothNamed || session == known);
            int apart = Math.abs(time - time(slot, i));
            if (same && (apart == 0 || (apart == 1 && found == NONE))) {
                found = i;
            }
        }
        return found;
    }

    /** Notes that one more line reports this failure. */
    void addLine(int slot, int i, int pattern) {
        if (pattern == pattern(slot, i)) {
            chunk(slot).sessions[first(slot) + i] += (short) (1 << SESSION_BITS);
        } else {
            chunk(slot).accounts[first(slot) + i] += (byte) (1 << ACCOUNT_BITS);
        }
    }

    /** Notes that a better line than before reports this failure. */
    void retell(int slot, int i, int pattern, boolean isProven) {
        int at = first(slot) + i;
        Chunk chunk = chunk(slot);
        int others = Math.min(MAX_OTHERS, others(slot, i) + lines(slot, i));
        chunk.accounts[at] = (byte) ((others << ACCOUNT_BITS) | account(slot, i));
        chunk.sessions[at] = (short) ((1 << SESSION_BITS) | session(slot, i));
        chunk.patterns[at] = told(pattern, isProven);
        index.touch(slot, isProven, time(slot, i));
    }

    /** Returns whether the last maxretry failures of this slot lie within findtime. */
    boolean isFull(int slot) {
        return count(slot) == maxretry && time(slot, maxretry - 1) - time(slot, 0) <= findtime;
    }

    /** Returns whether the last failure of this slot lies within findtime before this second, or later. */
    boolean isRecent(int slot, long second) {
        return second - time(slot, count(slot) - 1) <= findtime;
    }

    /** Forgets an address. */
    void remove(IpAddress address) {
        int slot = index.find(address);
        if (slot == NONE) {
            return;
        }
        index.remove(slot);
    }

    /** Passes each address to the visitor, in the order in which they would be forgotten. */
    void forEach(Visitor visitor) {
        for (int slot = index.oldest(); slot != NONE; slot = index.newer(slot)) {
            visitor.visit(index.address(slot), slot);
        }
    }

    /**
     * Empties the table. Passes each address to the visitor, in the order in which they would be forgotten. The
     * address is first removed here and copied into a table of its own, so that memory is never needed for both.
     */
    void drain(Drain visitor) {
        FailureTable one = new FailureTable(new Budget(), maxretry, findtime);
        while (index.size() > 0) {
            int slot = index.oldest();
            IpAddress address = index.address(slot);
            int copy = one.index.add(address, true, 0);
            one.chunk(copy).copy(chunk(slot), first(slot), one.first(copy), maxretry);
            index.remove(slot);
            visitor.visit(address, one, copy);
            one.index.remove(copy);
        }
        clear();
    }

    /** Forgets all addresses, and gives all memory back. */
    void clear() {
        index.clear();
    }

    int count(int slot) {
        byte[] patterns = chunk(slot).patterns;
        int first = first(slot);
        int from = first;
        int to = from + maxretry;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (patterns[middle] == UNUSED) {
                to = middle;
            } else {
                from = middle + 1;
            }
        }
        return from - first;
    }

    /** Returns the time of the i-th failure of the slot, oldest first. */
    int time(int slot, int i) {
        return chunk(slot).times[first(slot) + i];
    }

    int pattern(int slot, int i) {
        return chunk(slot).patterns[first(slot) + i] & (PROVEN - 1);
    }

    boolean isProven(int slot, int i) {
        return (chunk(slot).patterns[first(slot) + i] & PROVEN) != 0;
    }

    int session(int slot, int i) {
        return chunk(slot).sessions[first(slot) + i] & (SESSIONS - 1);
    }

    int account(int slot, int i) {
        return chunk(slot).accounts[first(slot) + i] & (ACCOUNTS - 1);
    }

    /** Returns the slot of an address, or -1. */
    int find(IpAddress address) {
        return index.find(address);
    }

    private static byte told(int pattern, boolean isProven) {
        return (byte) (isProven ? pattern | PROVEN : pattern);
    }

    private int lines(int slot, int i) {
        return (chunk(slot).sessions[first(slot) + i] & 0xffff) >>> SESSION_BITS;
    }

    private int others(int slot, int i) {
        return (chunk(slot).accounts[first(slot) + i] & 0xff) >>> ACCOUNT_BITS;
    }

    private Chunk chunk(int slot) {
        return index.chunk(slot);
    }

    /** Returns the index in its chunk at which a slot's failures begin. */
    private int first(int slot) {
        return index.row(slot) * maxretry;
    }

    /**
     * Makes room for a failure of this time and returns its index; NONE if it is older than all remembered failures.
     */
    private int room(Chunk chunk, int first, int count, int time) {
        int at = first + count;
        // Even lines from several files come nearly in order, so this loop hardly ever runs.
        while (at > first && chunk.times[at - 1] > time) {
            at--;
        }
        if (count == maxretry) {
            if (at == first) {
                return NONE;
            }
            chunk.copy(chunk, first + 1, first, at - 1 - first);
            return at - 1;
        }
        if (at < first + count) {
            chunk.copy(chunk, at, at + 1, first + count - at);
        }
        return at;
    }

    /** Takes one address of the table. */
    @FunctionalInterface
    interface Visitor {
        void visit(IpAddress address, int slot);
    }

    /** Takes one address of a table that is being emptied. */
    @FunctionalInterface
    interface Drain {
        void visit(IpAddress address, FailureTable table, int slot);
    }

    /** The failures of some addresses. */
    private static final class Chunk {
        private final int[] times;
        /** The pattern's number, with a bit for proof; {@link #UNUSED} after a slot's last failure. */
        private final byte[] patterns;
        /** The session, and in the bits above it the number of lines of the pattern that reports the failure. */
        private final short[] sessions;
        /** The account, and in the bits above it the number of lines of other patterns. */
        private final byte[] accounts;

        Chunk(int failures) {
            times = new int[failures];
            patterns = new byte[failures];
            sessions = new short[failures];
            accounts = new byte[failures];
        }

        void copy(Chunk source, int from, int to, int length) {
            System.arraycopy(source.times, from, times, to, length);
            System.arraycopy(source.patterns, from, patterns, to, length);
            System.arraycopy(source.sessions, from, sessions, to, length);
            System.arraycopy(source.accounts, from, accounts, to, length);
        }
    }

    /** Rows of this many failures. */
    private record Failures(int maxretry) implements AddressIndex.Rows<Chunk> {
        @Override
        public Chunk chunk(int rows) {
            return new Chunk(maxretry * rows);
        }

        @Override
        public void copy(Chunk from, int fromRow, Chunk to, int toRow) {
            to.copy(from, fromRow * maxretry, toRow * maxretry, maxretry);
        }
    }
}
