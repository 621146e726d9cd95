package org.sipward.firewall;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.sipward.ban.Ban;
import org.sipward.ban.Difference;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;

/**
 * Compares the elements that the sets should have with those of a listing. Used for one listing of each set.
 *
 * <p>Ends may differ by {@link #TOLERANCE}: the kernel counts in whole seconds, and on a busy machine the listing may
 * come late. Not thread-safe. Memory: some 50 bytes for a host's ban, 200 for a prefix's.
 */
final class Comparison implements TableListing.Elements {
    private static final Duration TOLERANCE = Duration.ofMinutes(1);
    private static final int MAX_STRANGE = 5;

    private final Instant now;
    private final Collection<Ban> bans;
    private final Map<KernelSet, OfSet> sets = new EnumMap<>(KernelSet.class);

    /**
     * @param bans the bans that the sets should have; {@link #difference} iterates over them again. Empty if only
     *     sets of prefixes are listed
     * @param union the prefixes that the sets of prefixes should have
     */
    Comparison(Collection<Ban> bans, BannedPrefixes union, List<Network> allowed, Instant now) {
        this.bans = bans;
        this.now = now;
        for (KernelSet set : KernelSet.values()) {
            sets.put(set, new OfSet());
        }
        for (Ban ban : bans) {
            KernelSet set = KernelSet.of(ban);
            if (!set.isInterval()) {
                of(set).hosts.put(ban.network().address(), ban.until());
            }
        }
        for (KernelSet set : List.of(KernelSet.NET4, KernelSet.NET6)) {
            union.elements(set, now).forEach(element -> of(set).intervals.put(element.network(), element.until()));
        }
        for (Network network : BannedPrefixes.outermost(allowed)) {
            KernelSet set = network.address().isV4() ? KernelSet.ALLOW4 : KernelSet.ALLOW6;
            of(set).intervals.put(network, Ban.FOREVER);
        }
    }

    @Override
    public void take(KernelSet set, Network network, long seconds) {
        if (set.isInterval()) {
            Instant until = of(set).intervals.get(network);
            if (until == null || !endsEarly(until, seconds)) {
                of(set).held.add(network);
            }
            return;
        }
        Ends ends = of(set).hosts;
        IpAddress offender = Network.ofOffender(network.address()).address();
        if (!ends.holds(offender)) {
            // If its ban ended a moment ago, the kernel will remove it.
            if (seconds > TOLERANCE.toSeconds()) {
                strange(set, "holds " + network + ", which is not banned");
            }
        } else if (!endsEarly(ends.of(offender), seconds)) {
            ends.tickOff(offender);
            if (endsLate(ends.of(offender), seconds)) {
                strange(set, "holds " + network + " for longer than its ban");
            }
        }
    }

    /** Returns how many prefixes this set should have, or 0 for a set of hosts. */
    int size(KernelSet set) {
        return of(set).intervals.size();
    }

    /** Returns the difference in the listed sets. */
    Difference difference(Set<KernelSet> listed) {
        List<String> strange = new ArrayList<>();
        for (KernelSet set : listed) {
            if (set.isInterval()) {
                intervals(set);
            }
            int found = of(set).strangers;
            if (found > 0 && strange.size() < MAX_STRANGE) {
                String more = found == 1 ? "" : " (and " + (found - 1) + " more)";
                strange.add("set " + set.kernelName() + " " + of(set).stranger + more);
            }
        }
        return Difference.of(bans.stream().filter(ban -> isMissing(ban, listed)), strange);
    }

    private boolean isMissing(Ban ban, Set<KernelSet> listed) {
        KernelSet set = KernelSet.of(ban);
        return listed.contains(set)
                && lasts(ban.until())
                && !(set.isInterval()
                        ? BannedPrefixes.isCovered(ban.network(), of(set).held)
                        : of(set).hosts.isTickedOff(ban.network().address()));
    }

    private OfSet of(KernelSet set) {
        return Objects.requireNonNull(sets.get(set), "each set was put");
    }

    private void strange(KernelSet set, String words) {
        OfSet known = of(set);
        known.stranger = known.strangers == 0 ? words : known.stranger;
        known.strangers++;
    }

    private void intervals(KernelSet set) {
        TreeSet<Network> found = of(set).held;
        NavigableSet<Network> wanted = of(set).intervals.navigableKeySet();
        for (Network network : found) {
            if (!BannedPrefixes.isCovered(network, wanted)) {
                strange(set, "holds " + network + ", which is not " + (set.isAllowed() ? "allowed" : "banned"));
            }
        }
        if (set.isAllowed() || bans.isEmpty()) {
            of(set).intervals.forEach((network, until) -> {
                if (lasts(until) && !BannedPrefixes.isCovered(network, found)) {
                    strange(set, "lacks " + network);
                }
            });
        }
    }

    /** Returns whether the ban did not end while the listing was made. */
    private boolean lasts(Instant until) {
        return until.isAfter(now.plusSeconds(10));
    }

    private boolean endsEarly(Instant until, long seconds) {
        long rest = rest(until);
        return seconds != TableListing.NO_END && seconds < rest - TOLERANCE.toSeconds();
    }

    private boolean endsLate(Instant until, long seconds) {
        long rest = rest(until);
        long rounding = rest > Script.MOST_SECONDS ? Duration.ofDays(1).toSeconds() : 0;
        return rest != TableListing.NO_END && seconds > rest + TOLERANCE.toSeconds() + rounding;
    }

    private long rest(Instant until) {
        Duration rest = Duration.between(now, until);
        return rest.toMillis() > Script.LONGEST ? TableListing.NO_END : rest.toSeconds();
    }

    /** The state of one set. */
    private static final class OfSet {
        /** Hosts that the listing shows are ticked off. */
        private final Ends hosts = new Ends();

        private final TreeMap<Network, Instant> intervals = new TreeMap<>();
        private final TreeSet<Network> held = new TreeSet<>();
        /** The first strange element; {@link #strangers} is their number. */
        private String stranger = "";

        private int strangers;
    }
}
