package org.sipward.jail;

import java.util.Arrays;
import org.sipward.net.IpAddress;

/**
 * The last failures of many addresses, in arrays of primitives.
 *
 * <p>An address costs {@code 26 + 7 * maxretry} bytes, 61 with the default of 5: {@value AddressIndex#BYTES_EACH} in the
 * index, 2 for the number of its failures, and for each of them the time (4), what it was (1), the session (1), the
 * account and the number of lines (1). The table grows by doubling up to {@link #MAX_TRACKED} addresses or
 * {@link #MAX_BYTES}, whichever is less; then, and whenever the address silent for longest has been silent for findtime,
 * that one is forgotten for a new one.
 *
 * <p>Sessions are told apart by 255 values, accounts by 31: of two different ones, one in 255 or in 31 pairs is taken for
 * the same. So fewer attempts or accounts may be counted than there were, never more.
 *
 * <p>Times are whole seconds. Not thread-safe.
 */
final class FailureTable {
    static final int MAX_TRACKED = 100_000;
    static final int MAX_BYTES = 8 << 20;

    /** The values of a session and of an account that a failure can have; 0 stands for none. */
    static final int SESSIONS = 256;

    static final int ACCOUNTS = 32;

    /** The most lines of one pattern that can belong to one attempt. */
    static final int MAX_LINES = 7;

    private static final int NONE = AddressIndex.NONE;
    private static final int PROVEN = 0x80;
    private static final int ACCOUNT_BITS = 5;

    private final int maxretry;
    private final int findtime;
    private final AddressIndex index;
    private short[] counts;
    private int[] times;
    private byte[] patterns;
    private byte[] sessions;
    private byte[] accountsAndLines;

    /**
     * Makes an empty table.
     *
     * @param maxretry the number of failures remembered for an address
     * @param findtime seconds after which a failure no longer counts
     */
    FailureTable(int maxretry, int findtime) {
        this.maxretry = maxretry;
        this.findtime = findtime;
        index = new AddressIndex(Math.max(1, Math.min(MAX_TRACKED, MAX_BYTES / bytesEach(maxretry))));
        int capacity = index.capacity();
        counts = new short[capacity];
        times = new int[capacity * maxretry];
        patterns = new byte[capacity * maxretry];
        sessions = new byte[capacity * maxretry];
        accountsAndLines = new byte[capacity * maxretry];
    }

    static int bytesEach(int maxretry) {
        return AddressIndex.BYTES_EACH + Short.BYTES + (Integer.BYTES + 3) * maxretry;
    }

    int size() {
        return index.size();
    }

    /** Remembers a failure of which nothing else is known, one whose address is proven. */
    int add(IpAddress address, int time, int pattern) {
        return add(address, time, pattern, true, 0, 0);
    }

    /**
     * Remembers a failure; the oldest one of the address is dropped where maxretry are remembered already.
     *
     * @param time seconds since 1970; may be earlier than that of failures before it
     * @param pattern a number below 128 that says what the failure was
     * @param isProven whether the address is proven to be the sender's
     * @param session a number below {@link #SESSIONS}
     * @param account a number below {@link #ACCOUNTS}
     * @return the slot of the address
     */
    int add(IpAddress address, int time, int pattern, boolean isProven, int session, int account) {
        int slot = index.find(address);
        if (slot == NONE) {
            slot = newSlot(address, time);
        } else {
            index.touch(slot);
        }
        int at = room(slot, time);
        if (at != NONE) {
            times[at] = time;
            patterns[at] = told(pattern, isProven);
            sessions[at] = (byte) session;
            accountsAndLines[at] = (byte) ((1 << ACCOUNT_BITS) | account);
        }
        return slot;
    }

    /**
     * Returns which failure of the slot a line belongs to that came within a second of it, or -1 if to none: one of the
     * same session; where one of the two has none, one that another pattern has told of. The session may be constant, by
     * an attacker's will, so an attempt has but so many lines of the pattern that tells of it.
     *
     * @param lines how many lines of this pattern an attempt has at most
     */
    int attemptOf(int slot, int time, int pattern, int session, int lines) {
        int found = NONE;
        for (int i = 0; i < counts[slot]; i++) {
            int at = slot * maxretry + i;
            int known = sessions[at] & 0xff;
            boolean bothNamed = session != 0 && known != 0;
            boolean again = pattern == pattern(slot, i);
            boolean same = bothNamed ? session == known && (!again || lines(at) < lines) : !again;
            int apart = Math.abs(time - times[at]);
            if (same && (apart == 0 || (apart == 1 && found == NONE))) {
                found = i;
            }
        }
        return found;
    }

    /** Notes that one more line of the same pattern tells of this failure. */
    void addLine(int slot, int i) {
        accountsAndLines[slot * maxretry + i] += (byte) (1 << ACCOUNT_BITS);
    }

    /** Notes that a better line tells of this failure than those before. */
    void retell(int slot, int i, int pattern, boolean isProven) {
        int at = slot * maxretry + i;
        patterns[at] = told(pattern, isProven);
        accountsAndLines[at] = (byte) ((1 << ACCOUNT_BITS) | account(slot, i));
    }

    /** Returns whether the last maxretry failures of this slot lie within findtime. */
    boolean isFull(int slot) {
        int first = slot * maxretry;
        return counts[slot] == maxretry && times[first + maxretry - 1] - times[first] <= findtime;
    }

    /** Forgets an address. */
    void remove(IpAddress address) {
        int slot = index.find(address);
        if (slot == NONE) {
            return;
        }
        int last = index.remove(slot);
        counts[slot] = counts[last];
        int from = last * maxretry;
        int to = slot * maxretry;
        System.arraycopy(times, from, times, to, maxretry);
        System.arraycopy(patterns, from, patterns, to, maxretry);
        System.arraycopy(sessions, from, sessions, to, maxretry);
        System.arraycopy(accountsAndLines, from, accountsAndLines, to, maxretry);
    }

    /** Hands every address with its failures to the visitor, the one silent for longest first. */
    void forEach(Visitor visitor) {
        for (int slot = index.oldest(); slot != NONE; slot = index.newer(slot)) {
            visitor.visit(index.address(slot), slot);
        }
    }

    int count(int slot) {
        return counts[slot];
    }

    /** Returns the time of the i-th failure of the slot, oldest first. */
    int time(int slot, int i) {
        return times[slot * maxretry + i];
    }

    int pattern(int slot, int i) {
        return patterns[slot * maxretry + i] & (PROVEN - 1);
    }

    boolean isProven(int slot, int i) {
        return (patterns[slot * maxretry + i] & PROVEN) != 0;
    }

    int session(int slot, int i) {
        return sessions[slot * maxretry + i] & 0xff;
    }

    int account(int slot, int i) {
        return accountsAndLines[slot * maxretry + i] & (ACCOUNTS - 1);
    }

    /** Returns the slot of an address, or -1. */
    int find(IpAddress address) {
        return index.find(address);
    }

    private static byte told(int pattern, boolean isProven) {
        return (byte) (isProven ? pattern | PROVEN : pattern);
    }

    private int lines(int at) {
        return (accountsAndLines[at] & 0xff) >>> ACCOUNT_BITS;
    }

    /** Makes room for a failure of this time and returns its place; NONE if it is older than all that are remembered. */
    private int room(int slot, int time) {
        int first = slot * maxretry;
        int count = counts[slot];
        int at = first + count;
        // Lines of several files come nearly in order, so this loop hardly ever runs.
        while (at > first && times[at - 1] > time) {
            at--;
        }
        if (count == maxretry) {
            if (at == first) {
                return NONE;
            }
            shift(first + 1, first, at - 1 - first);
            return at - 1;
        }
        shift(at, at + 1, first + count - at);
        counts[slot] = (short) (count + 1);
        return at;
    }

    private void shift(int from, int to, int length) {
        System.arraycopy(times, from, times, to, length);
        System.arraycopy(patterns, from, patterns, to, length);
        System.arraycopy(sessions, from, sessions, to, length);
        System.arraycopy(accountsAndLines, from, accountsAndLines, to, length);
    }

    private int newSlot(IpAddress address, int time) {
        int oldest = index.oldest();
        boolean silent = oldest != NONE && time - times[oldest * maxretry + counts[oldest] - 1] > findtime;
        if (silent || index.isFull()) {
            remove(index.address(oldest));
        }
        int slot = index.add(address);
        if (index.capacity() > counts.length) {
            int capacity = index.capacity();
            counts = Arrays.copyOf(counts, capacity);
            times = Arrays.copyOf(times, capacity * maxretry);
            patterns = Arrays.copyOf(patterns, capacity * maxretry);
            sessions = Arrays.copyOf(sessions, capacity * maxretry);
            accountsAndLines = Arrays.copyOf(accountsAndLines, capacity * maxretry);
        }
        counts[slot] = 0;
        return slot;
    }

    /** Takes one address of the table. */
    @FunctionalInterface
    interface Visitor {
        void visit(IpAddress address, int slot);
    }
}
