package org.sipward.jail;

import java.time.Duration;
import org.sipward.filter.Match;
import org.sipward.net.IpAddress;

/**
 * Tolerates two things that honest machines do and that a log reports as failures.
 *
 * <p><b>An office whose address has changed.</b> Each of its phones answers one challenge that the server no longer
 * knows, and logs in a moment later; ten phones may do so before the address is trusted. So in the first
 * {@value #SECONDS} seconds in which an address fails, its failures are counted but ban nobody ({@link Leave#WAITS}),
 * as long as each may be such an answer ({@link Match.Excuse#STALE}), each is for another account, and there are at
 * most {@value #ACCOUNTS} accounts. If an account comes twice, or anything else fails, the grace ends and the counted
 * failures take effect at once. An address gets this once a day, and not if it has failed within findtime before. So an
 * attacker gains one guess at each of {@value #ACCOUNTS} accounts a day, and no second one.
 *
 * <p><b>A server that checks whether this one is there</b>, such as a carrier's server or an SBC that is not an
 * endpoint here, with the same account each time ({@link Match.Excuse#PING}). The first check counts; further checks do
 * not ({@link Leave#SPARED}), unless the address has tried a second account within a day, or sends more than
 * {@value #PINGS_A_MINUTE} checks a minute, which is a flood.
 *
 * <p>Memory: 144 bytes per address, from the {@link Budget}; an address that finds no room has no grace. Not
 * thread-safe: the jail holds the budget's monitor.
 */
final class Grace {
    static final int SECONDS = 10;
    static final int ACCOUNTS = 20;
    static final int PINGS_A_MINUTE = 60;

    private static final int MAX_TRACKED = 10_000;
    private static final int DAY = (int) Duration.ofDays(1).toSeconds();
    private static final int MINUTE = 60;
    /** Two logs can each have a line for one answer. */
    private static final int LINES = 2;

    /** How many lines there were; negative if the grace ended early. */
    private static final int SEEN = AddressTable.START + 1;

    private static final int OVER = -1;
    private static final int PING_START = SEEN + 1;
    private static final int PINGS = PING_START + 1;
    private static final int NAMES = PINGS + 1;
    private static final int ATTEMPTS = NAMES + Fingerprints.words(ACCOUNTS);
    private static final int WORDS = ATTEMPTS + Fingerprints.words(ACCOUNTS);

    private final AddressTable table;
    private final Fingerprints accounts;
    private final Fingerprints attempts;

    Grace(Budget budget) {
        this.table = new AddressTable(budget, MAX_TRACKED, WORDS, DAY);
        this.accounts = new Fingerprints(table, NAMES, ACCOUNTS);
        this.attempts = new Fingerprints(table, ATTEMPTS, ACCOUNTS);
    }

    /** How a failure is treated. */
    enum Leave {
        /** The failure counts, and leads to a ban if there are enough. */
        COUNTS,
        /** The failure counts, but does not lead to a ban yet. */
        WAITS,
        /** The failure does not count, unless it belongs to an attempt that is already counted. */
        SPARED
    }

    /**
     * Decides about a failure. Call it once for each failure.
     *
     * @param counts the failures that are counted, without this one
     */
    Leave of(Match failure, IpAddress counted, long second, Attempts counts) {
        int slot = table.touch(counted, failure.proven(), second, DAY);
        if (slot == AddressTable.NONE) {
            return Leave.COUNTS;
        }
        // Among many addresses this table forgets some early. They have failed before, so they do not arrive now.
        boolean isStale = failure.excuse() == Match.Excuse.STALE;
        if (isStale && accounts.count(slot) == 0 && counts.hasRecent(counted, second)) {
            table.set(slot, SEEN, OVER);
        }
        String user = NormalText.account(failure.claims().user().orElse(""));
        long account = table.hash().of(user);
        boolean isNew = accounts.add(slot, account);
        boolean isAgain = !isNew && accounts.count(slot) == 1;
        if (failure.excuse() == Match.Excuse.PING && isAgain && isSparse(slot, second)) {
            return Leave.SPARED;
        }
        if (!isStale) {
            table.set(slot, SEEN, OVER);
            return Leave.COUNTS;
        }
        return isArrival(failure, slot, account, second) ? Leave.WAITS : Leave.COUNTS;
    }

    /** Forgets an address that has logged in: it may arrive again later. */
    void succeeded(IpAddress counted) {
        table.remove(counted);
    }

    /** Forgets all addresses, and gives the memory back. */
    void clear() {
        table.clear();
    }

    /** Takes over what another grace of the same budget knows; the other is empty then. */
    void inherit(Grace predecessor) {
        table.inherit(predecessor.table);
    }

    private boolean isSparse(int slot, long second) {
        if (Math.abs(second - table.get(slot, PING_START)) >= MINUTE) {
            table.set(slot, PING_START, second);
            table.set(slot, PINGS, 0);
        }
        table.set(slot, PINGS, table.get(slot, PINGS) + 1);
        return table.get(slot, PINGS) <= PINGS_A_MINUTE;
    }

    private boolean isArrival(Match failure, int slot, long account, long second) {
        long seen = table.get(slot, SEEN);
        if (seen < 0 || Math.abs(second - table.get(slot, AddressTable.START)) > SECONDS) {
            return false;
        }
        // A failure without a session has as many lines for one account as there are logs.
        String session = failure.claims().session().orElse("");
        attempts.add(slot, table.hash().of(account, table.hash().of(session)));
        int seenAccounts = accounts.count(slot);
        boolean again = attempts.count(slot) > seenAccounts || seen + 1 > (long) LINES * (seenAccounts + 1);
        boolean bears = seenAccounts < ACCOUNTS && !again;
        table.set(slot, SEEN, bears ? seen + 1 : OVER);
        return bears;
    }
}
