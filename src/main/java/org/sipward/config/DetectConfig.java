package org.sipward.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The detections of a jail, besides the number of failures. An empty detection is off.
 *
 * @param agents parts of the names of attack tools, in lower or upper case
 * @param decoys accounts and numbers that nobody uses; the same for all jails
 */
public record DetectConfig(
        Optional<Enumeration> enumeration,
        Optional<Slow> slow,
        Optional<Campaign> campaign,
        Optional<TollFraud> tollfraud,
        List<String> agents,
        Decoys decoys) {
    /**
     * Names that attack tools give themselves in User-Agent. Without sipsak's name, because sipsak is also used for
     * monitoring.
     */
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

    /** Returns the shipped values, for everything that the operator does not set. */
    static DetectConfig shipped() {
        return new DetectConfig(
                Optional.of(Enumeration.SHIPPED),
                Optional.of(Slow.SHIPPED),
                // Off, because it also bans an attacker's neighbours, and the logs may not show that.
                Optional.empty(),
                Optional.of(TollFraud.SHIPPED),
                AGENTS,
                new Decoys(List.of(), List.of()));
    }

    /** Returns the shipped names. */
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
     * @param bantime how long the first ban of the network lasts
     */
    public record Campaign(int addresses, Duration findtime, Duration bantime) {
        /** The values if it is turned on and nothing else is set. */
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

    /** Accounts and numbers that nobody uses, so that anyone who tries one is an attacker. */
    public record Decoys(List<String> accounts, List<String> numbers) {
        public Decoys {
            accounts = List.copyOf(accounts);
            numbers = List.copyOf(numbers);
        }
    }
}
