package org.sipward.ban;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.sipward.net.Network;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store as the ban list needs it: one that never stops the defence. Where it fails (a full disk, say, which a flood
 * of log lines can bring about), what was to be stored is kept and stored later, and the failure is said once.
 *
 * <p>Not thread-safe: {@link BanList} calls it under its monitor.
 */
final class StoredBans {
    private static final Logger log = LoggerFactory.getLogger(StoredBans.class);
    /** A transaction costs memory for each of its bans: so many are stored, changed or ended at a time. */
    static final int CHUNK = 10_000;

    private final BanStore store;
    private PackedBans unstored = new PackedBans();
    private PackedBans unremoved = new PackedBans();
    private volatile Optional<String> trouble = Optional.empty();

    StoredBans(BanStore store) {
        this.store = store;
    }

    void add(List<Ban> bans) {
        bans.forEach(ban -> unremoved.remove(ban.network(), ban.origin().isFeed()));
        try {
            addChunks(bans);
        } catch (IOException | RuntimeException e) {
            // Storing one twice does no harm.
            bans.forEach(unstored::put);
            failed(e);
        }
    }

    void remove(Collection<Ban> bans, Instant end) {
        bans.forEach(unstored::remove);
        Iterator<List<Ban>> chunks = chunks(bans);
        while (chunks.hasNext()) {
            List<Ban> chunk = chunks.next();
            try {
                store.remove(chunk, end);
            } catch (IOException | RuntimeException e) {
                failed(e);
                removeLater(chunk);
            }
        }
    }

    /** Of more than a whole room, the rest may come back at a restart. */
    private void removeLater(List<Ban> bans) {
        for (Ban ban : bans) {
            if (unremoved.size() < Room.BANS) {
                unremoved.put(ban);
            }
        }
    }

    /** Stores the ends of what was allowed by command. */
    void allow(Map<Network, Instant> allowed) {
        allowed.forEach((network, until) -> {
            try {
                store.allow(network, until);
            } catch (IOException | RuntimeException e) {
                failed(e);
            }
        });
    }

    /** See {@link BanStore#bringBack}. */
    void bringBack(Instant now, Instant future) {
        try {
            store.bringBack(now, future);
        } catch (IOException | RuntimeException e) {
            failed(e);
        }
    }

    /** Forgets what was allowed by command; what cannot be forgotten now is over all the same. */
    void disallow(List<Network> networks) {
        for (Network network : networks) {
            try {
                store.disallow(network);
            } catch (IOException | RuntimeException e) {
                failed(e);
            }
        }
    }

    /**
     * Returns the bans that these requests come to by what their networks did before, without those that are over and
     * those that had been judged before a restart. Where the history cannot be read, all are first offenders.
     */
    List<Ban> measure(Map<Network, BanRequest> wanted, Instant now) {
        Map<Network, BanStore.History> history = history(wanted.keySet());
        List<Ban> bans = new ArrayList<>();
        wanted.forEach((network, request) -> {
            Optional<BanStore.History> past = Optional.ofNullable(history.get(network));
            boolean judgedBefore =
                    past.isPresent() && !request.time().isAfter(past.get().last());
            Ban ban = request.ban(past.map(BanStore.History::count).orElse(0));
            if (!judgedBefore && !ban.isOver(now)) {
                bans.add(ban);
            }
        });
        return bans;
    }

    private Map<Network, BanStore.History> history(Collection<Network> networks) {
        try {
            return store.history(networks);
        } catch (IOException | RuntimeException e) {
            failed(e);
            return Map.of();
        }
    }

    /** Does what could not be done before, if the store works again. */
    void tryAgain(Instant now) {
        if (trouble.isEmpty()) {
            return;
        }
        try {
            store.allowed();
            addChunks(unstored);
            unstored = new PackedBans();
            Iterator<List<Ban>> chunks = chunks(unremoved);
            while (chunks.hasNext()) {
                store.remove(chunks.next(), now);
            }
            unremoved = new PackedBans();
            trouble = Optional.empty();
            log.info("store works again");
        } catch (IOException | RuntimeException e) {
            failed(e);
        }
    }

    Optional<String> trouble() {
        return trouble;
    }

    private void addChunks(Collection<Ban> bans) throws IOException {
        Iterator<List<Ban>> chunks = chunks(bans);
        while (chunks.hasNext()) {
            store.add(chunks.next());
        }
    }

    private static Iterator<List<Ban>> chunks(Collection<Ban> bans) {
        Iterator<Ban> all = bans.iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return all.hasNext();
            }

            @Override
            public List<Ban> next() {
                List<Ban> chunk = new ArrayList<>(Math.min(CHUNK, bans.size()));
                do {
                    chunk.add(all.next());
                } while (all.hasNext() && chunk.size() < CHUNK);
                return chunk;
            }
        };
    }

    private void failed(Exception e) {
        if (trouble.isEmpty()) {
            log.error("store failed, bans stay in force and are stored later: {}", e.getMessage());
        }
        trouble = Optional.of(String.valueOf(e.getMessage()));
    }
}
