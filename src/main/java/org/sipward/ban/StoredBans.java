package org.sipward.ban;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
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
    /** A transaction costs memory for each of its bans; a whole list is stored in several. */
    private static final int CHUNK = 10_000;

    private final BanStore store;
    private PackedBans unstored = new PackedBans();
    private PackedBans unremoved = new PackedBans();
    private Optional<String> trouble = Optional.empty();

    StoredBans(BanStore store) {
        this.store = store;
    }

    void add(List<Ban> bans) {
        bans.forEach(ban -> unremoved.remove(ban.network(), ban.origin().isFeed()));
        try {
            addChunks(bans);
        } catch (IOException e) {
            // Storing one twice does no harm.
            bans.forEach(unstored::put);
            failed(e);
        }
    }

    void remove(Collection<Ban> bans, Instant end) {
        bans.forEach(unstored::remove);
        try {
            store.remove(bans, end);
        } catch (IOException e) {
            bans.forEach(unremoved::put);
            failed(e);
        }
    }

    /** Stores the ends of what was allowed by command. */
    void allow(Map<Network, Instant> allowed) {
        allowed.forEach((network, until) -> {
            try {
                store.allow(network, until);
            } catch (IOException e) {
                failed(e);
            }
        });
    }

    /** See {@link BanStore#bringBack}. */
    void bringBack(Instant now, Instant future) {
        try {
            store.bringBack(now, future);
        } catch (IOException e) {
            failed(e);
        }
    }

    /** Forgets what was allowed by command; what cannot be forgotten now is over all the same. */
    void disallow(List<Network> networks) {
        for (Network network : networks) {
            try {
                store.disallow(network);
            } catch (IOException e) {
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
            int count = request.isFull() ? past.map(BanStore.History::count).orElse(0) + 1 : 0;
            Instant until = request.bantime().end(request.time(), count);
            if (!judgedBefore && until.isAfter(now)) {
                bans.add(new Ban(network, request.origin(), request.time(), until, count, request.reason()));
            }
        });
        return bans;
    }

    private Map<Network, BanStore.History> history(Collection<Network> networks) {
        try {
            return store.history(networks);
        } catch (IOException e) {
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
            store.remove(unremoved, now);
            unremoved = new PackedBans();
            trouble = Optional.empty();
            log.info("store works again");
        } catch (IOException e) {
            failed(e);
        }
    }

    Optional<String> trouble() {
        return trouble;
    }

    private void addChunks(Collection<Ban> bans) throws IOException {
        List<Ban> chunk = new ArrayList<>();
        for (Ban ban : bans) {
            chunk.add(ban);
            if (chunk.size() == CHUNK) {
                store.add(List.copyOf(chunk));
                chunk.clear();
            }
        }
        if (!chunk.isEmpty()) {
            store.add(chunk);
        }
    }

    private void failed(IOException e) {
        if (trouble.isEmpty()) {
            log.error("store failed, bans stay in force and are stored later: {}", e.getMessage());
        }
        trouble = Optional.of(String.valueOf(e.getMessage()));
    }
}
