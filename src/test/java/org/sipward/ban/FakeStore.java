package org.sipward.ban;

import java.io.IOException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.sipward.net.IpAddress;
import org.sipward.net.Network;

/** A store in memory, which fails on request. */
public final class FakeStore implements BanStore, NameStore {
    public final Map<String, Ban> bans = new LinkedHashMap<>();
    /** By network and beginning: a ban that is stored again is the same ban. */
    final Map<String, Ban> history = new LinkedHashMap<>();

    final Map<Network, Instant> allowed = new HashMap<>();
    final Map<String, List<IpAddress>> names = new HashMap<>();
    List<String> losses = List.of();
    public boolean failing;

    @Override
    public void load(Consumer<Ban> consumer) throws IOException {
        check();
        List.copyOf(bans.values()).forEach(consumer);
    }

    @Override
    public void add(Collection<Ban> added) throws IOException {
        check();
        for (Ban ban : added) {
            bans.put(key(ban), ban);
            if (!ban.origin().isFeed()) {
                String key = ban.network() + " " + ban.since();
                history.remove(key);
                history.put(key, ban);
            }
        }
    }

    @Override
    public void remove(Collection<Ban> removed, Instant end) throws IOException {
        check();
        removed.forEach(ban -> bans.remove(key(ban)));
    }

    @Override
    public Map<Network, History> history(Collection<Network> networks) throws IOException {
        check();
        Map<Network, History> found = new HashMap<>();
        for (Ban ban : history.values()) {
            if (networks.contains(ban.network()) && ban.origin().kind() == Origin.Kind.JAIL) {
                found.merge(
                        ban.network(),
                        new History(Math.min(1, ban.count()), ban.since()),
                        (old, one) -> new History(old.count() + one.count(), one.last()));
            }
        }
        return found;
    }

    @Override
    public List<Past> past(Network network, int limit) {
        return history.values().stream()
                .filter(ban -> ban.network().overlaps(network))
                .map(ban -> new Past(ban, Optional.empty()))
                .limit(limit)
                .toList();
    }

    @Override
    public void purge(Instant before) {
        history.values().removeIf(ban -> ban.since().isBefore(before));
    }

    @Override
    public void bringBack(Instant now, Instant future) throws IOException {
        check();
        history.replaceAll((key, ban) -> ban.since().isAfter(future)
                ? new Ban(ban.network(), ban.origin(), now, ban.until(), ban.count(), ban.reason())
                : ban);
    }

    @Override
    public void allow(Network network, Instant until) throws IOException {
        check();
        allowed.put(network, until);
    }

    @Override
    public void disallow(Network network) throws IOException {
        check();
        allowed.remove(network);
    }

    @Override
    public Map<Network, Instant> allowed() throws IOException {
        check();
        return Map.copyOf(allowed);
    }

    @Override
    public List<String> losses() {
        return losses;
    }

    @Override
    public synchronized Map<String, List<IpAddress>> names() throws IOException {
        check();
        return Map.copyOf(names);
    }

    @Override
    public synchronized void saveName(String name, List<IpAddress> addresses) throws IOException {
        check();
        names.put(name, addresses);
    }

    @Override
    public synchronized void forgetNames(Collection<String> forgotten) throws IOException {
        check();
        names.keySet().removeAll(forgotten);
    }

    private void check() throws IOException {
        if (failing) {
            throw new IOException("disk is full");
        }
    }

    private static String key(Ban ban) {
        return ban.network() + " " + ban.origin().isFeed();
    }
}
