package org.sipward.firewall;

import java.io.IOException;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.sipward.ban.Ban;
import org.sipward.net.Network;

/**
 * Checks a table with many bans without listing the bans. Changes nothing.
 *
 * <p>To list a set or a chain, nft 1.0.6 reads the elements of every set; only a terse listing of everything does not.
 * So one script asks for that listing and for the deletion of some elements. nft only checks the script and never
 * commits it: the check passes if all these elements are there. This does not work for sets of prefixes, which nft
 * reads whole for any change; the small ones are listed one by one instead.
 */
final class Glance {
    static final String CHANGED =
            "table " + Script.TABLE + " or one of its rules, sets or chains was deleted or changed";

    /** Lists all tables without elements. */
    static final List<String> LIST_ALL = List.of("-j", "-t", "list", "ruleset", "inet");

    /** Larger sets of prefixes are not checked: to list 5,000 prefixes takes nft 20 ms. */
    private static final int MOST_PREFIXES = 5_000;

    /** An element that is about to end may be gone before nft looks. */
    private static final Duration SPARE = Duration.ofMinutes(1);

    private final Command nft;

    Glance(Command nft) {
        this.nft = nft;
    }

    /** Returns a message if it sees that somebody else changed the table; empty otherwise. */
    Optional<String> at(
            String structure, Collection<Ban> some, List<Network> allowed, BannedPrefixes prefixes, Instant now)
            throws IOException {
        AtomicReference<String> seen = new AtomicReference<>("");
        Command.Result result = nft.run(
                List.of("-c", "-j", "-t", question(hosts(some, now), now)),
                Command.Input.NONE,
                in -> seen.set(TableListing.read(in, TableListing.Elements.NONE)));
        if (!result.isSuccess() && !NftError.isAbsent(result)) {
            throw NftError.of(result);
        }
        if (!seen.get().equals(structure)) {
            return Optional.of(CHANGED);
        }
        if (!result.isSuccess()) {
            return Optional.of("bans are missing");
        }
        return inIntervals(allowed, prefixes, now);
    }

    /**
     * Passed as an argument, 45 KB at most: with {@code -j}, nft would expect a script on its input to be JSON, too.
     */
    private static String question(Map<KernelSet, List<Element>> hosts, Instant now) throws IOException {
        StringWriter question = new StringWriter();
        Script script = new Script(question, now);
        for (Map.Entry<KernelSet, List<Element>> entry : hosts.entrySet()) {
            script.delete(entry.getKey(), entry.getValue());
        }
        script.listing();
        return question.toString();
    }

    private Optional<String> inIntervals(List<Network> allowed, BannedPrefixes prefixes, Instant now)
            throws IOException {
        Comparison comparison = new Comparison(List.of(), prefixes, allowed, now);
        for (KernelSet set : EnumSet.allOf(KernelSet.class)) {
            // An extra element in an empty set of bans is found later. One in an allow set would let an attacker in.
            int wanted = set.isAllowed() ? allowed.size() : comparison.size(set);
            boolean isLookedAt = set.isAllowed() || wanted > 0;
            if (!isLookedAt || wanted > MOST_PREFIXES) {
                continue;
            }
            Command.Result result = nft.run(
                    List.of("-j", "list", "set", "inet", "sipward", set.kernelName()),
                    Command.Input.NONE,
                    in -> TableListing.read(in, comparison));
            if (!result.isSuccess()) {
                return Optional.of(CHANGED);
            }
            Optional<String> difference = comparison.difference(Set.of(set)).words();
            if (difference.isPresent()) {
                return difference;
            }
        }
        return Optional.empty();
    }

    private static Map<KernelSet, List<Element>> hosts(Collection<Ban> some, Instant now) {
        Map<KernelSet, List<Element>> hosts = new EnumMap<>(KernelSet.class);
        for (Ban ban : some) {
            KernelSet set = KernelSet.of(ban);
            if (!set.isInterval() && !ban.isOver(now.plus(SPARE))) {
                hosts.computeIfAbsent(set, any -> new ArrayList<>()).add(Element.of(ban));
            }
        }
        return hosts;
    }
}
