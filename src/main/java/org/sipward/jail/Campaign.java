package org.sipward.jail;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import org.sipward.ban.BanTime;
import org.sipward.filter.Match;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;

/**
 * Detects an attack that is spread over a network's addresses so that each stays below maxretry. A network is a /24 of
 * IPv4 or a /48 of IPv6; the whole network is banned.
 *
 * <p>Many failing addresses in a network are not yet a campaign. If a provider's server was rebuilt, each customer's
 * address fails, but with its own accounts. One phone behind a provider's address pool fails from one address after
 * another. So the addresses must have accounts in common, in one of two ways: they try many more pairs of address and
 * account than there are addresses, and than there are accounts; or enough addresses appear within a minute with less
 * than half as many accounts.
 *
 * <p>Failures that may come from a spoofed source do not count, because one sender could get a whole network banned
 * with them. A network with a trusted address is never reported; the ban list refuses a network with an allowed
 * address.
 *
 * <p>The window starts at the first failure and starts again after findtime; a success anywhere in the network also
 * starts it again. Addresses, accounts and pairs have 256 bits each: each IPv4 address has its own bit, the others
 * share bits as {@link Sketch} describes. A network costs 152 bytes; beyond {@link #MAX_TRACKED} networks, the one that
 * was silent for longest is forgotten.
 */
final class Campaign implements Detector {
    static final int MAX_TRACKED = 5_000;
    static final int V4_PREFIX = 24;
    static final int V6_PREFIX = 48;
    private static final long BURST = 60;

    private static final int BURST_START = AddressTable.START + 1;
    private static final int BURST_ADDRESSES = BURST_START + 1;
    private static final int SKETCH_WORDS = 4;
    private static final int ADDRESSES = BURST_ADDRESSES + 1;
    private static final int ACCOUNTS = ADDRESSES + SKETCH_WORDS;
    private static final int PAIRS = ACCOUNTS + SKETCH_WORDS;

    private final int addresses;
    private final long findtime;
    private final BanTime bantime;
    private final Predicate<Network> trusted;
    private final AddressTable table;
    private final Sketch seenAddresses;
    private final Sketch seenAccounts;
    private final Sketch seenPairs;

    /** Makes a detector that reports this many addresses, except in networks with a trusted address. */
    Campaign(Budget budget, int addresses, Duration findtime, BanTime bantime, Predicate<Network> trusted) {
        this.addresses = addresses;
        this.findtime = findtime.toSeconds();
        this.bantime = bantime;
        this.trusted = trusted;
        this.table = new AddressTable(budget, MAX_TRACKED, PAIRS + SKETCH_WORDS, findtime.toSeconds());
        this.seenAddresses = new Sketch(table, ADDRESSES, SKETCH_WORDS);
        this.seenAccounts = new Sketch(table, ACCOUNTS, SKETCH_WORDS);
        this.seenPairs = new Sketch(table, PAIRS, SKETCH_WORDS);
    }

    /** Returns the network to ban if an address is part of a campaign. */
    static Network around(IpAddress offender) {
        return new Network(offender, offender.isV4() ? V4_PREFIX : V6_PREFIX);
    }

    @Override
    public Optional<Finding> see(Match failure, IpAddress offender, long second) {
        Optional<String> user = failure.claims().user();
        if (user.isEmpty() || !failure.proven()) {
            return Optional.empty();
        }
        Network network = around(offender);
        int slot = table.touch(network.address(), true, second, findtime);
        if (slot == AddressTable.NONE) {
            return Optional.empty();
        }
        long account = table.hash().of(NormalText.account(user.get()));
        // Each IPv4 address of a /24 has its own bit among 256.
        long address = offender.isV4() ? offender.low() & 0xff : table.hash().of(offender.high(), offender.low());
        seenAccounts.add(slot, account);
        seenPairs.add(slot, table.hash().of(account, address));
        if (seenAddresses.add(slot, address)) {
            countBurst(slot, second);
        }
        Optional<Integer> seen = judge(slot);
        if (seen.isEmpty() || trusted.test(network)) {
            return Optional.empty();
        }
        String reason = "campaign: " + seen.get() + " addresses of this network try the same accounts";
        return Optional.of(new Finding(network, "campaign", reason, seen.get(), true, Optional.of(bantime)));
    }

    private void countBurst(int slot, long second) {
        boolean over = second - table.get(slot, BURST_START) > BURST;
        if (over) {
            table.set(slot, BURST_START, second);
        }
        table.set(slot, BURST_ADDRESSES, over ? 1 : table.get(slot, BURST_ADDRESSES) + 1);
    }

    /** Returns the number of addresses if this is a campaign. */
    private Optional<Integer> judge(int slot) {
        int seen = seenAddresses.bits(slot);
        if (seen < addresses) {
            return Optional.empty();
        }
        int accounts = seenAccounts.count(slot);
        int pairs = seenPairs.count(slot);
        // A quarter is more than four times the standard error of the difference.
        boolean shared = pairs - Math.max(seen, accounts) >= Math.max(addresses / 2, pairs / 4);
        boolean burst = table.get(slot, BURST_ADDRESSES) >= addresses && accounts < (seen + 1) / 2;
        return shared || burst ? Optional.of(seen) : Optional.empty();
    }

    /** Forgets the whole network: a network with real users is not part of a campaign. */
    @Override
    public void succeeded(IpAddress address) {
        table.remove(around(address).address());
    }

    @Override
    public void clear() {
        table.clear();
    }

    @Override
    public void inherit(Detector predecessor) {
        if (predecessor instanceof Campaign other && other.findtime == findtime) {
            table.inherit(other.table);
        }
    }
}
