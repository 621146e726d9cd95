package org.sipward.jail;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import org.sipward.filter.Match;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;

/**
 * Notices who fails a little all the time, so that he never has maxretry failures within findtime.
 *
 * <p>The innocent is a forgotten phone that tries one wrong password every ten minutes for ever, or a few of them, or an
 * office with one and some people who mistype now and then. So an account counts once in each eighth of findtime, however
 * often it fails, and what is counted must be spread over at least a quarter as many accounts (from
 * {@value #LEAST_ACCOUNTS} to {@value #MOST_ACCOUNTS}). Who guesses one account slowly cannot be told from the phone, and is not found.
 *
 * <p>Each eighth has 64 bits, of which an account sets one: two accounts on one bit count too little, never too much.
 * An address costs 105 bytes; beyond {@link #MAX_TRACKED} the one silent for longest is forgotten, but never for a
 * failure that a made-up source can have brought about.
 */
final class SlowGuessing implements Detector {
    static final int MAX_TRACKED = 30_000;
    private static final int LEAST_ACCOUNTS = 3;
    private static final int MOST_ACCOUNTS = 16;
    private static final int EIGHTHS = 8;
    /** The number of the latest eighth, twice; odd if one of the failures proves nothing. */
    private static final int LATEST = EIGHTHS;

    private final int failures;
    private final long eighth;
    private final Predicate<Network> trusted;
    private final AddressTable table;

    /** Makes a detector that finds at so many failures, but not in networks that hold a trusted address. */
    SlowGuessing(Budget budget, int failures, Duration findtime, Predicate<Network> trusted) {
        this.failures = failures;
        this.eighth = Math.max(1, findtime.toSeconds() / EIGHTHS);
        this.trusted = trusted;
        this.table = new AddressTable(budget, MAX_TRACKED, EIGHTHS + 1, eighth * EIGHTHS);
    }

    @Override
    public Optional<Finding> see(Match failure, IpAddress offender, long second) {
        Optional<String> user = failure.claims().user();
        int slot = user.isEmpty() ? AddressTable.NONE : table.touch(offender, failure.proven(), second);
        if (slot == AddressTable.NONE) {
            return Optional.empty();
        }
        long now = second / eighth;
        long latest = table.get(slot, LATEST) >> 1;
        if (now <= latest - EIGHTHS) {
            // A line of long ago, out of its order.
            return Optional.empty();
        }
        long unproven = failure.proven() ? 0 : 1;
        if (now > latest) {
            unproven |= pass(slot, latest, now) ? 0 : table.get(slot, LATEST) & 1;
            latest = now;
        } else {
            unproven |= table.get(slot, LATEST) & 1;
        }
        table.set(slot, LATEST, latest << 1 | unproven);
        int word = (int) (now % EIGHTHS);
        long bit = 1L << (table.hash().of(NormalText.account(user.get())) & 63);
        table.set(slot, word, table.get(slot, word) | bit);
        return judge(slot, offender, unproven == 0);
    }

    /** Empties the eighths between the latest and now. Returns whether nothing is left of what was seen before. */
    private boolean pass(int slot, long latest, long now) {
        if (now - latest >= EIGHTHS) {
            table.clear(slot);
            return true;
        }
        for (long i = latest + 1; i <= now; i++) {
            table.set(slot, (int) (i % EIGHTHS), 0);
        }
        return false;
    }

    private Optional<Finding> judge(int slot, IpAddress offender, boolean proven) {
        int counted = 0;
        long union = 0;
        for (int i = 0; i < EIGHTHS; i++) {
            counted += Long.bitCount(table.get(slot, i));
            union |= table.get(slot, i);
        }
        int accounts = Long.bitCount(union);
        int needed = Math.max(LEAST_ACCOUNTS, Math.min(MOST_ACCOUNTS, failures / 4));
        if (counted < failures || accounts < needed) {
            return Optional.empty();
        }
        Network network = Network.ofOffender(offender);
        if (trusted.test(network)) {
            return Optional.empty();
        }
        String reason = "slow guessing: " + counted + " failures of " + accounts + " accounts over time";
        return Optional.of(new Finding(network, "slow", reason, counted, proven, Optional.empty()));
    }

    @Override
    public void forget(IpAddress offender) {
        table.remove(offender);
    }

    @Override
    public void clear() {
        table.clear();
    }

    @Override
    public void inherit(Detector predecessor) {
        if (predecessor instanceof SlowGuessing other && other.eighth == eighth) {
            table.inherit(other.table);
        }
    }
}
