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
 * Counts attempts, not lines. Servers write up to six lines for one wrong login, perhaps into two files, and one file
 * may be read before the other is begun.
 *
 * <p>A line belongs to an attempt that is already counted if it has the same address, was written within a second of
 * it (stamps are often whole seconds, so they may differ by one) and names the same session. If only one of the two
 * names a session, the line belongs to an attempt that another pattern reported. The same pattern again is a new
 * attempt, except that some patterns have several lines in one session ({@link FilterSpec.Pattern#lines}). So an
 * attacker who keeps one Call-ID for all guesses, or mixes kinds of guesses, is still counted at least once for every
 * six lines, and once in two seconds.
 *
 * <p>The best line of an attempt counts: a line that no caller can forge is better than a forgeable line, and a line
 * that proves the address is better than a line that does not.
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

    /** Makes an empty table for failures that these patterns find. */
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
     * Counts a failure, unless its attempt is already counted.
     *
     * @param time in seconds since 1970
     * @param weight how many failures a new attempt counts for
     * @return whether the address has reached maxretry with it
     */
    boolean count(IpAddress address, long time, Match match, int weight) {
        int second = (int) time;
        int pattern = index(match.pattern());
        int session = hash(match.claims().session(), FailureTable.SESSIONS);
        int slot = table.find(address);
        int lines = Math.min(patterns.get(pattern).lines(), FailureTable.MAX_LINES);
        int attempt = slot < 0 ? -1 : table.attemptOf(slot, second, pattern, session, lines);
        // A further line of a counted attempt only adds the difference if its pattern weighs more.
        int counted = attempt < 0 ? 0 : join(slot, attempt, pattern, match.proven());
        int wanting = attempt < 0 ? weight : match.weight();
        if (counted >= wanting) {
            return false;
        }
        // If no account is known, the dialled number distinguishes two attempts just as well.
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

    /** Adds a line to an attempt. Returns how many failures the attempt has counted for. */
    private int join(int slot, int attempt, int pattern, boolean proven) {
        int before = table.pattern(slot, attempt);
        if (worth(pattern, proven) > worth(before, table.isProven(slot, attempt))) {
            table.retell(slot, attempt, pattern, proven);
        } else {
            table.addLine(slot, attempt, pattern);
        }
        return patterns.get(before).weight();
    }

    /** Returns whether a caller who knows the format can make the server write lines that this pattern finds. */
    boolean isForgeable(String pattern) {
        return patterns.get(index(pattern)).forgeable();
    }

    /** Returns whether one of an address's counted failures proves that the address is the sender's. */
    boolean isProven(IpAddress counted) {
        int slot = table.find(counted);
        boolean proven = false;
        for (int i = 0; slot >= 0 && i < table.count(slot); i++) {
            proven |= table.isProven(slot, i);
        }
        return proven;
    }

    /** Returns how many different accounts or numbers an address's counted failures tried, at least. */
    int accounts(IpAddress counted) {
        int slot = table.find(counted);
        int seen = 0;
        for (int i = 0; slot >= 0 && i < table.count(slot); i++) {
            seen |= 1 << table.account(slot, i);
        }
        // The lowest bit stands for failures that name no account.
        return Integer.bitCount(seen & ~1);
    }

    /** Returns whether the address has a counted failure within findtime before this second. */
    boolean hasRecent(IpAddress counted, long second) {
        int slot = table.find(counted);
        return slot >= 0 && table.isRecent(slot, second);
    }

    /** Returns the count of an address's failures. */
    Optional<Jail.Count> of(IpAddress counted) {
        int slot = table.find(counted);
        return slot < 0 ? Optional.empty() : Optional.of(countOf(counted, slot));
    }

    /**
     * Puts the addresses with the most failures into the queue, whose head has the fewest, and leaves at most
     * {@code limit} in it.
     */
    void addTo(PriorityQueue<Jail.Count> most, int limit) {
        table.forEach((address, slot) -> {
            // There may be a hundred thousand addresses; describe only those that have a chance.
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
     * Copies another's counters; call it before anything else. The other is empty then. An address that would reach
     * maxretry by this gets one failure less, so that its next failure decides.
     */
    void inherit(Attempts predecessor) {
        // Without the same hash, sessions and accounts would have other numbers here.
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

    /**
     * Returns a number from 1 to below the limit, or 0 if there is no text. Seeded, so that an attacker cannot aim at
     * one number.
     */
    private int hash(Optional<String> text, int limit) {
        return text.isEmpty() ? 0 : 1 + SeededHash.scale(hash.of(text.get()), limit - 1);
    }
}
