package org.sipward.jail;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import org.sipward.filter.Match;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;

/**
 * Detects an attacker who goes through accounts: many different ones from one address, hardly any of them twice.
 *
 * <p>An office with many phones behind one address also fails with many accounts when its server has lost them. Two
 * things distinguish it: its address has been trusted, and its phones retry, each with its own account. So the detector
 * does not report trusted addresses, nor an address whose failures repeat an account more often than there are
 * accounts. The lines of one attempt, which name one account within seconds, are not a repetition.
 *
 * <p>The window starts at the first account and starts again after findtime. Accounts are counted by their
 * {@link Fingerprints}. An address costs 64 bytes plus 2 for each account up to the limit: 88 with the default limit of
 * 10. Beyond {@link #MAX_TRACKED} addresses, the one that was silent for longest is forgotten, but never for a failure
 * that may come from a spoofed source.
 */
final class Enumeration implements Detector {
    static final int MAX_TRACKED = 10_000;
    /** One attempt can write lines for a second or two. */
    private static final long SAME_ATTEMPT = 5;

    private static final int LAST = AddressTable.START + 1;
    private static final int LAST_ACCOUNT = LAST + 1;
    /** Twice the number of failures that repeated an account; plus 1 if a failure does not prove its address. */
    private static final int REPEATS = LAST_ACCOUNT + 1;

    private static final int ACCOUNTS = REPEATS + 1;

    private final int accounts;
    private final long findtime;
    private final Predicate<Network> trusted;
    private final AddressTable table;
    private final Fingerprints tried;

    /** Makes a detector that reports this many accounts, except in networks with a trusted address. */
    Enumeration(Budget budget, int accounts, Duration findtime, Predicate<Network> trusted) {
        this.accounts = accounts;
        this.findtime = findtime.toSeconds();
        this.trusted = trusted;
        this.table =
                new AddressTable(budget, MAX_TRACKED, ACCOUNTS + Fingerprints.words(accounts), findtime.toSeconds());
        this.tried = new Fingerprints(table, ACCOUNTS, accounts);
    }

    @Override
    public Optional<Finding> see(Match failure, IpAddress offender, long second) {
        Optional<String> user = failure.claims().user();
        int slot = user.isEmpty() ? AddressTable.NONE : table.touch(offender, failure.proven(), second, findtime);
        if (slot == AddressTable.NONE) {
            return Optional.empty();
        }
        long account = table.hash().of(NormalText.account(user.get()));
        boolean sameAttempt =
                account == table.get(slot, LAST_ACCOUNT) && Math.abs(second - table.get(slot, LAST)) <= SAME_ATTEMPT;
        long repeats = table.get(slot, REPEATS);
        if (!tried.add(slot, account) && !sameAttempt) {
            repeats += 2;
        }
        repeats |= failure.proven() ? 0 : 1;
        table.set(slot, LAST, second);
        table.set(slot, LAST_ACCOUNT, account);
        table.set(slot, REPEATS, repeats);
        int seen = tried.count(slot);
        if (seen < accounts || repeats >> 1 > seen) {
            return Optional.empty();
        }
        Network network = Network.ofOffender(offender);
        if (trusted.test(network)) {
            return Optional.empty();
        }
        String reason = "enumeration: " + seen + " accounts tried";
        return Optional.of(new Finding(network, "enumeration", reason, seen, (repeats & 1) == 0, Optional.empty()));
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
        if (predecessor instanceof Enumeration other && other.findtime == findtime && other.accounts == accounts) {
            table.inherit(other.table);
        }
    }
}
