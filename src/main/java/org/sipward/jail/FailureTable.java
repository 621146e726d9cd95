package org.sipward.jail;

import java.util.Arrays;
import org.sipward.net.IpAddress;

/**
 * The last failures of many addresses, in arrays of primitives.
 *
 * <p>An address costs {@code 24 + 8 * maxretry} bytes, 64 with the default of 5: {@value AddressIndex#BYTES_EACH} in the
 * index, and for each of its failures the time (4), what it was (1), the session and the account, each with a number of
 * lines (2 + 1). The table grows by doubling up to {@link #MAX_TRACKED} addresses or
 * {@link #MAX_BYTES}, whichever is less; then, and whenever the address silent for longest has been silent for findtime,
 * that one is forgotten for a new one.
 *
 * <p>Sessions are told apart by 16,383 values, accounts by 31: one in so many pairs of different ones is taken for the
 * same. So fewer attempts or accounts may be counted than there were, never more.
 *
 * <p>Times are whole seconds. Not thread-safe.
 */
final class FailureTable {
    static final int MAX_TRACKED = 100_000;
    static final int MAX_BYTES = 8 << 20;

    /** The values of a session and of an account that a failure can have; 0 stands for none. */
    static final int SESSIONS = 1 << 14;

    static final int ACCOUNTS = 32;

    /** The most lines of one pattern that can belong to one attempt. */
    static final int MAX_LINES = 3;

    /** The most lines of other patterns: six in all are what PJSIP writes for a user that is not there, into two files. */
    private static final int MAX_OTHERS = 5;

    private static final int NONE = AddressIndex.NONE;
    private static final int PROVEN = 0x80;
    private static final byte UNUSED = 0x7f;
    private static final int SESSION_BITS = 14;
    private static final int ACCOUNT_BITS = 5;

    private final int maxretry;
    private final int findtime;
    private final AddressIndex index;
    private int[] times;
    /** Each one a number with a bit for proof; {@link #UNUSED} behind the last failure of a slot. */
    private byte[] patterns;
    /** The session, and in the bits above it the number of lines of the pattern that tells of the failure. */
    private short[] sessions;
    /** The account, and in the bits above it the number of lines of other patterns. */
    private byte[] accounts;

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
        times = new int[capacity * maxretry];
        patterns = new byte[capacity * maxretry];
        sessions = new short[capacity * maxretry];
        accounts = new byte[capacity * maxretry];
    }

    static int bytesEach(int maxretry) {
        return AddressIndex.BYTES_EACH + (Integer.BYTES + Short.BYTES + 2) * maxretry;
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
     * @param pattern a number below 127 that says what the failure was
     * @param isProven whether the address is proven to be the sender's
     * @param session a number below {@link #SESSIONS}
     * @param account a number below {@link #ACCOUNTS}
     * @return the slot of the address
     */
    int add(IpAddress address, int time, int pattern, boolean isProven, int session, int account) {
        return add(index.find(address), address, time, pattern, isProven, session, account);
    }

    /** As above, where the slot of the address is known: -1 if it has none. */
    int add(int known, IpAddress address, int time, int pattern, boolean isProven, int session, int account) {
        int slot = known;
        if (slot == NONE) {
            slot = newSlot(address, time);
        } else {
            index.touch(slot);
        }
        int at = room(slot, time);
        if (at != NONE) {
            times[at] = time;
            patterns[at] = told(pattern, isProven);
            sessions[at] = (short) ((1 << SESSION_BITS) | session);
            accounts[at] = (byte) account;
        }
        return slot;
    }

    /**
     * Returns which failure of the slot a line belongs to that came within a second of it, or -1 if to none: one of the
     * same session; where one of the two has none, one that another pattern has told of. The session may be constant and
     * patterns may alternate, by an attacker's will, so an attempt has but so many lines.
     *
     * @param lines how many lines of this pattern an attempt has at most
     */
    int attemptOf(int slot, int time, int pattern, int session, int lines) {
        int found = NONE;
        int count = count(slot);
        for (int i = 0; i < count; i++) {
            int at = slot * maxretry + i;
            int known = session(slot, i);
            boolean bothNamed = session != 0 && known != 0;
            boolean again = pattern == pattern(slot, i);
            boolean room = again ? bothNamed && lines(at) < lines : others(at) < MAX_OTHERS;
            boolean same = room && (!bothNamed || session == known);
            int apart = Math.abs(time - times[at]);
            if (same && (apart == 0 || (apart == 1 && found == NONE))) {
                found = i;
            }
        }
        return found;
    }

    /** Notes that one more line tells of this failure. */
    void addLine(int slot, int i, int pattern) {
        if (pattern == pattern(slot, i)) {
            sessions[slot * maxretry + i] += (short) (1 << SESSION_BITS);
        } else {
            accounts[slot * maxretry + i] += (byte) (1 << ACCOUNT_BITS);
        }
    }

    /** Notes that a better line tells of this failure than those before. */
    void retell(int slot, int i, int pattern, boolean isProven) {
        int at = slot * maxretry + i;
        int others = Math.min(MAX_OTHERS, others(at) + lines(at));
        accounts[at] = (byte) ((others << ACCOUNT_BITS) | account(slot, i));
        sessions[at] = (short) ((1 << SESSION_BITS) | session(slot, i));
        patterns[at] = told(pattern, isProven);
    }

    /** Returns whether the last maxretry failures of this slot lie within findtime. */
    boolean isFull(int slot) {
        int first = slot * maxretry;
        return count(slot) == maxretry && times[first + maxretry - 1] - times[first] <= findtime;
    }

    /** Forgets an address. */
    void remove(IpAddress address) {
        int slot = index.find(address);
        if (slot == NONE) {
            return;
        }
        int last = index.remove(slot);
        int from = last * maxretry;
        int to = slot * maxretry;
        System.arraycopy(times, from, times, to, maxretry);
        System.arraycopy(patterns, from, patterns, to, maxretry);
        System.arraycopy(sessions, from, sessions, to, maxretry);
        System.arraycopy(accounts, from, accounts, to, maxretry);
    }

    /** Hands every address with its failures to the visitor, the one silent for longest first. */
    void forEach(Visitor visitor) {
        for (int slot = index.oldest(); slot != NONE; slot = index.newer(slot)) {
            visitor.visit(index.address(slot), slot);
        }
    }

    int count(int slot) {
        int from = slot * maxretry;
        int to = from + maxretry;
        while (from < to) {
            int middle = (from + to) >>> 1;
            if (patterns[middle] == UNUSED) {
                to = middle;
            } else {
                from = middle + 1;
            }
        }
        return from - slot * maxretry;
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
        return sessions[slot * maxretry + i] & (SESSIONS - 1);
    }

    int account(int slot, int i) {
        return accounts[slot * maxretry + i] & (ACCOUNTS - 1);
    }

    /** Returns the slot of an address, or -1. */
    int find(IpAddress address) {
        return index.find(address);
    }

    private static byte told(int pattern, boolean isProven) {
        return (byte) (isProven ? pattern | PROVEN : pattern);
    }

    private int lines(int at) {
        return (sessions[at] & 0xffff) >>> SESSION_BITS;
    }

    private int others(int at) {
        return (accounts[at] & 0xff) >>> ACCOUNT_BITS;
    }

    /** Makes room for a failure of this time and returns its place; NONE if it is older than all that are remembered. */
    private int room(int slot, int time) {
        int first = slot * maxretry;
        int count = count(slot);
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
        if (at < first + count) {
            shift(at, at + 1, first + count - at);
        }
        return at;
    }

    private void shift(int from, int to, int length) {
        System.arraycopy(times, from, times, to, length);
        System.arraycopy(patterns, from, patterns, to, length);
        System.arraycopy(sessions, from, sessions, to, length);
        System.arraycopy(accounts, from, accounts, to, length);
    }

    private int newSlot(IpAddress address, int time) {
        int oldest = index.oldest();
        boolean silent = oldest != NONE && time - times[oldest * maxretry + count(oldest) - 1] > findtime;
        int slot = silent || index.isFull() ? index.replaceOldest(address) : index.add(address);
        int capacity = index.capacity();
        if (capacity * maxretry > times.length) {
            times = Arrays.copyOf(times, capacity * maxretry);
            patterns = Arrays.copyOf(patterns, capacity * maxretry);
            sessions = Arrays.copyOf(sessions, capacity * maxretry);
            accounts = Arrays.copyOf(accounts, capacity * maxretry);
        }
        Arrays.fill(patterns, slot * maxretry, (slot + 1) * maxretry, UNUSED);
        return slot;
    }

    /** Takes one address of the table. */
    @FunctionalInterface
    interface Visitor {
        void visit(IpAddress address, int slot);
    }
}
