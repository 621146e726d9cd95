package org.sipward.firewall;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sipward.ban.Ban;
import org.sipward.ban.Difference;
import org.sipward.ban.Firewall;
import org.sipward.net.Network;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blocks with a table of its own, {@code inet sipward}: it accepts packets from allowed networks and drops packets from
 * banned ones before connection tracking sees them. The kernel ends bans by timeouts. Each change is one transaction of
 * nft.
 *
 * <p>{@link #enforce} must be called first; before it, the other calls fail, since only {@code enforce} learns which
 * prefixes the kernel holds. Every failure throws an {@link IOException}, even if the table is gone: only
 * {@code enforce} retries or repairs.
 *
 * <p>Threads: as {@link Firewall}. Memory: {@link BannedPrefixes}, and nothing for a host. Survives the agent:
 * everything in the kernel.
 */
public final class Nftables implements Firewall {
    private static final Logger log = LoggerFactory.getLogger(Nftables.class);
    /** A change of a few bans takes 10 ms, of 100,000 bans a second; {@link Command} gives a long script more time. */
    private static final Duration LIMIT = Duration.ofSeconds(10);

    /** Listing so many bans costs little more than starting nft. */
    private static final int FEW = 1_000;

    private static final List<String> LIST = List.of("-j", "list", "table", "inet", "sipward");
    private static final int MAX_STRUCTURE_BYTES = 262_144;
    private static final Pattern COUNTER = Pattern.compile("packets ([0-9]+) bytes [0-9]+");
    private static final Pattern RULE = Pattern.compile("(?m)^\\t\\t.*@([a-z]+[46]) .*# handle ([0-9]+)$");

    private final List<Integer> ports;
    private final Clock clock;
    private final Command nft;
    private final ForeignChanges changes;
    private final Scripts scripts;
    private final Flows flows;
    private final Glance glance;
    private BannedPrefixes prefixes = BannedPrefixes.none();
    /** The table without elements and counters, as it was created; empty before that, and if it is not known. */
    private String structure = "";

    Nftables(List<Integer> ports, Clock clock, Command nft, Flows flows, ForeignChanges changes) {
        for (int port : ports) {
            if (port < 1 || port > 65_535) {
                throw new IllegalArgumentException("firewall: port is " + port);
            }
        }
        this.ports = List.copyOf(new TreeSet<>(ports));
        this.clock = clock;
        this.nft = nft;
        this.changes = changes;
        this.scripts = new Scripts(nft, changes);
        this.flows = flows;
        this.glance = new Glance(nft);
    }

    /**
     * Makes the firewall. Changes nothing, and does not need nft yet.
     *
     * @param ports packets from banned networks to these ports of TCP, UDP and SCTP are dropped; if empty, all
     *     packets
     */
    public static Nftables open(List<Integer> ports, Clock clock) {
        return new Nftables(ports, clock, Command.of("nft", LIMIT), Flows.of(clock), ForeignChanges.open());
    }

    @Override
    public void expectBlock() {
        if (!structure.isEmpty()) {
            scripts.startAhead();
        }
    }

    /**
     * Blocks in one transaction. Then ends, if possible, the tracked flows of hosts that jails or the operator banned.
     */
    @Override
    public void block(Collection<Ban> bans, Instant now) throws IOException {
        List<Ban> live = bans.stream().filter(ban -> !ban.isOver(now)).toList();
        if (live.isEmpty()) {
            scripts.dismiss();
            return;
        }
        requireTable();
        Map<KernelSet, List<Element>> hosts = hosts(live);
        BannedPrefixes next = prefixes.with(live);
        // Usually none of the elements exists. Replacing one costs three times as much, and the kernel makes nft wait
        // until the old one is freed: 20 ms instead of 6. We do not ask why creating fails: if many elements exist, the
        // kernel has no room to tell.
        Command.Result created = scripts.tryRun(now, script -> {
            for (Map.Entry<KernelSet, List<Element>> entry : hosts.entrySet()) {
                script.create(entry.getKey(), entry.getValue());
            }
            replacePrefixes(script, next, now);
        });
        if (!created.isSuccess()) {
            scripts.run(now, script -> {
                for (Map.Entry<KernelSet, List<Element>> entry : hosts.entrySet()) {
                    script.renew(entry.getKey(), entry.getValue());
                }
                replacePrefixes(script, next, now);
            });
        }
        prefixes = next;
        flows.end(live);
    }

    @Override
    public void unblock(Collection<Ban> bans) throws IOException {
        if (bans.isEmpty()) {
            return;
        }
        requireTable();
        Map<KernelSet, List<Element>> hosts = hosts(bans);
        BannedPrefixes next = prefixes.without(bans);
        if (hosts.isEmpty() && next == prefixes) {
            return;
        }
        Instant now = clock.instant();
        scripts.run(now, script -> {
            for (Map.Entry<KernelSet, List<Element>> entry : hosts.entrySet()) {
                script.remove(entry.getKey(), entry.getValue());
            }
            replacePrefixes(script, next, now);
        });
        prefixes = next;
    }

    /**
     * Makes the table hold exactly this, in one transaction. An unchanged table of ours keeps its counters; any other
     * table of this name is replaced as a whole.
     */
    @Override
    public void enforce(Collection<Ban> bans, List<Network> allowed, Instant now) throws IOException {
        List<Ban> wide = new ArrayList<>();
        Map<KernelSet, Iterable<Element>> elements = new EnumMap<>(KernelSet.class);
        for (Ban ban : bans) {
            KernelSet set = KernelSet.of(ban);
            if (!set.isInterval()) {
                // We iterate once for each set instead of copying: there may be many bans.
                elements.computeIfAbsent(set, any -> () -> hosts(bans, set, now));
            } else if (!ban.isOver(now)) {
                wide.add(ban);
            }
        }
        BannedPrefixes next = BannedPrefixes.none().with(wide);
        for (KernelSet set : List.of(KernelSet.NET4, KernelSet.NET6)) {
            elements.put(set, next.elements(set, now));
        }
        List<Network> outermost = BannedPrefixes.outermost(allowed);
        elements.put(KernelSet.ALLOW4, allowances(outermost, true));
        elements.put(KernelSet.ALLOW6, allowances(outermost, false));
        if (!structure.isEmpty() && structure.equals(structure(bans.size()))) {
            scripts.run(now, script -> script.contents(elements));
            prefixes = next;
            return;
        }
        boolean changedByOthers = !structure.isEmpty();
        structure = "";
        for (KernelSet set : KernelSet.values()) {
            elements.computeIfAbsent(set, any -> List.of());
        }
        scripts.run(now, script -> script.table(ports, elements));
        prefixes = next;
        String made = structure(bans.size());
        // It is not whole if somebody changed the table just now: the next call creates it again.
        structure = Script.isWhole(made) ? made : "";
        if (changedByOthers) {
            log.warn("firewall: somebody removed or changed the table, created it again: {}", Script.TABLE);
        }
    }

    /**
     * Costs one or two starts of nft, at any number of bans. A table of up to {@value #FEW} bans is read whole and
     * compared. In a larger table, only the rest is read (the chain with its policy and place, each rule with its
     * handle, each set) and the allowlist, and the given bans are looked up: listing 100,000 elements takes nft 1.0.6
     * 0.6 s of CPU. An element that somebody added to the bans of a large table is removed only by {@link #enforce}.
     *
     * <p>Where the kernel reports changes, this costs nothing before it has reported one; then all of the table is
     * compared.
     */
    @Override
    public Optional<String> change(Collection<Ban> some, boolean isAll, List<Network> allowed, Instant now)
            throws IOException {
        if (structure.isEmpty()) {
            return Optional.of("the table has not been created yet");
        }
        boolean heard = changes.isHeard();
        // Without all bans, nothing had been heard a moment ago. A change that was heard since then hurries the next
        // call.
        if ((heard && !isAll) || !changes.mayHaveHappened()) {
            return Optional.empty();
        }
        return heard || (isAll && some.size() <= FEW)
                ? compare(some, allowed, now).words()
                : glance.at(structure, some, allowed, prefixes, now);
    }

    @Override
    public boolean hasHeardChange() {
        return changes.wasHeard();
    }

    @Override
    public boolean awaitChange() {
        return changes.await();
    }

    @Override
    public void held(Instant now, Consumer<Ban> to) throws IOException {
        list(LIST, new KernelBans(now, to));
    }

    /** Costs 1 s of CPU at 100,000 bans. */
    @Override
    public Difference compare(Collection<Ban> bans, List<Network> allowed, Instant now) throws IOException {
        Comparison comparison = new Comparison(bans, BannedPrefixes.none().with(bans), allowed, now);
        String seen = list(LIST, comparison).orElse("");
        Difference difference = comparison.difference(EnumSet.allOf(KernelSet.class));
        if (seen.equals(structure) && !seen.isEmpty()) {
            return difference;
        }
        List<String> strange = new ArrayList<>(List.of(Glance.CHANGED));
        strange.addAll(seen.isEmpty() ? List.of() : difference.strange());
        return new Difference(difference.missing(), strange);
    }

    /**
     * Returns, by the name of each set, how many packets its rule has dropped since the table was created; empty if the
     * table does not exist. Costs as much as listing the table: 0.25 s of CPU at 50,000 elements.
     */
    public Map<String, Long> dropped() throws IOException {
        Map<String, Long> dropped = new LinkedHashMap<>();
        StringBuilder text = new StringBuilder();
        nft.run(
                List.of("-a", "-t", "list", "table", "inet", "sipward"),
                Command.Input.NONE,
                in -> text.append(new String(in.readNBytes(MAX_STRUCTURE_BYTES), StandardCharsets.UTF_8)));
        text.toString().lines().forEach(line -> {
            Matcher rule = RULE.matcher(line);
            Matcher counter = COUNTER.matcher(line);
            if (rule.find() && counter.find()) {
                dropped.put(rule.group(1), Long.parseLong(counter.group(1)));
            }
        });
        return dropped;
    }

    @Override
    public void close() {
        scripts.dismiss();
        changes.close();
    }

    @Override
    public String name() {
        return "nftables";
    }

    private void replacePrefixes(Script script, BannedPrefixes next, Instant now) throws IOException {
        if (next == prefixes) {
            return;
        }
        // The sets are replaced as a whole: nft reads an interval set back for any change, and one prefix may cut
        // another.
        for (KernelSet set : List.of(KernelSet.NET4, KernelSet.NET6)) {
            script.contents(set, next.elements(set, now));
        }
    }

    /** Returns the elements that this set of hosts must have, made one by one. */
    private static Iterator<Element> hosts(Collection<Ban> bans, KernelSet set, Instant now) {
        return bans.stream()
                .filter(ban -> KernelSet.of(ban) == set && !ban.isOver(now))
                .map(Element::of)
                .iterator();
    }

    private static List<Element> allowances(Collection<Network> allowed, boolean v4) {
        return allowed.stream()
                .filter(network -> network.address().isV4() == v4)
                .map(network -> new Element(network, Ban.FOREVER))
                .toList();
    }

    /** Returns the elements of those bans that have an element of their own. */
    private static Map<KernelSet, List<Element>> hosts(Collection<Ban> bans) {
        Map<KernelSet, List<Element>> hosts = new EnumMap<>(KernelSet.class);
        for (Ban ban : bans) {
            KernelSet set = KernelSet.of(ban);
            if (!set.isInterval()) {
                hosts.computeIfAbsent(set, any -> new ArrayList<>()).add(Element.of(ban));
            }
        }
        return hosts;
    }

    private void requireTable() throws IOException {
        if (structure.isEmpty()) {
            throw new IOException("table " + Script.TABLE + " has not been created yet");
        }
    }

    /** Returns the table without elements, read in the cheaper way for so many bans; empty if there is no table. */
    private String structure(int bans) throws IOException {
        return list(bans <= FEW ? LIST : Glance.LIST_ALL, TableListing.Elements.NONE)
                .orElse("");
    }

    /** Returns nft's listing of the table without elements, or empty if there is no table. */
    private Optional<String> list(List<String> question, TableListing.Elements elements) throws IOException {
        AtomicReference<String> text = new AtomicReference<>("");
        Command.Result result = nft.run(question, Command.Input.NONE, in -> text.set(TableListing.read(in, elements)));
        if (NftError.isAbsent(result)) {
            return Optional.empty();
        }
        if (!result.isSuccess()) {
            throw NftError.of(result);
        }
        return Optional.of(text.get());
    }
}
