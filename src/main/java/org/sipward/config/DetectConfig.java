package org.sipward.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a jail notices besides the number of failures. What is empty is switched off.
 *
 * @param agents parts of the names of attack tools, in lower case or not
 * @param decoys what nobody uses; the same for all jails
 */
public record DetectConfig(
        Optional<Enumeration> enumeration,
        Optional<Slow> slow,
        Optional<Campaign> campaign,
        Optional<TollFraud> tollfraud,
        List<String> agents,
        Decoys decoys) {
    /** Names that attack tools give themselves in User-Agent. Not sipsak's, which also serves for monitoring. */
    private static final List<String> AGENTS = List.of(
            "friendly-scanner",
            "friendly-request",
            "sipvicious",
            "sipcli",
            "sundayddr",
            "pplsip",
            "vaxsipuseragent",
            "siparmyknife",
            "sip-scan",
            "iwar",
            "smap");

    public DetectConfig {
        agents = List.copyOf(agents);
    }

    /** Returns what holds where the operator says nothing. */
    static DetectConfig shipped() {
        return new DetectConfig(
                Optional.of(Enumeration.SHIPPED),
                Optional.of(Slow.SHIPPED),
                // Off: it takes down neighbours of attackers, of whom the logs may not tell.
                Optional.empty(),
                Optional.of(TollFraud.SHIPPED),
                AGENTS,
                new Decoys(List.of(), List.of()));
    }

    /** Returns the names that hold where the operator says nothing. */
    static List<String> shippedAgents() {
        return AGENTS;
    }

    DetectConfig with(Decoys other) {
        return new DetectConfig(enumeration, slow, campaign, tollfraud, agents, other);
    }

    /**
     * Many accounts from one address.
     *
     * @param accounts how many are too many within {@code findtime}
     */
    public record Enumeration(int accounts, Duration findtime) {
        static final Enumeration SHIPPED = new Enumeration(10, Duration.ofHours(1));
    }

    /**
     * A few failures all the time.
     *
     * @param failures how many are too many within {@code findtime}; an account counts once in each eighth of it
     */
    public record Slow(int failures, Duration findtime) {
        static final Slow SHIPPED = new Slow(20, Duration.ofDays(7));
    }

    /**
     * Many addresses of one network that try the same accounts.
     *
     * @param addresses how many are too many within {@code findtime}
     * @param bantime how long the network is banned at the first time
     */
    public record Campaign(int addresses, Duration findtime, Duration bantime) {
        /** What holds where it is switched on and nothing else is said. */
        static final Campaign SHIPPED = new Campaign(8, Duration.ofHours(1), Duration.ofHours(1));
    }

    /**
     * One foreign number, dialled with several prefixes.
     *
     * @param prefixes how many are too many within the jail's findtime
     */
    public record TollFraud(int prefixes) {
        static final TollFraud SHIPPED = new TollFraud(3);
    }

    /** Accounts and numbers that nobody uses, so that whoever tries one is up to no good. */
    public record Decoys(List<String> accounts, List<String> numbers) {
        public Decoys {
            accounts = List.copyOf(accounts);
            numbers = List.copyOf(numbers);
        }
    }
}
