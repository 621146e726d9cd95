package org.sipward.jail;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import org.sipward.filter.FilterSpec;
import org.sipward.filter.Match;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;
import org.sipward.net.SeededHash;

/**
 * Counts attempts, not lines: servers write up to six lines for one wrong login, perhaps into two files, of which one may
 * be read before the other is begun.
 *
 * <p>A line belongs to an attempt that is counted already if it is of the same address, was written within a second of
 * it (stamps are often whole seconds, so they may differ by one) and names the same session. Where one of the two names
 * none, it belongs to one that another pattern has told of. The same pattern again is another attempt, except that some
 * patterns have several lines in one session ({@link FilterSpec.Pattern#lines}). So whoever keeps his Call-ID for all his
 * guesses, or mixes kinds of guesses, is counted at least once for every six of his lines, and once in two seconds.
 *
 * <p>Of the lines of an attempt the best counts: one that no caller can forge before one that he can, and one that proves
 * the address before one that does not.
 *
 * <p>Memory: see {@link FailureTable}. Not thread-safe.
 */
final class Attempts {
    private final FailureTable table;
    private final List<FilterSpec.Pattern> patterns;
    private final List<String> names;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final int maxretry;
    private SeededHash hash = new SeededHash();

    /** Makes a table for failures that these patterns find. */
    Attempts(Budget budget, List<FilterSpec.Pattern> patterns, int maxretry, Duration findtime) {
        this.patterns = patterns.stream().limit(Byte.MAX_VALUE).toList();
        this.maxretry = maxretry;
        this.names = this.patterns.stream().map(FilterSpec.Pattern::name).toList();
        for (int i = 0; i < names.size(); i++) {
            numbers.putIfAbsent(names.get(i), i);
        }
        this.table = new FailureTable(budget, maxretry, (int) Math.min(findtime.toSeconds(), Integer.MAX_VALUE));
    }

    /**
     * Counts a failure, unless its attempt has been counted.
     *
     * @param time in seconds since 1970
     * @param weight how many failures a new attempt counts as
     * @return whether the address has reached maxretry with it
     */
    boolean count(IpAddress address, long time, Match match, int weight) {
        int second = (int) time;
        int pattern = index(match.pattern());
        int session = hash(match.claims().session(), FailureTable.SESSIONS);
        int slot = table.find(address);
        int lines = Math.min(patterns.get(pattern).lines(), FailureTable.MAX_LINES);
        int attempt = slot < 0 ? -1 : table.attemptOf(slot, second, pattern, session, lines);
        // What else its lines say of an attempt that is counted only makes up for a lighter pattern.
        int counted = attempt < 0 ? 0 : join(slot, attempt, pattern, match.proven());
        int wanting = attempt < 0 ? weight : match.weight();
        if (counted >= wanting) {
            return false;
        }
        // Where no account is known, a number that was dialled tells two attempts apart as well.
        Optional<String> user = match.claims().user();
        int account = hash(user.isPresent() ? user : match.claims().number(), FailureTable.ACCOUNTS);
        for (int i = counted; i < wanting; i++) {
            slot = table.add(slot, address, second, pattern, match.proven(), session, account);
            if (slot < 0) {
                return false;
            }
            if (table.isFull(slot)) {
                return true;
            }
        }
        return false;
    }

    /** Adds a line to an attempt. Returns how many failures the attempt has counted as. */
    private int join(int slot, int attempt, int pattern, boolean proven) {
        int before = table.pattern(slot, attempt);
        if (worth(pattern, proven) > worth(before, table.isProven(slot, attempt))) {
            table.retell(slot, attempt, pattern, proven);
        } else {
            table.addLine(slot, attempt, pattern);
        }
        return patterns.get(before).weight();
    }

    /** Returns whether a caller who knows the format can have lines written that this pattern finds. */
    boolean isForgeable(String pattern) {
        return patterns.get(index(pattern)).forgeable();
    }

    /** Returns whether one of the counted failures of an address proves that it is its sender's. */
    boolean isProven(IpAddress counted) {
        int slot = table.find(counted);
        boolean proven = false;
        for (int i = 0; slot >= 0 && i < table.count(slot); i++) {
            proven |= table.isProven(slot, i);
        }
        return proven;
    }

    /** Returns how many different accounts or numbers the counted failures of an address wanted, at least. */
    int accounts(IpAddress counted) {
        int slot = table.find(counted);
        int seen = 0;
        for (int i = 0; slot >= 0 && i < table.count(slot); i++) {
            seen |= 1 << table.account(slot, i);
        }
        // The lowest bit is for failures that name none.
        return Integer.bitCount(seen & ~1);
    }

    /** Returns what is counted against an address. */
    Optional<Jail.Count> of(IpAddress counted) {
        int slot = table.find(counted);
        return slot < 0 ? Optional.empty() : Optional.of(countOf(counted, slot));
    }

    /** Puts those with the most failures into the queue, whose head has the fewest, and leaves so many in it. */
    void addTo(PriorityQueue<Jail.Count> most, int limit) {
        table.forEach((address, slot) -> {
            // There may be a hundred thousand, of which hardly any is worth a description.
            if (most.size() < limit || table.count(slot) >= most.element().failures()) {
                most.add(countOf(address, slot));
                if (most.size() > limit) {
                    most.remove();
                }
            }
        });
    }

    /** Forgets an address. */
    void remove(IpAddress counted) {
        table.remove(counted);
    }

    int tracked() {
        return table.size();
    }

    /** Gives all memory back. */
    void clear() {
        table.clear();
    }

    /**
     * Takes what another has counted, as its first deed; the other has counted nothing then. The failure one too many stays
     * open: the next one decides.
     */
    void inherit(Attempts predecessor) {
        // Else its sessions and accounts would be numbers of others here.
        hash = predecessor.hash;
        predecessor.table.drain((address, old, slot) -> {
            for (int i = 0; i < old.count(slot); i++) {
                inherit(address, old, slot, i, index(predecessor.names.get(old.pattern(slot, i))));
            }
        });
    }

    private void inherit(IpAddress address, FailureTable old, int slot, int i, int pattern) {
        int time = old.time(slot, i);
        boolean proven = old.isProven(slot, i);
        int session = old.session(slot, i);
        int account = old.account(slot, i);
        int own = table.add(address, time, pattern, proven, session, account);
        if (own >= 0 && table.isFull(own)) {
            table.remove(address);
            for (int n = 1; n < maxretry; n++) {
                table.add(address, time, pattern, proven, session, account);
            }
        }
    }

    private Jail.Count countOf(IpAddress address, int slot) {
        int number = table.count(slot);
        Map<String, Integer> byPattern = new LinkedHashMap<>();
        for (int i = 0; i < number; i++) {
            byPattern.merge(names.get(table.pattern(slot, i)), 1, Integer::sum);
        }
        Instant last = Instant.ofEpochSecond(table.time(slot, number - 1));
        return new Jail.Count(Network.ofOffender(address), number, last, byPattern);
    }

    private int index(String pattern) {
        return numbers.getOrDefault(pattern, 0);
    }

    private int worth(int pattern, boolean proven) {
        return (patterns.get(pattern).forgeable() ? 0 : 2) + (proven ? 1 : 0);
    }

    /** Returns a number from 1 to below the limit, or 0 if there is no text. Seeded: nobody can aim at one number. */
    private int hash(Optional<String> text, int limit) {
        return text.isEmpty() ? 0 : 1 + SeededHash.scale(hash.of(text.get()), limit - 1);
    }
}
