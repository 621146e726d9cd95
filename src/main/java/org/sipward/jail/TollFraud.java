package org.sipward.jail;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import org.sipward.filter.Match;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;

/**
 * Detects an attacker who looks for a way to dial abroad: by one number with several prefixes (900972…, 000972…,
 * 9011972…), by several ways to dial abroad, whatever the number, or by many international numbers.
 *
 * <p>One innocent case looks similar: a carrier that is not on the allowlist delivers calls for a number, or a block
 * of numbers, that the server does not know. But a carrier always dials in the same way. Where the prefix ends and the
 * number begins is uncertain, so the last {@value #SUBSCRIBER} digits are taken for the number.
 *
 * <p>The window starts at the first number and starts again after findtime. Prefixes, ways and numbers are counted by
 * their {@link Fingerprints}. An address costs 96 bytes with the default of three prefixes; beyond {@link #MAX_TRACKED}
 * addresses, the one that was silent for longest is forgotten, but never for a call that may come from a spoofed
 * source.
 */
final class TollFraud implements Detector {
    static final int MAX_TRACKED = 10_000;
    private static final int SUBSCRIBER = 8;
    /** This many times the limit of prefixes is the limit of international numbers. */
    private static final int NUMBERS = 3;
    /** E.164 numbers have at most 15 digits, and with the country code hardly fewer than 8. */
    private static final int MIN_INTERNATIONAL = 8;

    private static final int MAX_INTERNATIONAL = 15;
    private static final int MAX_OUTSIDE_LINE = 4;
    private static final String[] EXIT_CODES = {"00", "011", "810"};

    private static final int LAST_SUBSCRIBER = AddressTable.START + 1;
    private static final int UNPROVEN = LAST_SUBSCRIBER + 1;
    private static final int COUNTS = UNPROVEN + 1;

    private final int prefixes;
    private final long findtime;
    private final Predicate<Network> trusted;
    private final AddressTable table;
    private final Fingerprints ways;
    private final Fingerprints dialled;
    private final Fingerprints numbers;

    /** Makes a detector that reports this many prefixes, except in networks with a trusted address. */
    TollFraud(Budget budget, int prefixes, Duration findtime, Predicate<Network> trusted) {
        this.prefixes = prefixes;
        this.findtime = findtime.toSeconds();
        this.trusted = trusted;
        int few = Fingerprints.words(prefixes);
        int words = COUNTS + 2 * few + Fingerprints.words(NUMBERS * prefixes);
        this.table = new AddressTable(budget, MAX_TRACKED, words, findtime.toSeconds());
        this.ways = new Fingerprints(table, COUNTS, prefixes);
        this.dialled = new Fingerprints(table, COUNTS + few, prefixes);
        this.numbers = new Fingerprints(table, COUNTS + 2 * few, NUMBERS * prefixes);
    }

    @Override
    public Optional<Finding> see(Match failure, IpAddress offender, long second) {
        String number = failure.claims().number().map(NormalText::number).orElse("");
        int slot = number.isEmpty() ? AddressTable.NONE : table.touch(offender, failure.proven(), second, findtime);
        if (slot == AddressTable.NONE) {
            return Optional.empty();
        }
        table.set(slot, UNPROVEN, table.get(slot, UNPROVEN) | (failure.proven() ? 0 : 1));
        long subscriber = table.hash().of(number.substring(number.length() - SUBSCRIBER));
        if (subscriber != table.get(slot, LAST_SUBSCRIBER)) {
            table.set(slot, LAST_SUBSCRIBER, subscriber);
            dialled.clear(slot);
        }
        dialled.add(slot, table.hash().of(number.substring(0, number.length() - SUBSCRIBER)));
        int way = way(number);
        if (way > 0) {
            ways.add(slot, table.hash().of(number.substring(0, way)));
            numbers.add(slot, subscriber);
        }
        return judge(slot, offender);
    }

    private Optional<Finding> judge(int slot, IpAddress offender) {
        int tried = dialled.count(slot);
        int abroad = ways.count(slot);
        int called = numbers.count(slot);
        Optional<String> reason = tried >= prefixes
                ? Optional.of("toll fraud: one number dialled with " + tried + " prefixes")
                : abroad >= prefixes
                        ? Optional.of("toll fraud: " + abroad + " ways to dial abroad tried")
                        : called >= NUMBERS * prefixes
                                ? Optional.of("toll fraud: " + called + " international numbers dialled")
                                : Optional.empty();
        Network network = Network.ofOffender(offender);
        if (reason.isEmpty() || trusted.test(network)) {
            return Optional.empty();
        }
        int count = Math.max(tried, Math.max(abroad, called));
        boolean proven = table.get(slot, UNPROVEN) == 0;
        return Optional.of(new Finding(network, "tollfraud", reason.get(), count, proven, Optional.empty()));
    }

    /**
     * Returns the length of the prefix of an international number: a plus, or an exit code after up to four digits for
     * an outside line. Returns 0 if the number is not international.
     */
    private static int way(String number) {
        if (number.charAt(0) == '+') {
            return isInternational(number, 1) ? 1 : 0;
        }
        for (int i = 0; i <= MAX_OUTSIDE_LINE; i++) {
            for (String code : EXIT_CODES) {
                if (number.startsWith(code, i) && isInternational(number, i + code.length())) {
                    return i + code.length();
                }
            }
        }
        return 0;
    }

    private static boolean isInternational(String number, int from) {
        int digits = number.length() - from;
        return digits >= MIN_INTERNATIONAL && digits <= MAX_INTERNATIONAL && number.charAt(from) != '0';
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
        if (predecessor instanceof TollFraud other && other.findtime == findtime && other.prefixes == prefixes) {
            table.inherit(other.table);
        }
    }
}
