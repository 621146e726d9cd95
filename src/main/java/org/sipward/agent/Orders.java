package org.sipward.agent;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.sipward.ban.Ban;
import org.sipward.ban.BanList;
import org.sipward.ban.Origin;
import org.sipward.control.Answer;
import org.sipward.jail.Trust;
import org.sipward.net.Network;
import org.sipward.yaml.Durations;

/**
 * Carries out the operator's orders for addresses: ban, unban, allow. Each answer has a row for each address, whose
 * {@code result} is a word or two, and a line for people.
 *
 * <p>A request with an address that cannot be parsed changes nothing. Thread-safe, as the parts that it asks are.
 */
final class Orders {
    private static final String UNBANNED = "unbanned by command";

    private static final int MAX_REASON = 200;
    private static final String NO_REASON = "by command";

    private final BanList bans;
    private final Trust trust;
    private final Spared spared;
    private final Clock clock;

    Orders(BanList bans, Trust trust, Spared spared, Clock clock) {
        this.bans = bans;
        this.trust = trust;
        this.spared = spared;
        this.clock = clock;
    }

    /**
     * Bans addresses and prefixes. A trusted address, and a prefix that holds a trusted or allowed one, is banned only
     * with {@code force}. A ban in force stays as it is if it ends later.
     */
    Answer ban(Request request) {
        Set<Network> networks = new LinkedHashSet<>();
        request.networks()
                .forEach(named -> networks.add(named.isHost() ? bans.allowlist().bannedFor(named.address()) : named));
        if (networks.stream().anyMatch(network -> network.prefix() == 0)) {
            return Answer.usage("this would ban everybody");
        }
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Instant until = end(now, request);
        String reason = reason(request);
        boolean force = request.has("force");
        List<Network> allowed = bans.allowlist().networks();
        Report report = new Report();
        List<Ban> wanted = new ArrayList<>();
        for (Network network : networks) {
            Optional<String> friend = force ? Optional.empty() : friend(network, allowed, now);
            Optional<Ban> standing = standing(network);
            Optional<Ban> longer = standing.filter(ban -> ban.until().isAfter(until));
            if (friend.isPresent()) {
                report.no(
                        network,
                        "not banned",
                        friend.get(),
                        "not banned: " + network + " " + friend.get() + "; to ban it all the same, add --force");
            } else if (longer.isPresent()) {
                report.kept(longer.get());
            } else {
                String words = reason.isEmpty() ? standing.map(Ban::reason).orElse(NO_REASON) : reason;
                wanted.add(new Ban(network, Origin.OPERATOR, now, until, 1, words));
            }
        }
        Map<Ban, String> refused = bans.impose(wanted);
        for (Ban ban : wanted) {
            if (refused.containsKey(ban)) {
                String why = String.valueOf(refused.get(ban));
                boolean never = bans.allowlist().reason(ban.network()).isPresent();
                String line = ban.network() + (never ? " is never banned: " : " is not banned: ") + why;
                report.no(ban.network(), "not banned", why, line);
            } else {
                report.banned(ban);
            }
        }
        return report.answer(bans);
    }

    /**
     * Ends the bans of addresses, or all bans. With {@code all}, those of feeds end only with {@code feeds}, since a
     * feed would ban them again within a day.
     */
    Answer unban(Request request) {
        Report report = new Report();
        if (request.has("all")) {
            boolean feedsToo = request.has("feeds");
            List<Ban> ended = bans.unban(ban -> feedsToo || !ban.origin().isFeed());
            spared.ended(ended, UNBANNED, true);
            long left = bans.count();
            report.ended(ended);
            String stay = left == 0 || feedsToo
                    ? ""
                    : "; " + Wording.count(left, "ban") + " of feeds stay: 'sipward unban --all --feeds' ends them too";
            boolean listed = ended.stream().anyMatch(ban -> ban.origin().isFeed());
            String back = listed
                    ? "; those of feeds come back within a day, or now with 'sipward feed sync'; to be rid of a feed, set"
                            + " enabled: false"
                    : "";
            report.summary(
                    (ended.isEmpty() ? "no bans to end" : "ended " + Wording.count(ended.size(), "ban")) + stay + back);
            return report.answer(bans);
        }
        Set<Network> networks = new LinkedHashSet<>();
        request.networks().forEach(named -> networks.add(banned(named)));
        List<Ban> ended = bans.unban(ban -> contains(networks, ban.network()));
        spared.ended(ended, UNBANNED, true);
        for (Network network : networks) {
            List<Ban> here = ended.stream()
                    .filter(ban -> network.contains(ban.network()))
                    .toList();
            report.unbanned(network, here, around(network));
        }
        return report.answer(bans);
    }

    /** Allows addresses until a time or for ever. With {@code end}, ends such an allowance. */
    Answer allow(Request request) throws IOException {
        Set<Network> networks = request.networks();
        Report report = new Report();
        if (request.has("end")) {
            for (Network network : networks) {
                if (bans.disallow(network)) {
                    report.yes(network, "no longer allowed", "no longer allowed: " + network);
                } else {
                    String why = "it was not allowed by command";
                    report.no(network, "not allowed", why, network + ": " + why);
                }
            }
            return report.answer(bans);
        }
        if (networks.stream().anyMatch(network -> network.prefix() == 0)) {
            return Answer.usage("this would allow everybody");
        }
        Instant until = end(clock.instant().truncatedTo(ChronoUnit.SECONDS), request);
        for (Network network : networks) {
            List<Ban> ended = bans.allow(network, until);
            spared.ended(ended, "allowed by command", false);
            report.allowed(network, until, ended.size());
        }
        return report.answer(bans);
    }

    /** Returns why a ban of this network is probably a mistake; empty if it is not. */
    private Optional<String> friend(Network network, List<Network> allowed, Instant now) {
        Optional<String> logIn = network.isOffender()
                ? trust.at(network.address(), now).map(found -> "is trusted: it has logged in, since " + found.since())
                : Optional.of("holds an address that has logged in and is trusted")
                        .filter(any -> trust.holds(network));
        if (logIn.isPresent() || bans.allowlist().reason(network).isPresent()) {
            // The ban list refuses networks that are allowed themselves, and tells the reason.
            return logIn;
        }
        return allowed.stream()
                .filter(network::contains)
                .findFirst()
                .map(inner -> "holds " + inner + ", which is never banned ("
                        + bans.allowlist().reason(inner).orElse("allowed") + ")");
    }

    /** Returns the ban of exactly this network by a jail or the operator. */
    private Optional<Ban> standing(Network network) {
        return bans.bansOf(network.address()).stream()
                .filter(ban -> !ban.origin().isFeed() && ban.network().equals(network))
                .findFirst();
    }

    /** Returns the oldest of the bans that still block a network. */
    private Optional<Ban> around(Network network) {
        return bans.bansOf(network.address()).stream().min(Comparator.comparing(Ban::since));
    }

    /** Returns the network that is banned for this one: an IPv6 address is banned with its /64, as a jail would. */
    private static Network banned(Network named) {
        return named.isHost() ? Network.ofOffender(named.address()) : named;
    }

    private static boolean contains(Set<Network> networks, Network banned) {
        return networks.contains(banned) || networks.stream().anyMatch(network -> network.contains(banned));
    }

    /** Returns the note that the operator gave, empty if none. */
    private static String reason(Request request) {
        String reason = request.text("reason").replaceAll("\\p{Cntrl}", " ").strip();
        return reason.substring(0, Math.min(reason.length(), MAX_REASON));
    }

    private static Instant end(Instant now, Request request) {
        String time = request.text("for");
        Duration duration = Durations.parse(time)
                .orElseThrow(() -> new IllegalArgumentException(
                        time + " is not a duration; write one such as 30m, 1d, 1w or forever"));
        if (duration.equals(Durations.FOREVER)) {
            return Ban.FOREVER;
        }
        if (duration.isZero() || duration.compareTo(Durations.MAX) > 0) {
            throw new IllegalArgumentException(
                    time + " is out of range; write 1s to " + Durations.format(Durations.MAX) + ", or forever");
        }
        return now.plus(duration);
    }
}
