package org.sipward.firewall;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.sipward.ban.Ban;
import org.sipward.ban.Difference;
import org.sipward.net.Network;

/**
 * Holds what the sets should have against what a listing shows. Used for one listing.
 *
 * <p>Ends may differ by {@link #TOLERANCE}: the kernel counts in whole seconds, and a busy machine takes its time between
 * the question and the answer. Not thread-safe. Memory: some 60 bytes for a ban.
 */
final class Comparison implements TableListing.Elements {
    private static final Duration TOLERANCE = Duration.ofMinutes(1);
    private static final int MAX_STRANGE = 5;

    private final Instant now;
    private final List<Ban> prefixes = new ArrayList<>();
    private final Map<KernelSet, OfSet> sets = new EnumMap<>(KernelSet.class);

    /** What is known of one set. */
    private static final class OfSet {
        /** By their element's network, those that were not seen yet. */
        private final Map<Network, Ban> hosts = new HashMap<>();

        private final Map<Network, Instant> intervals = new HashMap<>();
        private final List<Network> held = new ArrayList<>();
        private final List<String> strange = new ArrayList<>();
    }

    /**
     * @param bans that the sets should have; none where only sets of prefixes are listed
     * @param union what the sets of prefixes should have
     */
    Comparison(Collection<Ban> bans, Prefixes union, List<Network> allowed, Instant now) {
        this.now = now;
        for (Ban ban : bans) {
            KernelSet set = KernelSet.of(ban);
            if (set.isInterval()) {
                prefixes.add(ban);
            } else {
                of(set).hosts.put(ban.network(), ban);
            }
        }
        for (KernelSet set : List.of(KernelSet.NET4, KernelSet.NET6)) {
            union.elements(set, now).forEach(element -> of(set).intervals.put(element.network(), element.until()));
        }
        for (Network network : Prefixes.outermost(allowed)) {
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
        Network offender = Network.ofOffender(network.address());
        Ban ban = of(set).hosts.get(offender);
        if (ban == null) {
            // One whose ban has ended a moment ago goes by itself.
            if (seconds > TOLERANCE.toSeconds()) {
                of(set).strange.add("holds " + network + ", which is not banned");
            }
        } else if (!endsEarly(ban.until(), seconds)) {
            of(set).hosts.remove(offender);
            if (endsLate(ban.until(), seconds)) {
                of(set).strange.add("holds " + network + " for longer than its ban");
            }
        }
    }

    /** Returns the difference in those sets that were listed. */
    Difference difference(Set<KernelSet> listed) {
        List<Ban> missing = new ArrayList<>();
        List<String> strange = new ArrayList<>();
        for (KernelSet set : listed) {
            Map<Network, Ban> unseen = of(set).hosts;
            unseen.values().stream().filter(this::lasts).forEach(missing::add);
            if (set.isInterval()) {
                intervals(set, missing);
            }
            List<String> found = of(set).strange;
            if (!found.isEmpty() && strange.size() < MAX_STRANGE) {
                String more = found.size() == 1 ? "" : " (and " + (found.size() - 1) + " more)";
                strange.add("set " + set.kernelName() + " " + found.get(0) + more);
            }
        }
        return new Difference(missing, strange);
    }

    private OfSet of(KernelSet set) {
        return sets.computeIfAbsent(set, any -> new OfSet());
    }

    private void intervals(KernelSet set, List<Ban> missing) {
        List<Network> found = of(set).held;
        List<Network> wanted = List.copyOf(of(set).intervals.keySet());
        for (Network network : found) {
            if (!Prefixes.isCovered(network, wanted)) {
                of(set).strange.add("holds " + network + ", which is not " + (set.isAllowed() ? "allowed" : "banned"));
            }
        }
        if (set.isAllowed() || prefixes.isEmpty()) {
            of(set).intervals.forEach((network, until) -> {
                if (lasts(until) && !Prefixes.isCovered(network, found)) {
                    of(set).strange.add("lacks " + network);
                }
            });
        } else {
            prefixes.stream()
                    .filter(ban -> KernelSet.of(ban) == set && lasts(ban) && !Prefixes.isCovered(ban.network(), found))
                    .forEach(missing::add);
        }
    }

    /** Returns whether the ban was in force while the listing was made, and not over meanwhile. */
    private boolean lasts(Ban ban) {
        return lasts(ban.until());
    }

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
}
