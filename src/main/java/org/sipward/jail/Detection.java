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
 * The detectors that are switched on for a jail: what it notices besides the number of failures. Call one method for
 * each detector, then give the object to one jail.
 *
 * <p>Not thread-safe: the jail calls it under its lock. Memory: the detectors' tables share the {@link Budget} with
 * the jails' own tables.
 */
public final class Detection {
    private final List<Detector> detectors = new ArrayList<>();
    private final Predicate<Network> trusted;
    private final Budget budget;
    private AttackTools tools = new AttackTools(List.of());

    /**
     * Makes a detection without detectors.
     *
     * @param trusted tells whether a network contains an address that is known to be a user's; called only for a
     *     network that would otherwise be reported
     * @param budget the jail's memory
     */
    public Detection(Predicate<Network> trusted, Budget budget) {
        this.trusted = trusted;
        this.budget = budget;
    }

    /** Reports an address that tries this many accounts within findtime. */
    public void enumeration(int accounts, Duration findtime) {
        detectors.add(new Enumeration(budget, accounts, findtime, trusted));
    }

    /** Reports an address that fails this often, with several accounts, within a long findtime. */
    public void slowGuessing(int failures, Duration findtime) {
        detectors.add(new SlowGuessing(budget, failures, findtime, trusted));
    }

    /** Reports a network in which this many addresses try the same accounts within findtime. */
    public void campaign(int addresses, Duration findtime, BanTime bantime) {
        detectors.add(new Campaign(budget, addresses, findtime, bantime, trusted));
    }

    /** Reports an untrusted address that dials one foreign number with this many prefixes within findtime. */
    public void tollFraud(int prefixes, Duration findtime) {
        detectors.add(new TollFraud(budget, prefixes, findtime, trusted));
    }

    /** Reports an address that uses one of these decoys. */
    public void decoys(Collection<String> accounts, Collection<String> numbers) {
        // First, because one use of a decoy says more than any count.
        detectors.add(0, new Decoys(accounts, numbers, trusted));
    }

    /** Gives more weight to a failure whose sender claims to be one of these programs. */
    public void attackTools(Collection<String> names) {
        tools = new AttackTools(names);
    }

    /** Returns how many failures this failure counts for. */
    int weight(Match failure, int maxretry) {
        return tools.weight(failure, maxretry);
    }

    /** Shows a failure to all detectors. Returns the first finding. */
    Optional<Finding> see(Match failure, IpAddress offender, long second) {
        Optional<Finding> found = Optional.empty();
        for (Detector detector : detectors) {
            Optional<Finding> finding = detector.see(failure, offender, second);
            found = found.isPresent() ? found : finding;
        }
        return found;
    }

    /** Forgets everything about an address that is banned now. */
    void forget(IpAddress offender) {
        detectors.forEach(detector -> detector.forget(offender));
    }

    /** Forgets everything about an address that logged in, and about its network. */
    void succeeded(IpAddress address) {
        detectors.forEach(detector -> detector.succeeded(address));
    }

    /** Gives all memory back. */
    void clear() {
        detectors.forEach(Detector::clear);
    }

    /** Takes over what another's detectors have seen; those are empty then. */
    void inherit(Detection predecessor) {
        for (Detector detector : detectors) {
            predecessor.detectors.forEach(detector::inherit);
        }
    }
}
