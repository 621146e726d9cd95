package org.sipward.feed;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.sipward.ban.Ban;
import org.sipward.net.Network;

/** A list of bans that outlives the feed, as the stored one outlives the process. */
final class FakeTarget implements FeedTarget {
    final Map<Network, Ban> bans = new LinkedHashMap<>();
    final Set<Network> allowlist = new HashSet<>();
    final List<String> calls = new ArrayList<>();
    Optional<String> saved = Optional.empty();
    boolean broken;
    boolean mistaken;
    private final Clock clock;

    FakeTarget(Clock clock) {
        this.clock = clock;
    }

    @Override
    public int add(Collection<Ban> added) throws IOException {
        fail();
        if (mistaken) {
            throw new IllegalStateException("a mistake");
        }
        calls.add("add " + added.size());
        int refused = 0;
        for (Ban ban : added) {
            if (allowlist.contains(ban.network())) {
                refused++;
            } else {
                bans.put(ban.network(), ban);
            }
        }
        return refused;
    }

    @Override
    public void remove(Collection<Network> networks) throws IOException {
        fail();
        calls.add("remove " + networks.size());
        networks.forEach(bans::remove);
    }

    @Override
    public Collection<Network> held() {
        bans.values().removeIf(ban -> ban.isOver(clock.instant()));
        return List.copyOf(bans.keySet());
    }

    @Override
    public Optional<String> load() throws IOException {
        fail();
        return saved;
    }

    @Override
    public void save(String text) throws IOException {
        fail();
        calls.add("save " + text.split(" ", 2)[0]);
        saved = Optional.of(text);
    }

    Ban ban(String network) {
        return Optional.ofNullable(bans.get(Network.parse(network).orElseThrow()))
                .orElseThrow();
    }

    private void fail() throws IOException {
        if (broken) {
            throw new IOException("disk full");
        }
    }
}
