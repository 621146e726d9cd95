package org.sipward.jail;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import org.sipward.filter.Match;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;

/**
 * Detects an attacker who fails a little all the time and so never has maxretry failures within findtime.
 *
 * <p>Innocent cases look similar: a forgotten phone (or several) that tries one wrong password every ten minutes for
 * ever, or an office with such a phone and some people who mistype now and then. So an account counts once in each
 * eighth of findtime, however often it fails. And the counted failures must be spread over at least a quarter as many
 * accounts (between {@value #LEAST_ACCOUNTS} and {@value #MOST_ACCOUNTS}). An attacker who guesses one account slowly
 * looks just like the phone, and is not detected.
 *
 * <p>Each eighth has 64 bits, and an account sets one of them: two accounts on the same bit count as one, so the count
 * may be too small, never too large. An address costs 104 bytes; beyond {@link #MAX_TRACKED} addresses, the one that
 * was silent for longest is forgotten, but never for a failure that may come from a spoofed source.
 */
final class SlowGuessing implements Detector {
    static final int MAX_TRACKED = 30_000;
    private static final int LEAST_ACCOUNTS = 3;
    private static final int MOST_ACCOUNTS = 16;
    private static final int EIGHTHS = 8;
    /** Twice the number of the latest eighth; plus 1 if a failure does not prove its address. */
    private static final int LATEST = EIGHTHS;

    private final int failures;
    private final long eighth;
    private final Predicate<Network> trusted;
    private final AddressTable table;

    /** Makes a detector that reports this many failures, except in networks with a trusted address. */
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
            // An old line, out of order.
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

    /** Empties the eighths between the latest and now. Returns whether nothing is left from before. */
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
