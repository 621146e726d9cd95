package org.sipward.agent;

import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.sipward.ban.Ban;
import org.sipward.ban.BanList;
import org.sipward.ban.BanStore;
import org.sipward.ban.Trusted;
import org.sipward.jail.Jail;
import org.sipward.jail.Trust;
import org.sipward.net.Network;
import org.sipward.status.AllowedNetwork;
import org.sipward.status.CountedAddress;

/**
 * Lists what the operator asks for: bans in force, past bans, the addresses that fail most, what is allowed, who is
 * trusted.
 *
 * <p>Thread-safe, as the parts that it asks are.
 */
final class Lists {
    private static final int MAX_TOP = 10_000;
    private static final int USUAL_TOP = 20;
    private static final int MAX_TRUSTED = 10_000;
    private static final int MAX_PAST = 10_000;
    private static final int USUAL_PAST = 100;
    private static final List<String> EVERYBODY = List.of("0.0.0.0/0", "::/0");

    private final BanList bans;
    private final Logs logs;
    private final Trust trust;
    private final Clock clock;
    private final InTime history = new InTime("sipward-history", Commands.WAIT);

    Lists(BanList bans, Logs logs, Trust trust, Clock clock) {
        this.bans = bans;
        this.logs = logs;
        this.trust = trust;
        this.clock = clock;
    }

    /**
     * Returns the bans in force, oldest first: those of an {@code origin}, of a {@code jail}, that overlap
     * {@code address}, that contain {@code text}; the last {@code limit} of them.
     */
    List<Ban> bans(Request request) {
        // The list is in the order in which the bans began, and makes them one by one.
        List<Ban> all = bans.bans();
        List<Ban> found = filter(request)
                .map(wanted -> all.stream().filter(wanted).toList())
                .orElse(all);
        return last(found, request.limit(Integer.MAX_VALUE));
    }

    /** Returns the bans that are over, chosen as by {@link #bans}; empty if the store does not answer in time. */
    Optional<List<BanStore.Past>> past(Request request) throws IOException {
        Predicate<Ban> wanted = filter(request).orElse(any -> true);
        return history.ask(() -> last(past(wanted), request.limit(USUAL_PAST)));
    }

    private List<BanStore.Past> past(Predicate<Ban> wanted) throws IOException {
        List<BanStore.Past> found = new ArrayList<>();
        for (String everybody : EVERYBODY) {
            found.addAll(bans.past(Network.parse(everybody).orElseThrow(), MAX_PAST));
        }
        Instant now = clock.instant();
        return found.stream()
                .filter(past -> past.ended().isPresent() || past.ban().isOver(now) || !isInForce(past.ban()))
                .filter(past -> wanted.test(past.ban()))
                .sorted(Comparator.comparing((BanStore.Past past) -> past.ban().since()))
                .toList();
    }

    private boolean isInForce(Ban ban) {
        return bans.bansOf(ban.network().address()).contains(ban);
    }

    /** Returns the {@code limit} addresses that fail most and are not banned, most failures first. */
    List<CountedAddress> top(Request request) {
        int limit = Math.min(request.limit(USUAL_TOP), MAX_TOP);
        List<CountedAddress> found = new ArrayList<>();
        for (Jail jail : logs.jails()) {
            for (Jail.Count count : jail.top(limit)) {
                if (bans.bansOf(count.network().address()).isEmpty()) {
                    found.add(new CountedAddress(jail.name(), count));
                }
            }
            // Cut after each jail, or the list would be as many times too long as there are jails.
            found.sort(Comparator.comparingInt(
                            (CountedAddress counted) -> counted.count().failures())
                    .reversed());
            found.subList(Math.min(limit, found.size()), found.size()).clear();
        }
        return found;
    }

    /** Returns everything that is never banned, with the reason. */
    List<AllowedNetwork> allowed() {
        return bans.allowlist().networks().stream()
                .map(network -> new AllowedNetwork(
                        network, bans.allowlist().reason(network).orElse("")))
                .toList();
    }

    /** Returns the addresses that are trusted because they have logged in, the latest first; at most {@code limit}. */
    List<Trusted> trusted(Request request) {
        return trust.trusted(clock.instant(), Math.min(request.limit(MAX_TRUSTED), MAX_TRUSTED));
    }

    /** Returns the filter that the arguments ask for; empty if they ask for all bans. */
    private static Optional<Predicate<Ban>> filter(Request request) {
        Stream<Optional<Predicate<Ban>>> filters = Stream.of(
                filter(
                        request,
                        "origin",
                        text -> ban -> ban.origin().toString().equals(text)
                                || ban.origin()
                                        .kind()
                                        .name()
                                        .toLowerCase(Locale.ROOT)
                                        .equals(text)),
                filter(request, "jail", text -> ban -> ban.origin().toString().equals("jail:" + text)),
                filter(
                        request,
                        "text",
                        text -> ban -> (ban.network() + " " + ban.reason())
                                .toLowerCase(Locale.ROOT)
                                .contains(text.toLowerCase(Locale.ROOT))),
                filter(request, "address", text -> {
                    Network asked = request.networks().iterator().next();
                    return ban -> ban.network().overlaps(asked);
                }));
        return filters.flatMap(Optional::stream).reduce(Predicate::and);
    }

    /** Returns the filter for this argument; empty if the argument is not given. */
    private static Optional<Predicate<Ban>> filter(
            Request request, String key, Function<String, Predicate<Ban>> filter) {
        return Optional.of(request.text(key)).filter(text -> !text.isEmpty()).map(filter);
    }

    private static <T> List<T> last(List<T> list, int limit) {
        return list.subList(Math.max(0, list.size() - limit), list.size());
    }
}
