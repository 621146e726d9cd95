package org.sipward.jail;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.sipward.ban.BanTime;
import org.sipward.filter.Match;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;

/**
 * What a jail notices besides the number of failures: the detectors that were switched on. Made by calling one method for
 * each, then given to one jail.
 *
 * <p>Not thread-safe: the jail calls it under its lock. Memory: what detectors have seen is held in tables that share the
 * {@link Budget} with all that jails count.
 */
public final class Detection {
    private final List<Detector> detectors = new ArrayList<>();
    private final Predicate<Network> trusted;
    private final Budget budget;
    private AttackTools tools = new AttackTools(List.of());

    /**
     * Makes one that notices nothing yet.
     *
     * @param trusted tells whether a network holds an address that is known to be a user's; asked only about who would be
     *     found else
     * @param budget the memory of the jail that it is for
     */
    public Detection(Predicate<Network> trusted, Budget budget) {
        this.trusted = trusted;
        this.budget = budget;
    }

    /** Finds an address that tries so many accounts within findtime. */
    public void enumeration(int accounts, Duration findtime) {
        detectors.add(new Enumeration(budget, accounts, findtime, trusted));
    }

    /** Finds an address that fails so often within findtime, a long one, with several accounts. */
    public void slowGuessing(int failures, Duration findtime) {
        detectors.add(new SlowGuessing(budget, failures, findtime, trusted));
    }

    /** Finds a network of which so many addresses try the same accounts within findtime. */
    public void campaign(int addresses, Duration findtime, BanTime bantime) {
        detectors.add(new Campaign(budget, addresses, findtime, bantime, trusted));
    }

    /** Finds a stranger who dials one foreign number with so many prefixes within findtime. */
    public void tollFraud(int prefixes, Duration findtime) {
        detectors.add(new TollFraud(budget, prefixes, findtime, trusted));
    }

    /** Finds who touches one of these. */
    public void decoys(Collection<String> accounts, Collection<String> numbers) {
        // First, since one touch says more than any count.
        detectors.add(0, new Decoys(accounts, numbers, trusted));
    }

    /** Lets a failure weigh more whose sender names one of these programs. */
    public void attackTools(Collection<String> names) {
        tools = new AttackTools(names);
    }

    /** Returns how many failures this one counts as. */
    int weight(Match failure, int maxretry) {
        return tools.weight(failure, maxretry);
    }

    /** Shows a failure to all detectors. Returns what the first of them finds. */
    Optional<Finding> see(Match failure, IpAddress offender, long second) {
        Optional<Finding> found = Optional.empty();
        for (Detector detector : detectors) {
            Optional<Finding> finding = detector.see(failure, offender, second);
            found = found.isPresent() ? found : finding;
        }
        return found;
    }

    /** Forgets what was held against an address that is banned now. */
    void forget(IpAddress offender) {
        detectors.forEach(detector -> detector.forget(offender));
    }

    /** Forgets what was held against an address that logged in, and against its network. */
    void succeeded(IpAddress address) {
        detectors.forEach(detector -> detector.succeeded(address));
    }

    /** Gives all memory back. */
    void clear() {
        detectors.forEach(Detector::clear);
    }

    /** Takes what another one's detectors have seen; they have seen nothing then. */
    void inherit(Detection predecessor) {
        for (Detector detector : detectors) {
            predecessor.detectors.forEach(detector::inherit);
        }
    }
}
