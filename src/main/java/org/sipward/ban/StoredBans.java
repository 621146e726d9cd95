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
 * Calls the store for the ban list. A failing store never stops the defence. If the store fails (for example on a full
 * disk, which a flood of log lines can cause), the changes are kept and stored later, and the failure is logged once.
 *
 * <p>Not thread-safe: {@link BanList} calls it under its monitor.
 */
final class StoredBans {
    private static final Logger log = LoggerFactory.getLogger(StoredBans.class);
    /** How many bans are stored, changed or ended at a time: a transaction costs memory for each of its bans. */
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
            // Storing a ban twice does no harm.
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

    /** Keeps at most {@link Room#BANS} removals. Further bans may come back after a restart. */
    private void removeLater(List<Ban> bans) {
        for (Ban ban : bans) {
            if (unremoved.size() < Room.BANS) {
                unremoved.put(ban);
            }
        }
    }

    /** Stores the ends of networks that were allowed by command. */
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

    /** Deletes networks that were allowed by command. If that fails, their time is over all the same. */
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
     * Returns the bans that these requests lead to, given the earlier bans of their networks. Leaves out bans that are
     * over and requests that were judged before a restart. If the history cannot be read, every ban counts as the
     * first.
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

    /** Makes up for the failed changes, if the store works again. */
    void retry(Instant now) {
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
            log.error("store failed, bans stay in force and will be stored later: {}", e.getMessage());
        }
        trouble = Optional.of(String.valueOf(e.getMessage()));
    }
}
